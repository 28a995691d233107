import Foundation
import JSON

/// A dashboard as it is checked in: what is asked of the database, and where.
struct Dashboard {
    /// A query of a panel.
    struct Panel {
        let id: Int64
        let title: String
        let type: String
        let query: String
        let isTimeSeries: Bool
        /// The columns that its looks name.
        let namedColumns: [String]
        let source: String
    }

    /// A variable whose values are asked of the database.
    struct Variable {
        let name: String
        let query: String
        let isMulti: Bool
        let source: String
    }

    let file: String
    let tree: JSONTree

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/dashboards").standardized.path

    /// Every dashboard, by file name.
    static func all() throws -> [Dashboard] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }.sorted().map { file in
            let data = try Data(contentsOf: URL(filePath: "\(folder)/\(file)"))
            return Dashboard(file: file, tree: try JSONTree.parse(Array(data)))
        }
    }

    var uid: String { tree["uid"]?.stringValue ?? "" }

    var panels: [Panel] {
        (tree["panels"]?.elements ?? []).flatMap { panel in
            (panel["targets"]?.elements ?? []).map { target in
                Panel(
                    id: panel["id"]?.integerValue ?? 0, title: panel["title"]?.stringValue ?? "", type: panel["type"]?.stringValue ?? "",
                    query: target["rawSql"]?.stringValue ?? "", isTimeSeries: target["format"]?.stringValue == "time_series",
                    namedColumns: (panel["fieldConfig"]?["overrides"]?.elements ?? []).compactMap { $0["matcher"]?["options"]?.stringValue },
                    source: target["datasource"]?["uid"]?.stringValue ?? "")
            }
        }
    }

    var variables: [Variable] {
        (tree["templating"]?["list"]?.elements ?? []).filter { $0["type"]?.stringValue == "query" }.map { variable in
            Variable(
                name: variable["name"]?.stringValue ?? "", query: variable["query"]?.stringValue ?? "",
                isMulti: variable["multi"]?.boolValue ?? false, source: variable["datasource"]?["uid"]?.stringValue ?? "")
        }
    }

    /// Every text in it, for what links and queries name.
    var texts: [String] { Self.texts(in: tree) }

    private static func texts(in tree: JSONTree) -> [String] {
        (tree.stringValue.map { [$0] } ?? []) + tree.members.flatMap { texts(in: $0.value) } + tree.elements.flatMap { texts(in: $0) }
    }
}
