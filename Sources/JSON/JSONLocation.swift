/// A place in a text as editors count it.
public struct JSONLocation: Hashable, Sendable {
    /// The line, from 1. A line ends with LF, CR LF or CR.
    public let line: Int
    /// The column, from 1, in Unicode scalars. Bytes that are no UTF-8 count as one column for each byte that is no continuation byte.
    public let column: Int

    /// The place of a byte.
    /// - Parameters:
    ///   - offset: a byte offset; one beyond the end means the end.
    ///   - bytes: the whole text.
    public init(ofByte offset: Int, in bytes: RawSpan) {
        let text = JSONBytes(bytes)
        let end = min(max(offset, 0), text.count)
        var line = 1
        var lineStart = 0
        for position in 0..<end where text.endsLine(at: position) {
            line += 1
            lineStart = position + 1
        }
        var column = 1
        for position in lineStart..<end where text[position] & 0xC0 != 0x80 { column += 1 }
        self.line = line
        self.column = column
    }
}

extension JSONLocation: CustomStringConvertible {
    /// `line 3, column 14`.
    public var description: String { "line \(line), column \(column)" }
}

extension JSONBytes {
    /// Whether a line ends with this byte: LF, or a CR that no LF follows.
    func endsLine(at position: Int) -> Bool {
        let byte = self[position]
        return byte == UInt8(ascii: "\n") || (byte == UInt8(ascii: "\r") && (position + 1 == count || self[position + 1] != UInt8(ascii: "\n")))
    }
}
