import DTDL
import JSON

/// Finds models in files: by the layout of a model repository, `dtmi/com/example/thermostat-1.json`, else by the `@id` of what is in the files.
///
/// A file that cannot be read or is no JSON holds nothing; whoever needs what should be in it hears that it is missing.
package final class FolderResolver: ModelResolver {
    private let places: [String]
    private let paths: [String]
    /// The file that holds each identifier. Made when a repository's layout did not answer: it takes reading every file.
    private lazy var index = Self.makeIndex(of: paths)
    /// The files that were handed out, in their order: a parser numbers documents the same way.
    package private(set) var answered: [String] = []

    /// A resolver that looks into files and, whatever their depth, the `.json` files of folders. What comes first wins.
    ///
    /// - Throws: ``ModelFileError`` where a place is not there.
    package init(_ places: [String]) throws(ModelFileError) {
        var paths: [String] = []
        for place in places { paths += try ModelFile.paths(at: place) }
        self.places = places
        self.paths = paths
    }

    /// The files that hold these models, each once; nil where none is known.
    package func documents(for identifiers: [String]) -> [[UInt8]]? {
        var files: [ModelFile] = []
        for identifier in identifiers {
            guard let file = file(for: identifier), !files.contains(where: { $0.path == file.path }) else { continue }
            files.append(file)
        }
        answered += files.map(\.path)
        return files.isEmpty ? nil : files.map(\.bytes)
    }

    // MARK: -

    private func file(for identifier: String) -> ModelFile? {
        if let path = DTMI(identifier)?.repositoryPath {
            for place in places {
                // Paths are in lower case, identifiers are not: the file may hold another one.
                guard let file = try? ModelFile.read(place + "/" + path), Self.identifiers(in: file).contains(identifier) else { continue }
                return file
            }
        }
        return index[identifier].flatMap { try? ModelFile.read($0) }
    }

    private static func makeIndex(of paths: [String]) -> [String: String] {
        var index: [String: String] = [:]
        for path in paths {
            guard let file = try? ModelFile.read(path) else { continue }
            for identifier in identifiers(in: file) where index[identifier] == nil { index[identifier] = path }
        }
        return index
    }

    /// What a file can be asked for: the identifiers of the Interfaces at its top, or of a device template's own.
    private static func identifiers(in file: ModelFile) -> [String] {
        guard let text = try? SourceText.utf8(file.bytes), let tree = try? JSONTree.parse(text) else { return [] }
        return (tree.kind == .array ? tree.elements : [tree]).compactMap { ($0["capabilityModel"] ?? $0)["@id"]?.stringValue }
    }
}
