/// Works out why a byte cannot stand where the scanner stopped. Only ever run once for a document that is none, so it may look around.
struct JSONFault: ~Escapable {
    private let bytes: JSONBytes
    private let offset: Int
    private let expectation: JSONExpectation
    private let limits: JSONLimits

    @_lifetime(copy bytes)
    init(in bytes: JSONBytes, at offset: Int, expecting expectation: JSONExpectation, limits: JSONLimits) {
        self.bytes = bytes
        self.offset = offset
        self.expectation = expectation
        self.limits = limits
    }

    var error: JSONSyntaxError {
        let reason = reason
        return JSONSyntaxError(reason: reason, offset: offset, expected: expected(for: reason), actual: actual(for: reason))
    }

    // MARK: - Why

    private var reason: JSONFaultReason {
        switch expectation {
        case .size: return .tooLarge
        case .depth: return .tooDeep
        default: break
        }
        guard offset < bytes.count else { return expectation == .document ? .empty : .truncated }
        switch expectation {
        case .character: return .controlCharacter
        case .utf8: return .notUTF8
        case .escape, .hexadecimalDigit: return .badEscape
        case .surrogatePair: return .loneSurrogate
        case .integerDigit: return notANumber == nil ? .badNumber : .notANumber
        case .fractionDigit, .exponentDigit: return .badNumber
        case .letter: return offset > 0 && notANumber(from: offset - 1) != nil ? .notANumber : .unknownWord
        default: return structuralReason
        }
    }

    /// The reason at a byte between tokens.
    private var structuralReason: JSONFaultReason {
        if expectation == .document, bytes.startsWithByteOrderMark, offset == 0 { return .byteOrderMark }
        let byte = bytes[offset]
        if byte >= 0x80 {
            guard case .wellFormed = JSONUTF8.sequence(at: offset, in: bytes) else { return .notUTF8 }
            return .unexpectedCharacter
        }
        if startsComment { return .comment }
        switch expectation {
        case .firstKey, .key: return reasonForNoKey(byte)
        case .colon: return .missingColon
        case .arrayComma, .objectComma, .end: return reasonAfterValue(byte)
        default: return reasonForNoValue(byte)
        }
    }

    private func reasonForNoValue(_ byte: UInt8) -> JSONFaultReason {
        if notANumber != nil { return .notANumber }
        switch byte {
        case UInt8(ascii: "'"): return .singleQuotes
        case UInt8(ascii: "+"), UInt8(ascii: "."): return .badNumber
        case UInt8(ascii: ","): return expectation == .document ? .unexpectedCharacter : .missingValue
        case UInt8(ascii: "]"):
            switch expectation {
            case .element: return .trailingComma
            case .memberValue: return .mismatchedBracket
            default: return .unexpectedCharacter
            }
        case UInt8(ascii: "}"):
            switch expectation {
            case .memberValue: return .missingValue
            case .element, .firstElement: return .mismatchedBracket
            default: return .unexpectedCharacter
            }
        default: return byte.startsWord ? .unknownWord : .unexpectedCharacter
        }
    }

    private func reasonForNoKey(_ byte: UInt8) -> JSONFaultReason {
        switch byte {
        case UInt8(ascii: "'"): return .singleQuotes
        case UInt8(ascii: "}"): return .trailingComma
        case UInt8(ascii: "]"): return .mismatchedBracket
        case UInt8(ascii: ","): return .missingValue
        case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): return .unquotedKey
        default: return byte.continuesWord ? .unquotedKey : .unexpectedCharacter
        }
    }

    private func reasonAfterValue(_ byte: UInt8) -> JSONFaultReason {
        // Directly behind a number or a word, the byte belongs to it in the mind of whoever wrote it.
        let previous = bytes[offset - 1]
        if previous.isDigit {
            if byte.isDigit { return .leadingZero }
            if byte.continuesWord || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { return .badNumber }
        } else if previous.continuesWord, byte.continuesWord {
            return .unknownWord
        }
        switch byte {
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            return expectation == .end ? .unexpectedCharacter : .mismatchedBracket
        case UInt8(ascii: "\""), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return expectation == .end ? .twoDocuments : .missingComma
        case UInt8(ascii: "'"):
            return expectation == .end ? .unexpectedCharacter : .missingComma
        default:
            guard byte.startsWord else { return .unexpectedCharacter }
            guard expectation == .end else { return .missingComma }
            return ["null", "true", "false"].contains { bytes.hasWord($0, at: offset) } ? .twoDocuments : .unexpectedCharacter
        }
    }

    // MARK: - What is there

    private var startsComment: Bool {
        if bytes[offset] == UInt8(ascii: "#") { return true }
        guard bytes[offset] == UInt8(ascii: "/"), offset + 1 < bytes.count else { return false }
        return bytes[offset + 1] == UInt8(ascii: "/") || bytes[offset + 1] == UInt8(ascii: "*")
    }

    private var notANumber: String? { notANumber(from: offset) }

    /// NaN or an infinity in a spelling that some language prints.
    private func notANumber(from start: Int) -> String? {
        let sign = bytes[start] == UInt8(ascii: "+") ? 1 : 0
        for word in ["NaN", "nan", "NAN", "Infinity", "infinity", "INFINITY", "Inf", "inf", "INF"] where bytes.hasWord(word, at: start + sign) {
            return sign == 1 ? "+" + word : word
        }
        return nil
    }

    // MARK: - In words

    private func expected(for reason: JSONFaultReason) -> String {
        switch reason {
        case .byteOrderMark: return "UTF-8 without a byte order mark"
        case .leadingZero: return "no digit after a leading zero"
        case .badNumber where expectation == .end || expectation == .arrayComma || expectation == .objectComma: return "the end of the number"
        default: break
        }
        switch expectation {
        case .document, .element, .memberValue: return "a value"
        case .end: return "the end of the input"
        case .firstElement: return "a value or ']'"
        case .firstKey: return "a quoted key or '}'"
        case .key: return "a quoted key"
        case .colon: return "':'"
        case .arrayComma: return "',' or ']'"
        case .objectComma: return "',' or '}'"
        case .character: return "a character, an escape or the closing quotation mark"
        case .utf8: return "well-formed UTF-8"
        case .escape: return "one of \" \\ / b f n r t u after the backslash"
        case .hexadecimalDigit: return "four hexadecimal digits after \\u"
        case .surrogatePair: return "both halves of a surrogate pair"
        case .integerDigit: return "a digit after the minus sign"
        case .fractionDigit: return "a digit after the decimal point"
        case .exponentDigit: return "a digit in the exponent"
        case .letter: return "null, true or false"
        case .depth: return "at most \(max(limits.maximumDepth, 0)) levels of nesting"
        case .size: return "at most \(min(max(limits.maximumBytes, 0), JSONLimits.maximumSupportedBytes)) bytes"
        }
    }

    private func actual(for reason: JSONFaultReason) -> String {
        switch reason {
        case .tooLarge: return "\(bytes.count) bytes"
        case .byteOrderMark: return "a byte order mark"
        case .loneSurrogate: return bytes.ascii(from: offset, count: 6)
        case .notANumber: return notANumber ?? notANumber(from: offset - 1) ?? "not a number"
        case .comment: return bytes[offset] == UInt8(ascii: "#") ? "'#'" : "'\(bytes.ascii(from: offset, count: 2))'"
        default: return bytes.character(at: offset)
        }
    }
}
