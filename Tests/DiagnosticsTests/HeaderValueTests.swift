import Diagnostics
import JSON
import Testing

/// Header values by every constructor of AMQP 1.0 that senders use, and as plain text. The bytes are written out.
struct HeaderValueTests {
    private static func value(_ bytes: [UInt8], _ expectation: HeaderName.Expectation) -> HeaderValue { HeaderValue(bytes.rawBytes, as: expectation) }

    @Test(
        arguments: [
            ([0xA1, 0x02, 0x68, 0x69], .text(2..<4)), ([0xA1, 0x00], .text(2..<2)), ([0xB1, 0, 0, 0, 2, 0x68, 0x69], .text(5..<7)),
            ([0xA3, 0x02, 0x68, 0x69], .symbol(2..<4)), ([0xB3, 0, 0, 0, 2, 0x68, 0x69], .symbol(5..<7)),
            ([0xA0, 0x02, 0x68, 0xFF], .binary(2..<4)), ([0xB0, 0, 0, 0, 0], .binary(5..<5)),
            ([0x80, 0, 0, 0, 0, 0, 0, 1, 2], .unsigned(258)), ([0x80] + Array(repeating: 0xFF, count: 8), .unsigned(.max)),
            ([0x81, 0, 0, 0, 0, 0, 0, 0x33, 0xE0], .signed(13280)), ([0x81] + Array(repeating: 0xFF, count: 8), .signed(-1)),
            ([0x82, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0], .double(1.5)),
            ([0x83, 0, 0, 0x01, 0x85, 0x09, 0x95, 0x5D, 0x14], .timestamp(milliseconds: 1_670_903_061_780)),
            ([0x83] + Array(repeating: 0xFF, count: 8), .timestamp(milliseconds: -1)),
            ([0x98] + Array(repeating: 0x11, count: 16), .uuid(1..<17)),
            ([0x00, 0xA3, 0x02, 0x63, 0x3A, 0xA1, 0x03, 0x75, 0x72, 0x69], .text(7..<10)), ([0x00, 0x53, 0x09, 0x43], .unsigned(0)),
        ] as [([UInt8], HeaderValue)])
    func `a constructor that no text starts with counts whatever is expected`(bytes: [UInt8], value: HeaderValue) {
        for expectation in [HeaderName.Expectation.text, .integer, .timestamp] { #expect(Self.value(bytes, expectation) == value) }
    }

    @Test(
        arguments: [
            ([0x40], .null), ([0x41], .boolean(true)), ([0x42], .boolean(false)), ([0x43], .unsigned(0)), ([0x44], .unsigned(0)),
            ([0x50, 0x7F], .unsigned(127)), ([0x51, 0x7F], .signed(127)), ([0x52, 0x48], .unsigned(72)), ([0x53, 0x48], .unsigned(72)),
            ([0x54, 0x48], .signed(72)), ([0x55, 0x48], .signed(72)), ([0x56, 0x01], .boolean(true)), ([0x56, 0x00], .boolean(false)),
            ([0x60, 0x41, 0x42], .unsigned(0x4142)), ([0x61, 0x41, 0x42], .signed(0x4142)), ([0x70, 0x41, 0x42, 0x43, 0x44], .unsigned(0x4142_4344)),
            ([0x71, 0x41, 0x42, 0x43, 0x44], .signed(0x4142_4344)), ([0x72, 0x3F, 0x40, 0, 0], .float(0.75)),
            ([0x73, 0, 0, 0, 0x41], .character(0x41)),
        ] as [([UInt8], HeaderValue)])
    func `a constructor that text may start with counts where a number or a time is expected`(bytes: [UInt8], value: HeaderValue) {
        for expectation in [HeaderName.Expectation.integer, .timestamp] { #expect(Self.value(bytes, expectation) == value) }
        #expect(Self.value(bytes, .text) == .text(0..<bytes.count))
    }

    @Test func `signs reach through every width`() {
        #expect(Self.value([0x51, 0xFF], .integer) == .signed(-1))
        #expect(Self.value([0x54, 0x80], .integer) == .signed(-128))
        #expect(Self.value([0x61, 0xFF, 0xFE], .integer) == .signed(-2))
        #expect(Self.value([0x71, 0xFF, 0xFF, 0xFF, 0xFD], .integer) == .signed(-3))
        #expect(Self.value([0x70, 0xFF, 0xFF, 0xFF, 0xFD], .integer) == .unsigned(4_294_967_293))
    }

    @Test(
        arguments: [
            [0xA1, 0x03, 0x68, 0x69], [0xA1, 0x01, 0x68, 0x69], [0xA1], [0xB1, 0, 0, 0], [0xB1, 0xFF, 0xFF, 0xFF, 0xFF], [0x83, 0], [0x98, 1],
            [0x80, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0x81], [0xFF, 0xFE], [0xC3], [0x94] + Array(repeating: 0, count: 16),
            [0x00, 0xA3, 0x02, 0x63, 0x3A, 0x83, 0x01], [0x84, 0, 0, 0, 0, 0, 0, 0, 0],
        ] as [[UInt8]])
    func `a length that does not agree leaves bytes`(bytes: [UInt8]) {
        for expectation in [HeaderName.Expectation.text, .integer, .timestamp] { #expect(Self.value(bytes, expectation) == .bytes) }
    }

    @Test(arguments: ["application/json", "utf-8", "true", "pump-07", "été", "", "\0", "qabcde", "12345", "2024-02-06T10:15:30.250Z"])
    func `plain text is never taken for AMQP`(text: String) {
        for expectation in [HeaderName.Expectation.text, .integer, .timestamp] {
            #expect(Self.value(Array(text.utf8), expectation) == .text(0..<text.utf8.count))
        }
    }

    @Test func `short text that could be AMQP is text where text is expected`() {
        for text in ["A", "@", "B", "Ua", "aXY", "qabc", "pump1"] {
            #expect(Self.value(Array(text.utf8), .text) == .text(0..<text.utf8.count))
        }
    }

    @Test func `any bytes are something, and ranges stay inside`() {
        var random = SeededRandom(seed: 22)
        let starts: [UInt8] = [0, 0x40, 0x55, 0x56, 0x61, 0x71, 0x83, 0x98, 0xA0, 0xA1, 0xA3, 0xB0, 0xB1, 0xB3, 0xD0, 0xF0]
        for _ in 0..<20_000 {
            var bytes = (0..<Int.random(in: 0...20, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            if !bytes.isEmpty, Bool.random(using: &random) { bytes[0] = starts[Int.random(in: 0..<starts.count, using: &random)] }
            if bytes.count > 1, Bool.random(using: &random) { bytes[1] = UInt8(bytes.count - 2) }
            for expectation in [HeaderName.Expectation.text, .integer, .timestamp] {
                switch Self.value(bytes, expectation) {
                case .text(let range), .symbol(let range), .binary(let range), .uuid(let range): #expect(range.upperBound <= bytes.count)
                default: break
                }
            }
        }
    }
}
