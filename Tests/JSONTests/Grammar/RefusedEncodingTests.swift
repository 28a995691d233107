import JSON
import Testing

@Suite struct RefusedEncodingTests {
    /// A string around the given bytes.
    private static func quoted(_ bytes: [UInt8], at offset: Int = 1) -> Refused { Refused([0x22] + bytes + [0x22], .notUTF8, at: offset) }

    static let illFormed: [Refused] = [
        quoted([0x80]), quoted([0xBF]), quoted([0xC0, 0x80]), quoted([0xC1, 0xBF]), quoted([0xC2]), quoted([0xC2, 0x41]), quoted([0xC3, 0xC3]),
        quoted([0xE0, 0x80, 0x80]), quoted([0xE0, 0x9F, 0xBF]), quoted([0xE2, 0x82]), quoted([0xE2, 0x82, 0x41]), quoted([0xE2, 0x41, 0x41]),
        quoted([0xED, 0xA0, 0x80]), quoted([0xED, 0xBF, 0xBF]), quoted([0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80]), quoted([0xF0, 0x80, 0x80, 0x80]),
        quoted([0xF0, 0x8F, 0xBF, 0xBF]), quoted([0xF0, 0x9F, 0x98]), quoted([0xF0, 0x9F, 0x41]), quoted([0xF4, 0x90, 0x80, 0x80]),
        quoted([0xF5, 0x80, 0x80, 0x80]), quoted([0xF8, 0x88, 0x80, 0x80, 0x80]), quoted([0xFE]), quoted([0xFF]), quoted([0x61, 0xFF], at: 2),
        quoted([0xC3, 0xA9, 0xA9], at: 3), quoted(Array("abcdefgh".utf8) + [0xE9], at: 9),
        quoted(Array("Stra".utf8) + [0xDF] + Array("e".utf8), at: 5),
        quoted([0x5C, 0x6E, 0x80], at: 3), Refused([0x7B, 0x22, 0xE9, 0x22, 0x3A, 0x31, 0x7D], .notUTF8, at: 2),
        Refused([0x5B, 0xFF, 0x5D], .notUTF8, at: 1),
        Refused([0x31, 0x20, 0xC3, 0x28], .notUTF8, at: 2), Refused([0xC3], .notUTF8, at: 0), Refused([0x81], .notUTF8, at: 0),
    ]

    static let marks: [Refused] = [
        Refused([0xEF, 0xBB, 0xBF, 0x31], .byteOrderMark, at: 0), Refused([0xEF, 0xBB, 0xBF], .byteOrderMark, at: 0),
        Refused([0xFE, 0xFF, 0x00, 0x31], .byteOrderMark, at: 0), Refused([0xFF, 0xFE, 0x31, 0x00], .byteOrderMark, at: 0),
        Refused([0xFF, 0xFE, 0x00, 0x00, 0x31, 0, 0, 0], .byteOrderMark, at: 0), Refused([0x00, 0x00, 0xFE, 0xFF], .byteOrderMark, at: 0),
    ]

    static let strange: [Refused] = [
        Refused(" \u{FEFF}1", .unexpectedCharacter, at: 1), Refused("[1,\u{FEFF}2]", .unexpectedCharacter, at: 3),
        Refused("\u{A0}1", .unexpectedCharacter, at: 0), Refused("[1\u{A0}]", .unexpectedCharacter, at: 2),
        Refused("[\u{2028}]", .unexpectedCharacter, at: 1),
        Refused("\u{201C}a\u{201D}", .unexpectedCharacter, at: 0), Refused("[٣]", .unexpectedCharacter, at: 1),
        Refused("\u{0}", .unexpectedCharacter, at: 0),
        Refused("1\u{0}", .unexpectedCharacter, at: 1), Refused("\u{C}1", .unexpectedCharacter, at: 0),
        Refused("[1,\u{B}2]", .unexpectedCharacter, at: 3),
        Refused([0x7B, 0x00, 0x22, 0x00], .unexpectedCharacter, at: 1), Refused("[\u{7F}]", .unexpectedCharacter, at: 1),
        Refused("@", .unexpectedCharacter, at: 0), Refused("[&]", .unexpectedCharacter, at: 1), Refused("[1}\u{FF}", .mismatchedBracket, at: 2),
        Refused("{\u{E9}:1}", .unexpectedCharacter, at: 1), Refused("\\", .unexpectedCharacter, at: 0), Refused("<a/>", .unexpectedCharacter, at: 0),
        Refused("`a`", .unexpectedCharacter, at: 0), Refused("[1/2]", .unexpectedCharacter, at: 2), Refused("*", .unexpectedCharacter, at: 0),
    ]

    @Test(arguments: illFormed) func `bytes that are no UTF-8 are named at the start of their sequence`(refused: Refused) { refused.check() }
    @Test(arguments: marks) func `byte order marks are named`(refused: Refused) { refused.check() }
    @Test(arguments: strange) func `characters that stand nowhere in JSON are named`(refused: Refused) { refused.check() }

    @Test func `every sequence of up to three bytes is judged as the standard library judges it`() {
        // Leads and continuations at the borders of every row of Unicode's table 3-7.
        let samples: [UInt8] = [
            0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5,
            0xFF,
        ]
        for first in samples {
            for second in samples {
                for third in samples {
                    let text = [first, second, third]
                    let isWellFormed = String(validating: text, as: UTF8.self) != nil
                    #expect((fault(in: [0x22] + text + [0x22]) == nil) == isWellFormed, "\(text)")
                    let four = text + [0xBF]
                    #expect((fault(in: [0x22] + four + [0x22]) == nil) == (String(validating: four, as: UTF8.self) != nil), "\(four)")
                }
            }
        }
    }

    @Test func `a UTF-8 byte order mark is skipped where that is asked for, and offsets still count it`() throws {
        let limits = JSONLimits(skipsByteOrderMark: true)
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let value = try tree(mark + Array("[1]".utf8), limits: limits)
        #expect(value.offset == 3)
        #expect(value.elements.first?.offset == 4)
        #expect(fault(in: mark + Array("[1,]".utf8), limits: limits)?.offset == 6)
        #expect(fault(in: mark, limits: limits)?.reason == .empty)
        #expect(fault(in: mark + mark + [0x31], limits: limits)?.reason == .unexpectedCharacter)
        #expect(fault(in: [0xFE, 0xFF, 0x00, 0x31], limits: limits)?.reason == .byteOrderMark)
    }
}
