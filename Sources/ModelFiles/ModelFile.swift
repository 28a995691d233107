import Foundation

/// One file of JSON documents.
package struct ModelFile: Sendable, Equatable {
    /// Where it is, as it was named, or below the folder that was.
    package let path: String
    /// What is in it.
    package let bytes: [UInt8]

    /// Reads one file.
    ///
    /// - Throws: ``ModelFileError`` with the system's reason.
    package static func read(_ path: String) throws(ModelFileError) -> ModelFile {
        do {
            return ModelFile(path: path, bytes: Array(try Data(contentsOf: URL(filePath: path))))
        } catch {
            throw ModelFileError(path: path, reason: reason(of: error))
        }
    }

    /// The files at a place: the file that it is, or all files below the folder whose names end in `.json`, in the order of their paths.
    ///
    /// - Throws: ``ModelFileError`` where there is nothing.
    package static func paths(at place: String) throws(ModelFileError) -> [String] {
        switch type(of: place) {
        case nil: throw ModelFileError(path: place, reason: "there is no such file or folder")
        case .typeDirectory: break
        default: return [place]
        }
        guard let found = FileManager.default.enumerator(atPath: resolved(place)) else {
            throw ModelFileError(path: place, reason: "the folder cannot be listed")
        }
        let folder = place.hasSuffix("/") ? place : place + "/"
        return found.compactMap { $0 as? String }.filter { $0.hasSuffix(".json") }.map { folder + $0 }
            .filter { type(of: $0) != .typeDirectory }.sorted()
    }

    private static func type(of path: String) -> FileAttributeType? {
        (try? FileManager.default.attributesOfItem(atPath: resolved(path)))?[.type] as? FileAttributeType
    }

    /// What a path is a link to: a link itself has nothing below it.
    private static func resolved(_ path: String) -> String { URL(filePath: path).resolvingSymlinksInPath().path }

    /// The innermost words for it: Foundation wraps the system's.
    private static func reason(of error: any Error) -> String {
        let error = error as NSError
        if let system = error.userInfo[NSUnderlyingErrorKey] as? any Error { return reason(of: system) }
        return error.localizedFailureReason ?? error.localizedDescription
    }
}
