import JSON

/// What an operator hands in: exports and destinations as IoT Central's REST API answers them. Holds no secret.
package struct ExportFile: Sendable {
    /// The exports, each with its JSON: masked, canonical.
    package var exports: [(ExportDefinition, body: String)] = []
    /// The destinations, likewise.
    package var destinations: [(ExportDestination, body: String)] = []

    /// Largest file that is read, in bytes: ten exports and ten destinations take some kilobytes.
    package static let sizeLimit = 16 << 20

    /// A file without anything in it.
    package init() {}

    /// Reads a file's bytes: one export or destination, an array of them, a page of the API (`{"value": […]}`), or
    /// `{"exports": …, "destinations": …}` with either of the last two in each.
    ///
    /// - Parameter name: the file's, for messages.
    package static func read(_ bytes: [UInt8], name: String) throws(ExportFileError) -> ExportFile {
        let tree: JSONTree
        do throws(JSONSyntaxError) {
            let limits = JSONLimits(maximumDepth: 128, maximumBytes: sizeLimit, skipsByteOrderMark: true)
            tree = try JSONTree.parse(bytes, limits: limits)
        } catch {
            throw ExportFileError(.notJSON, at: "", error.description(in: bytes.rawBytes), place: name)
        }
        var file = ExportFile()
        if tree.kind == .object, tree["id"] == nil, let exports = tree["exports"] {
            for entry in try entries(of: exports, at: "/exports", name) { try file.takeExport(entry, name) }
            if let destinations = tree["destinations"] {
                for entry in try entries(of: destinations, at: "/destinations", name) { try file.takeDestination(entry, name) }
            }
        } else if tree.kind == .object, tree["id"] == nil, let destinations = tree["destinations"], tree["value"] == nil, tree["source"] == nil {
            for entry in try entries(of: destinations, at: "/destinations", name) { try file.takeDestination(entry, name) }
        } else if tree.kind == .object, tree["value"] == nil {
            try file.take(tree, name)
        } else {
            for entry in try entries(of: tree, at: "", name) { try file.take(entry, name) }
        }
        guard !file.exports.isEmpty || !file.destinations.isEmpty else {
            throw ExportFileError(.wrongShape, at: "", "there is no export and no destination in it", place: name)
        }
        return file
    }

    /// A list as the API answers it, or a bare array.
    private static func entries(of tree: JSONTree, at pointer: String, _ name: String) throws(ExportFileError) -> [JSONTree] {
        let list = tree.kind == .object ? tree["value"] ?? tree : tree
        guard list.kind == .array else {
            let message = "expected an array of objects, or an object with such an array as value; found \(list.kind.description)"
            throw ExportFileError(.wrongShape, at: pointer, message, place: "\(name), line \(tree.line)")
        }
        return list.elements
    }

    /// An object says by its members which of both it is: only an export has a source, only a destination a type.
    private mutating func take(_ tree: JSONTree, _ name: String) throws(ExportFileError) {
        let isExport = tree["source"] != nil
        if isExport == (tree["type"] != nil) {
            let message =
                isExport
                ? "it has both a source, as exports have, and a type, as destinations have"
                : "expected an export, which has a source, or a destination, which has a type; found \(tree.kind == .object ? "neither" : tree.kind.description)"
            throw ExportFileError(.wrongShape, at: "", message, place: "\(name), line \(tree.line)")
        }
        if isExport { try takeExport(tree, name) } else { try takeDestination(tree, name) }
    }

    private mutating func takeExport(_ tree: JSONTree, _ name: String) throws(ExportFileError) {
        let definition = try Self.placed(tree, name) { tree throws(ExportFileError) in try ExportDefinition.read(tree) }
        if exports.contains(where: { $0.0.exportID == definition.exportID }) { throw Self.repetition("export", definition.exportID, tree, name) }
        exports.append((definition, body: Self.body(tree)))
    }

    private mutating func takeDestination(_ tree: JSONTree, _ name: String) throws(ExportFileError) {
        let destination = try Self.placed(tree, name) { tree throws(ExportFileError) in try ExportDestination.read(tree) }
        if destinations.contains(where: { $0.0.destinationID == destination.destinationID }) {
            throw Self.repetition("destination", destination.destinationID, tree, name)
        }
        destinations.append((destination, body: Self.body(tree)))
    }

    private static func body(_ tree: JSONTree) -> String { String(decoding: ExportMask.masked(tree).canonicalBytes(), as: UTF8.self) }

    private static func placed<Value>(
        _ tree: JSONTree, _ name: String, _ read: (JSONTree) throws(ExportFileError) -> Value
    ) throws(ExportFileError) -> Value {
        do throws(ExportFileError) {
            return try read(tree)
        } catch {
            var error = error
            error.place = "\(name), line \(tree.line)"
            throw error
        }
    }

    private static func repetition(_ noun: String, _ id: String, _ tree: JSONTree, _ name: String) -> ExportFileError {
        ExportFileError(.repeatedID, at: "/id", "there are two of the \(noun) \(id); leave one", place: "\(name), line \(tree.line)")
    }
}
