import JSON
import Testing

@Suite struct SyntaxErrorTests {
    static let sentences: [(String, String)] = [
        ("", "not JSON (empty) at byte 0: expected a value, found the end of the input"),
        ("[1,]", "not JSON (trailing-comma) at byte 3: expected a value, found ']'"),
        ("{\"a\" 1}", "not JSON (missing-colon) at byte 5: expected ':', found '1'"),
        ("{\"a\":1", "not JSON (truncated) at byte 6: expected ',' or '}', found the end of the input"),
        ("[NaN]", "not JSON (not-a-number) at byte 1: expected a value or ']', found NaN"),
        ("{\"a\":-Infinity}", "not JSON (not-a-number) at byte 6: expected a digit after the minus sign, found Infinity"),
        ("{\"a\":+Infinity}", "not JSON (not-a-number) at byte 5: expected a value, found +Infinity"),
        ("01", "not JSON (leading-zero) at byte 1: expected no digit after a leading zero, found '1'"),
        ("[1.5.2]", "not JSON (bad-number) at byte 4: expected the end of the number, found '.'"),
        ("\"\n\"", "not JSON (control-character) at byte 1: expected a character, an escape or the closing quotation mark, found a line break"),
        ("\"\\x\"", "not JSON (bad-escape) at byte 2: expected one of \" \\ / b f n r t u after the backslash, found 'x'"),
        ("\"\\ud800\"", "not JSON (lone-surrogate) at byte 1: expected both halves of a surrogate pair, found \\ud800"),
        ("[1,\u{A0}2]", "not JSON (unexpected-character) at byte 3: expected a value, found U+00A0"),
        ("[\u{0}]", "not JSON (unexpected-character) at byte 1: expected a value or ']', found byte 0x00"),
        ("\u{FEFF}1", "not JSON (byte-order-mark) at byte 0: expected UTF-8 without a byte order mark, found a byte order mark"),
        ("1 /* a */", "not JSON (comment) at byte 2: expected the end of the input, found '/*'"),
        ("{} {}", "not JSON (two-documents) at byte 3: expected the end of the input, found '{'"),
    ]

    @Test(arguments: sentences) func `an error says why, where, what was expected and what is there`(text: String, sentence: String) {
        #expect(fault(in: text)?.description == sentence)
    }

    @Test func `an ill-formed byte is named in hexadecimal`() {
        #expect(fault(in: [0x22, 0xFF, 0x22])?.actual == "byte 0xFF")
    }

    @Test func `reasons are spelled in lower case with hyphens, each once`() {
        let spellings = JSONFaultReason.allCases.map(\.rawValue)
        #expect(Set(spellings).count == spellings.count)
        for spelling in spellings { #expect(spelling.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x38 }, "\(spelling)") }
    }

    static let places: [(String, Int, Int, Int)] = [
        ("", 0, 1, 1), ("abc", 0, 1, 1), ("abc", 2, 1, 3), ("abc", 3, 1, 4), ("abc", 99, 1, 4), ("abc", -1, 1, 1), ("a\nb", 1, 1, 2),
        ("a\nb", 2, 2, 1),
        ("a\r\nb", 2, 1, 3), ("a\r\nb", 3, 2, 1), ("a\rb", 2, 2, 1), ("a\r", 2, 2, 1), ("\n\n\n", 3, 4, 1), ("é漢x", 5, 1, 3), ("é\né😀x", 9, 2, 3),
        ("a\n\r\nb", 4, 3, 1),
    ]

    @Test(arguments: places) func `a byte has a line and a column`(text: String, offset: Int, line: Int, column: Int) {
        let location = JSONLocation(ofByte: offset, in: Array(text.utf8).rawBytes)
        #expect(location.line == line)
        #expect(location.column == column)
        #expect(location.description == "line \(line), column \(column)")
    }

    @Test func `an error can be placed in its text`() throws {
        let bytes = Array("{\n  \"a\": 1,\n  \"b\": 01\n}".utf8)
        let error = try #require(fault(in: bytes))
        #expect(
            error.description(in: bytes.rawBytes) == "not JSON (leading-zero) at line 3, column 9: expected no digit after a leading zero, found '1'")
    }
}
