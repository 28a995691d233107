import JSON

/// What decoders are given: a record, its headers found, and what its source's settings say.
package struct DecoderInput: ~Escapable {
    /// The record.
    package let record: RecordView
    /// Where its known headers lie.
    package let headers: RecordHeaders
    /// The topic that it came by; empty for a capture.
    package let topic: String

    /// Finds the headers.
    @_lifetime(copy record)
    package init(_ record: RecordView, topic: String) {
        self.record = record
        self.headers = RecordHeaders(scanning: record.headers)
        self.topic = topic
    }

    /// The bytes of a header's value as they arrived; nil where it is absent or null.
    @_lifetime(copy self)
    package func bytes(_ name: HeaderName) -> RawSpan? {
        guard let range = headers.range(name) else { return nil }
        return record.headers.extracting(range)
    }

    /// A header's text without AMQP's constructor; what is no text stays as the bytes that it is. Nil where it is absent or null.
    @_lifetime(copy self)
    package func text(_ name: HeaderName) -> RawSpan? {
        guard let value = bytes(name) else { return nil }
        switch HeaderValue(value, as: .text) {
        case .text(let range), .symbol(let range), .binary(let range): return value.extracting(range)
        default: return value
        }
    }

    /// Whether a header's text is this.
    package func header(_ name: HeaderName, is text: StaticString) -> Bool {
        guard let value = self.text(name) else { return false }
        return value.equals(text)
    }

    /// A header's value for people, cut short: its text, or bytes in hexadecimal, or `nothing`.
    package func description(of name: HeaderName) -> String {
        guard let value = bytes(name) else { return "nothing" }
        let content: Range<Int>
        switch HeaderValue(value, as: .text) {
        case .text(let range), .symbol(let range): content = range
        default: return "0x" + Self.hexadecimal(value.extracting(0..<min(value.byteCount, 32)))
        }
        var text: [UInt8] = []
        value.extracting(content).append(to: &text)
        return BoundedText.bound(String(decoding: text, as: UTF8.self), limit: BoundedText.identifierLimit)
    }

    /// Keeps a header's value as text of an event: a number in digits, a UUID in its usual form. Empty where it is absent or null.
    package func keep(_ name: HeaderName, _ event: inout DecodedEvent) -> DecodedEvent.Field {
        guard let value = bytes(name) else { return DecodedEvent.Field() }
        switch HeaderValue(value, as: .text) {
        case .text(let range), .symbol(let range), .binary(let range): return event.keep(value.extracting(range))
        case .uuid(let range): return event.keep(Self.uuid(value.extracting(range)).rawBytes)
        case .signed(let number): return event.keep(String(number).rawBytes)
        case .unsigned(let number): return event.keep(String(number).rawBytes)
        case .timestamp(let milliseconds): return event.keep(String(milliseconds).rawBytes)
        case .null: return DecodedEvent.Field()
        case .boolean, .float, .double, .character, .bytes: return event.keep(value)
        }
    }

    /// A header's number: AMQP's, or decimal digits. Nil where there is none.
    package func integer(_ name: HeaderName) -> Int64? {
        guard let value = bytes(name) else { return nil }
        switch HeaderValue(value, as: .integer) {
        case .signed(let number): return number
        case .unsigned(let number): return Int64(exactly: number)
        case .timestamp(let milliseconds): return milliseconds
        case .text(let range), .symbol(let range): return Self.decimal(value.extracting(range))
        default: return nil
        }
    }

    /// A header's time: AMQP's, RFC 3339, or milliseconds since the Unix epoch. Nil where there is none.
    package func timestamp(_ name: HeaderName) -> Timestamp? {
        guard let value = bytes(name) else { return nil }
        switch HeaderValue(value, as: .timestamp) {
        case .timestamp(let milliseconds), .signed(let milliseconds): return Timestamp(milliseconds: milliseconds)
        case .unsigned(let milliseconds): return Int64(exactly: milliseconds).flatMap { Timestamp(milliseconds: $0) }
        case .text(let range), .symbol(let range):
            let text = value.extracting(range)
            return Timestamp(rfc3339: text) ?? Self.decimal(text).flatMap { Timestamp(milliseconds: $0) }
        default: return nil
        }
    }

    private static func decimal(_ text: RawSpan) -> Int64? {
        guard (1...20).contains(text.byteCount) else { return nil }
        var bytes: [UInt8] = []
        text.append(to: &bytes)
        return Int64(String(decoding: bytes, as: UTF8.self))
    }

    /// RFC 9562 §4: five groups of lower-case hexadecimal digits.
    private static func uuid(_ bytes: RawSpan) -> String {
        [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { hexadecimal(bytes.extracting($0)) }.joined(separator: "-")
    }

    private static func hexadecimal(_ bytes: RawSpan) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for offset in 0..<bytes.byteCount {
            text.append(digits[Int(bytes[byte: offset] >> 4)])
            text.append(digits[Int(bytes[byte: offset] & 0x0F)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
