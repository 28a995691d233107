import Foundation

/// One Swift file of the package, as the rules see it.
struct SourceText {
    /// Relative to the repository: `Sources/Kafka/Consumer.swift`.
    var path: String
    var text: String

    /// The target the file belongs to.
    var target: String {
        let parts = path.split(separator: "/")
        return parts.first == "migrations" ? "Migrations" : String(parts[1])
    }
}

/// The checkout that these tests were built from.
enum Repository {
    /// Resolved, so that a package made of links to this one is judged by the files it links to.
    static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// Whether a file or a folder is there.
    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path) }

    /// Every file below a folder, as paths relative to the repository, sorted.
    static func files(under folder: String) -> [String] {
        let found = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
        return (found?.compactMap { $0 as? String } ?? []).map { "\(folder)/\($0)" }.filter {
            let attributes = try? FileManager.default.attributesOfItem(atPath: root.appendingPathComponent($0).path)
            return attributes?[.type] as? FileAttributeType == .typeRegular
        }.sorted()
    }

    /// What the program is made of: `Sources` and the Swift files of `migrations`, without the modules that only describe C libraries.
    static func sources() throws -> [SourceText] {
        try (files(under: "Sources") + files(under: "migrations")).filter { $0.hasSuffix(".swift") }.map { SourceText(path: $0, text: try text($0)) }
    }

    /// The names of the folders in `Sources`.
    static func targetFolders() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("Sources").path).sorted()
    }
}
