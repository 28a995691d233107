import JSON
import Testing

@Suite struct RefusedStringsTests {
    static let control: [Refused] = [
        Refused("\"a\nb\"", .controlCharacter, at: 2), Refused("\"\t\"", .controlCharacter, at: 1), Refused("\"\r\n\"", .controlCharacter, at: 1),
        Refused("\"\u{0}\"", .controlCharacter, at: 1), Refused("\"\u{1F}\"", .controlCharacter, at: 1),
        Refused("{\"a\n\":1}", .controlCharacter, at: 3),
        Refused("\"abcdefgh\u{1}\"", .controlCharacter, at: 9), Refused("\"abcdefghijklm\n\"", .controlCharacter, at: 14),
        Refused("\"é\n\"", .controlCharacter, at: 3), Refused("\"\\n\n\"", .controlCharacter, at: 3),
    ]

    static let escapes: [Refused] = [
        Refused(#""\x""#, .badEscape, at: 2), Refused(#""\a""#, .badEscape, at: 2), Refused(#""\'""#, .badEscape, at: 2),
        Refused(#""\0""#, .badEscape, at: 2),
        Refused(#""\U0041""#, .badEscape, at: 2), Refused(#""\ ""#, .badEscape, at: 2), Refused("\"\\\n\"", .badEscape, at: 2),
        Refused(#""\u""#, .badEscape, at: 3), Refused(#""\u1""#, .badEscape, at: 4), Refused(#""\u12""#, .badEscape, at: 5),
        Refused(#""\u123""#, .badEscape, at: 6), Refused(#""\u12G4""#, .badEscape, at: 5), Refused(#""\u{41}""#, .badEscape, at: 3),
        Refused(#""\u 041""#, .badEscape, at: 3), Refused(#""\u-041""#, .badEscape, at: 3), Refused(#""\é""#, .badEscape, at: 2),
        Refused(#"{"\q":1}"#, .badEscape, at: 3), Refused(#""abcdefgh\q""#, .badEscape, at: 10), Refused(#""\N""#, .badEscape, at: 2),
        Refused(#""\u00:0""#, .badEscape, at: 5), Refused(#""\u00@0""#, .badEscape, at: 5), Refused(#""\u00/0""#, .badEscape, at: 5),
        Refused(#""\u00`0""#, .badEscape, at: 5),
    ]

    static let surrogates: [Refused] = [
        Refused(#""\ud800""#, .loneSurrogate, at: 1), Refused(#""\udc00""#, .loneSurrogate, at: 1), Refused(#""\uDFFF""#, .loneSurrogate, at: 1),
        Refused(#""ab\ud83d""#, .loneSurrogate, at: 3), Refused(#""\ud83dx""#, .loneSurrogate, at: 1), Refused(#""\ud83d\n""#, .loneSurrogate, at: 1),
        Refused(#""\ud83d\u0041""#, .loneSurrogate, at: 1), Refused(#""\ud83d\ud83d""#, .loneSurrogate, at: 1),
        Refused(#""\ud83d\ude00\ude00""#, .loneSurrogate, at: 13), Refused(#""\ude00\ud83d""#, .loneSurrogate, at: 1),
        Refused(#"{"\ud800":1}"#, .loneSurrogate, at: 2), Refused(#""\ud83d\uDG00""#, .loneSurrogate, at: 1),
        Refused(#""\uDBFF\uDBFF""#, .loneSurrogate, at: 1), Refused(#""\ud83d\udbff""#, .loneSurrogate, at: 1),
    ]

    static let quotes: [Refused] = [
        Refused("'a'", .singleQuotes, at: 0), Refused("['a']", .singleQuotes, at: 1), Refused("{'a':1}", .singleQuotes, at: 1),
        Refused("{\"a\":'b'}", .singleQuotes, at: 5), Refused("{\"a\":1,'b':2}", .singleQuotes, at: 7), Refused("[1, 'a']", .singleQuotes, at: 4),
    ]

    @Test(arguments: control) func `control characters in strings are named`(refused: Refused) { refused.check() }
    @Test(arguments: escapes) func `escapes that are none are named`(refused: Refused) { refused.check() }
    @Test(arguments: surrogates) func `lone surrogates are named at their escape`(refused: Refused) { refused.check() }
    @Test(arguments: quotes) func `apostrophes for quotation marks are named`(refused: Refused) { refused.check() }
}
