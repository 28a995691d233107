import JSON

/// Cuts a filter into words, signs and constants.
struct ExportFilterTokens {
    enum Token: Equatable {
        /// A word, or names joined by points: `WHERE`, `$id`, `motor.speed`.
        case word(String)
        /// A text in quotation marks, single or double.
        case text(String)
        case number(Double)
        /// `=`, `!=`, `<`, `<=`, `>`, `>=`, `(`, `)`, `,`, `*`.
        case sign(String)
        case end
    }

    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    /// Takes the next token.
    mutating func next() throws(ExportFilterError) -> Token {
        skipSpace()
        guard position < bytes.count else { return .end }
        let byte = bytes[position]
        switch byte {
        case 0x22, 0x27: return .text(try text(quote: byte))
        case 0x30...0x39, 0x2D, 0x2B, 0x2E: return .number(try number())
        case 0x28, 0x29, 0x2C, 0x2A: return sign(1)
        case 0x3D: return sign(peek(1) == 0x3D ? 2 : 1)
        case 0x3C: return sign(peek(1) == 0x3D || peek(1) == 0x3E ? 2 : 1)
        case 0x3E: return sign(peek(1) == 0x3D ? 2 : 1)
        case 0x21 where peek(1) == 0x3D: return sign(2)
        default: return .word(try word())
        }
    }

    /// Takes a name of what is selected from: everything up to a space or a comma, for a template's id has colons and a semicolon.
    mutating func source() throws(ExportFilterError) -> String {
        skipSpace()
        let start = position
        while position < bytes.count, !isSpace(bytes[position]), bytes[position] != 0x2C { position += 1 }
        guard position > start else { throw refusal(at: start, "devices, or a template's id") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// What is wrong at a place.
    func refusal(at offset: Int, _ expected: String) -> ExportFilterError {
        let rest = bytes[min(offset, bytes.count)...].prefix(24)
        let actual = rest.isEmpty ? "the end" : String(decoding: rest, as: UTF8.self)
        return ExportFilterError(offset: offset, expected: expected, actual: actual)
    }

    /// The place of the next token.
    mutating func place() -> Int {
        skipSpace()
        return position
    }

    // MARK: -

    private func peek(_ distance: Int) -> UInt8? { position + distance < bytes.count ? bytes[position + distance] : nil }

    private mutating func skipSpace() {
        while position < bytes.count, isSpace(bytes[position]) { position += 1 }
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private mutating func sign(_ count: Int) -> Token {
        defer { position += count }
        switch String(decoding: bytes[position..<position + count], as: UTF8.self) {
        case "==": return .sign("=")
        case "<>": return .sign("!=")
        case let text: return .sign(text)
        }
    }

    /// A text ends at its own quotation mark; two of them, or one behind a backslash, stand for one.
    private mutating func text(quote: UInt8) throws(ExportFilterError) -> String {
        let start = position
        var content: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            if byte == 0x5C, let following = peek(1), following == quote || following == 0x5C {
                content.append(following)
                position += 2
            } else if byte == quote, peek(1) == quote {
                content.append(quote)
                position += 2
            } else if byte == quote {
                position += 1
                return String(decoding: content, as: UTF8.self)
            } else {
                content.append(byte)
                position += 1
            }
        }
        throw refusal(at: start, "a text with its closing quotation mark")
    }

    private mutating func number() throws(ExportFilterError) -> Double {
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            let isSign = (byte == 0x2B || byte == 0x2D) && (position == start || bytes[position - 1] | 0x20 == 0x65)
            guard isSign || (0x30...0x39).contains(byte) || byte == 0x2E || byte | 0x20 == 0x65 else { break }
            position += 1
        }
        let isWhole = position == bytes.count || !isName(bytes[position])
        guard isWhole, let number = Double(String(decoding: bytes[start..<position], as: UTF8.self)), number.isFinite else {
            throw refusal(at: start, "a number")
        }
        return number
    }

    private mutating func word() throws(ExportFilterError) -> String {
        let start = position
        while position < bytes.count, isName(bytes[position]) || bytes[position] == 0x2E { position += 1 }
        guard position > start else { throw refusal(at: start, "a name, a constant or a sign") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private func isName(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F || byte == 0x24 || byte >= 0x80
    }
}
