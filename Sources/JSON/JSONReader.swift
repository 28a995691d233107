/// Reads documents one after the other into a tape that it keeps: no allocation for a document that is no larger than an earlier one.
///
/// Time and memory are linear in the size of the document, whatever is in it: 16 bytes for each value and key, no recursion, and a level of
/// nesting costs nothing beside its entry.
///
///     var reader = JSONReader()
///     try reader.read(bytes)
///     let document = reader.document(over: bytes)
public struct JSONReader: Sendable {
    /// What is accepted.
    public let limits: JSONLimits

    private var tape: [JSONTapeEntry] = []
    private var used = 0
    private var byteCount = 0

    /// Makes a reader with an empty tape.
    public init(limits: JSONLimits = JSONLimits()) { self.limits = limits }

    /// Reads one document: one JSON text (RFC 8259 §2) with nothing but white space around it.
    /// - Throws: why and where it is none. The reader can be used again; `document(over:)` cannot, until another document was read.
    public mutating func read(_ bytes: RawSpan) throws(JSONSyntaxError) {
        used = 0
        byteCount = bytes.byteCount
        let text = JSONBytes(bytes)
        guard text.count <= min(limits.maximumBytes, JSONLimits.maximumSupportedBytes) else {
            throw JSONFault(in: text, at: max(limits.maximumBytes, 0), expecting: .size, limits: limits).error
        }
        let start = limits.skipsByteOrderMark && text.startsWithUTF8ByteOrderMark ? 3 : 0
        let maximumDepth = limits.maximumDepth
        if tape.isEmpty { lengthenTape(for: text.count) }
        while true {
            var scanner = JSONScanner(text, from: start)
            var entries = tape.mutableSpan
            switch scanner.scan(into: &entries, maximumDepth: maximumDepth) {
            case .complete:
                used = scanner.used
                return
            case .fault:
                throw JSONFault(in: text, at: scanner.position, expecting: scanner.expectation, limits: limits).error
            case .full:
                // Starting again costs less than a check and a move for each entry: a reader does it a few times in its life, and since the
                // tape doubles, all passes together are at most twice the last.
                lengthenTape(for: text.count)
            }
        }
    }

    /// The document that was read last.
    /// - Parameter bytes: the bytes that were read.
    @_lifetime(borrow self, copy bytes)
    public func document(over bytes: RawSpan) -> JSONDocument {
        precondition(used > 0, "A document is asked of a reader that has read none")
        precondition(bytes.byteCount == byteCount, "A document is asked over other bytes than were read")
        return JSONDocument(tape: tape.span.extracting(0..<used), bytes: bytes)
    }

    /// Doubles the tape, within what `byteCount` bytes can need: one entry a byte, and one to spare.
    private mutating func lengthenTape(for byteCount: Int) {
        let length = max(64, min(max(tape.count * 2, byteCount / 8), byteCount + 2))
        let blank = JSONTapeEntry(kind: .null, start: 0, end: 0, next: 0)
        tape.append(contentsOf: repeatElement(blank, count: length - tape.count))
    }
}

extension JSONBytes {
    /// Whether the bytes start with U+FEFF in UTF-8.
    var startsWithUTF8ByteOrderMark: Bool { count >= 3 && self[0] == 0xEF && self[1] == 0xBB && self[2] == 0xBF }
}
