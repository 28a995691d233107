/// Reads comma-separated values (RFC 4180): fields in quotation marks may hold commas, line ends and doubled quotation marks.
enum CSVRows {
    /// One row and the number of the line that it begins on, from 1.
    struct Row: Equatable {
        let line: Int
        let fields: [String]
    }

    /// Every row that is not empty, and the line of a quotation mark that is never closed. A byte order mark is left out; a line may end with LF or CR LF.
    static func read(_ bytes: [UInt8]) -> (rows: [Row], openLine: Int?) {
        var rows: [Row] = []
        var fields: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var (line, firstLine, openLine) = (1, 1, 1)
        var rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]

        func endField() {
            fields.append(String(decoding: field, as: UTF8.self))
            field = []
        }
        func endRow() {
            endField()
            if fields != [""] { rows.append(Row(line: firstLine, fields: fields)) }
            fields = []
        }
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\n") { line += 1 }
            if isQuoted {
                if byte != UInt8(ascii: "\"") {
                    field.append(byte)
                } else if rest.first == byte {
                    field.append(rest.removeFirst())
                } else {
                    isQuoted = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\"") where field.isEmpty: (isQuoted, openLine) = (true, line)
            case UInt8(ascii: ","): endField()
            case UInt8(ascii: "\r") where rest.first == UInt8(ascii: "\n"): break
            case UInt8(ascii: "\n"):
                endRow()
                firstLine = line
            default: field.append(byte)
            }
        }
        if !field.isEmpty || !fields.isEmpty { endRow() }
        return (rows, isQuoted ? openLine : nil)
    }
}
