/// Bytes in rows for a terminal, in which a byte's column is known: what is no printable character takes the four columns of `\xNN`.
struct MarkedBytes {
    /// One row.
    struct Row {
        /// The offset of its first byte.
        let start: Int
        let text: String
        /// The column of each of its bytes.
        let columns: [Int]
    }

    static let bytesPerRow = 96

    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// How many rows there are; no bytes are one empty row.
    var rowCount: Int { max(1, (bytes.count + Self.bytesPerRow - 1) / Self.bytesPerRow) }

    /// The row that a byte stands in; what is beyond the end, as where something is missing, stands in the last one.
    func row(of offset: Int) -> Int { min(max(0, offset), max(0, bytes.count - 1)) / Self.bytesPerRow }

    /// A row's text and columns. Bytes that are not ASCII are written as they are numbered, so that each has a place of its own.
    func row(_ number: Int) -> Row {
        let start = number * Self.bytesPerRow
        var text = ""
        var columns: [Int] = []
        var column = 0
        for byte in bytes[min(start, bytes.count)..<min(bytes.count, start + Self.bytesPerRow)] {
            columns.append(column)
            if (0x20...0x7E).contains(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
                column += 1
            } else {
                text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
                column += 4
            }
        }
        columns.append(column)
        return Row(start: start, text: text, columns: columns)
    }

    /// Which rows are shown so that every mark is, with a row before and after each: all rows where there are few.
    func shownRows(marks: [Int], all limit: Int = 24) -> [Int] {
        if rowCount <= limit { return Array(0..<rowCount) }
        var shown: Set<Int> = [0]
        for mark in marks {
            let row = row(of: mark)
            shown.formUnion(max(0, row - 1)...min(rowCount - 1, row + 1))
        }
        return shown.sorted()
    }
}
