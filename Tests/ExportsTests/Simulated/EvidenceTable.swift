import ExportSimulation
import Foundation

/// The tables in `docs/exports.md` that say what each kind of evidence can see.
struct EvidenceTable {
    private let cells: [String: [String: String]]

    /// Reads what stands between two marks.
    init(_ mark: String) throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/exports.md").standardized.path
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let parts = text.components(separatedBy: "<!-- \(mark):begin -->")
        let lines = parts.count > 1 ? parts[1].components(separatedBy: "<!-- \(mark):end -->")[0].split(separator: "\n").map(String.init) : []
        let rows = lines.map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
        let columns = rows.first ?? []
        var cells: [String: [String: String]] = [:]
        for row in rows.dropFirst(2) where row.count == columns.count {
            cells[row[0]] = Dictionary(uniqueKeysWithValues: zip(columns.dropFirst(), row.dropFirst()))
        }
        self.cells = cells
    }

    /// What the table says of an incident under some evidence; nil where it says nothing.
    subscript(kind: Incident.Kind, column: String) -> String? { cells[kind.rawValue]?[column] }

    /// The rows' names.
    var rows: Set<String> { Set(cells.keys) }
}
