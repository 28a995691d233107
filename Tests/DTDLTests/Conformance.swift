import Foundation
import JSON

/// Cases of other projects, which are not part of this one: found through `HINDCAST_CONFORMANCE`.
enum Conformance {
    static let folder = ProcessInfo.processInfo.environment["HINDCAST_CONFORMANCE"]
    static var isThere: Bool { folder != nil }
    static let whyNot = "HINDCAST_CONFORMANCE does not name the folder of conformance cases"

    /// The lines of a file in the folder, each read as JSON; `.gz` is undone. The writer of the files put the words of Python where the number it
    /// had read back was not finite; such a number is not looked at, so it becomes null.
    static func cases(_ name: String) throws -> [JSONTree] {
        try String(decoding: bytes(name), as: UTF8.self).split(separator: "\n").map { line in
            let text = line.replacingOccurrences(of: ": -Infinity", with: ": null").replacingOccurrences(of: ": Infinity", with: ": null")
            return try JSONTree.parse(Array(text.utf8))
        }
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        guard let folder else { return [] }
        let url = URL(filePath: folder).appending(path: name)
        guard name.hasSuffix(".gz") else { return Array(try Data(contentsOf: url)) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", url.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Array(data)
    }
}
