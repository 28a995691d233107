import Foundation
import JSON

/// The suite's files and what the program says of its cases.
enum PeerSuite {
    static let folder = ProcessInfo.processInfo.environment["HINDCAST_CONFORMANCE"]
    static let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/compared-with-az-iot-verdicts.md")
        .standardized

    /// The lines of a compressed file.
    static func lines(_ name: String) throws -> [JSONTree] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", "--", "\(folder ?? "")/\(name)"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return try data.split(separator: 0x0A).map { try JSONTree.parse(Array($0)) }
    }

    /// The templates by their names, as text.
    static func templates() throws -> [String: String] {
        let tree = try JSONTree.parse(Array(try Data(contentsOf: URL(filePath: "\(folder ?? "")/az-iot-templates.json"))))
        return Dictionary(
            uniqueKeysWithValues: tree.members.map { member in
                var writer = JSONWriter()
                writer.tree(member.value)
                return (member.key, String(decoding: writer.bytes, as: UTF8.self))
            })
    }

    /// What the program says of each case, by one template, which devices get whose messages name none.
    static func judge(_ cases: [PeerCase], by template: String?) async throws -> [[(rule: String, actual: String)]] {
        let templateFile = try TemporaryFile(template ?? "{}")
        let capture = try TemporaryFile(cases.map { ($0.line ?? "") + "\n" }.joined())
        let outcome = try await Program.run(["validate", "--template", templateFile.path, "--capture", capture.path, "--format", "json"])
        var said = [[(rule: String, actual: String)]](repeating: [], count: cases.count)
        guard outcome.status < 2 else { return said.map { _ in [("template-refused", outcome.errors)] } }
        for line in outcome.lines {
            let finding = try JSONTree.parse(Array(line.utf8))
            let index = Int(finding["line"]?.integerValue ?? 0) - 1
            said[index].append((finding["rule"]?.stringValue ?? "", finding["actual"]?.stringValue ?? ""))
        }
        return said
    }
}
