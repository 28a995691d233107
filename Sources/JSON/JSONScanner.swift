/// One pass over a document: the grammar of RFC 8259 as a loop over values, without recursion. It fills the tape and stops at the first byte
/// that cannot be.
///
/// The scanner only knows where it stopped and what it expected. Why that is wrong is worked out by `JSONFault`, off the hot path.
struct JSONScanner: ~Escapable {
    let bytes: JSONBytes
    /// The next byte to look at; after a fault, where it is.
    var position: Int
    /// How many tape entries are in use.
    var used = 0
    /// What `position` does not satisfy.
    var expectation = JSONExpectation.document

    /// How a pass ended.
    enum Outcome {
        /// A document was read.
        case complete
        /// The tape is too short: start again with a longer one.
        case full
        /// See `position` and `expectation`.
        case fault
    }

    @_lifetime(copy bytes)
    init(_ bytes: JSONBytes, from position: Int) {
        self.bytes = bytes
        self.position = position
    }

    /// Reads one document into `tape`.
    mutating func scan(into tape: inout MutableSpan<JSONTapeEntry>, maximumDepth: Int) -> Outcome {
        let room = tape.count - 2  // one turn of the loop writes two entries at most: a key and its value
        var container = -1
        var isObject = false
        var children: UInt32 = 0
        var depth = 0

        skipWhitespace()
        while true {
            guard used <= room else { return .full }
            guard position < bytes.count else { return .fault }
            let start = position
            switch bytes[start] {
            case UInt8(ascii: "\""):
                guard let hasEscapes = string() else { return .fault }
                append(.string, from: start, flagged: hasEscapes, to: &tape)
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard let isInteger = number() else { return .fault }
                append(.number, from: start, flagged: !isInteger, to: &tape)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard depth < maximumDepth else { return fail(.depth) }
                depth += 1
                if container >= 0 { tape[container].info |= children << 4 }
                isObject = bytes[start] == UInt8(ascii: "{")
                tape[used] = JSONTapeEntry(kind: isObject ? .object : .array, start: start, end: 0, next: container)
                container = used
                children = 0
                used += 1
                position += 1
                skipWhitespace()
                if position < bytes.count, bytes[position] == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { break }
                children = 1
                if isObject {
                    expectation = .firstKey
                    guard key(into: &tape) else { return .fault }
                } else {
                    expectation = .firstElement
                }
                continue
            case UInt8(ascii: "t"):
                guard word(0x6575_7274, length: 4) else { return .fault }
                append(.trueValue, from: start, to: &tape)
            case UInt8(ascii: "n"):
                guard word(0x6C6C_756E, length: 4) else { return .fault }
                append(.null, from: start, to: &tape)
            case UInt8(ascii: "f"):
                guard word(0x65_736C_6166, length: 5) else { return .fault }
                append(.falseValue, from: start, to: &tape)
            default:
                return .fault
            }

            // A value has ended, or an empty container is about to. Close what ends here; go on behind a comma.
            while true {
                guard container >= 0 else { return finish() }
                skipWhitespace()
                guard position < bytes.count else { return fail(isObject ? .objectComma : .arrayComma) }
                let byte = bytes[position]
                if byte == UInt8(ascii: ",") {
                    position += 1
                    children += 1
                    skipWhitespace()
                    if isObject {
                        expectation = .key
                        guard used <= room else { return .full }
                        guard key(into: &tape) else { return .fault }
                    } else {
                        expectation = .element
                    }
                    break
                }
                guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return fail(isObject ? .objectComma : .arrayComma) }
                position += 1
                let parent = Int(tape[container].next)
                tape[container].info |= children << 4
                tape[container].end = UInt32(truncatingIfNeeded: position)
                tape[container].next = Int32(truncatingIfNeeded: used)
                depth -= 1
                container = parent
                if parent >= 0 {
                    let info = tape[parent].info
                    isObject = info & 7 == UInt32(JSONKind.object.rawValue)
                    children = info >> 4
                    tape[parent].info = info & 0xF
                }
            }
        }
    }

    // MARK: - Steps

    @inline(__always)
    private mutating func append(_ kind: JSONKind, from start: Int, flagged: Bool = false, to tape: inout MutableSpan<JSONTapeEntry>) {
        tape[used] = JSONTapeEntry(kind: kind, start: start, end: position, next: used + 1, flagged: flagged)
        used += 1
    }

    /// Reads a key and its colon, up to the first byte of the value. `expectation` says which key it is.
    @inline(__always)
    private mutating func key(into tape: inout MutableSpan<JSONTapeEntry>) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return false }
        let start = position
        guard let hasEscapes = string() else { return false }
        append(.string, from: start, flagged: hasEscapes, to: &tape)
        skipWhitespace()
        expectation = .colon
        guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else { return false }
        position += 1
        skipWhitespace()
        expectation = .memberValue
        return true
    }

    /// White space after the root, then nothing.
    private mutating func finish() -> Outcome {
        skipWhitespace()
        return position == bytes.count ? .complete : fail(.end)
    }

    @inline(__always)
    mutating func fail(_ expectation: JSONExpectation) -> Outcome {
        self.expectation = expectation
        return .fault
    }

    /// Skips space, tab, LF and CR (RFC 8259 §2); compact documents leave after one comparison.
    @inline(__always)
    private mutating func skipWhitespace() {
        while position < bytes.count {
            let byte = bytes[position]
            guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    /// Reads `letters`, lowest byte first, of which the first is known to be there.
    @inline(__always)
    private mutating func word(_ letters: UInt64, length: Int) -> Bool {
        if position + 8 <= bytes.count, bytes.eight(at: position) & (UInt64.max >> UInt64(64 - 8 * length)) == letters {
            position += length
            return true
        }
        expectation = .letter
        for index in 0..<length {
            guard position < bytes.count, bytes[position] == UInt8(truncatingIfNeeded: letters >> UInt64(8 * index)) else { return false }
            position += 1
        }
        return true
    }
}
