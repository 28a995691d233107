/// Rows in aligned columns.
struct TextTable: Sendable {
    /// Which side of its column a text stands on.
    enum Side: Sendable { case left, right }

    private let columns: [(title: String, side: Side)]
    private var rows: [[String]] = []

    init(_ columns: (String, Side)...) { self.columns = columns.map { (title: $0.0, side: $0.1) } }

    mutating func add(_ cells: String...) { rows.append(cells) }

    var isEmpty: Bool { rows.isEmpty }

    /// The lines: titles, then rows. The last column is not padded, and nothing ends in blanks.
    func lines(_ palette: Palette) -> [String] {
        let widths = columns.indices.map { column in ([columns[column].title] + rows.map { $0[column] }).map(\.count).max() ?? 0 }
        func line(_ cells: [String], _ colour: (String) -> String) -> String {
            var text = ""
            for (column, cell) in cells.enumerated() {
                let blanks = String(repeating: " ", count: widths[column] - cell.count)
                let isLast = column == cells.count - 1
                text += columns[column].side == .right ? blanks + colour(cell) : colour(cell) + (isLast ? "" : blanks)
                if !isLast { text += "  " }
            }
            return String(text.reversed().drop { $0 == " " }.reversed())
        }
        return [line(columns.map(\.title)) { palette.dim($0) }] + rows.map { line($0) { palette.label($0) } }
    }
}
