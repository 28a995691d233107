import JSON
import Testing

@Suite struct AcceptedTests {
    static let words = ["null", "true", "false", "[null]", "[true,false]", "{\"a\":null}", " true ", "[true ]", "[false\n]"]

    static let whitespace = [
        " 1", "1 ", "\t1", "\n1", "\r1", "\r\n1\r\n", " \t\r\n[ \t\r\n] \t\r\n", "{ }", "{\n}", "[ ]", "[ 1 , 2 ]", "{ \"a\" : 1 , \"b\" : 2 }",
        "{\t\"a\"\t:\t1\t}", "\n\n\n\"a\"\n\n\n", "         1         ", "[1\r,\r2]",
    ]

    static let numbers = [
        "0", "-0", "1", "-1", "9", "10", "123", "-123", "0.0", "-0.0", "0.1", "1.0", "1.5", "-1.5", "0e0", "0E0", "0e+0", "0e-0", "1e1", "1E1",
        "1e+1",
        "1e-1", "1e01", "1e00", "1.0e10", "1.5E-10", "-1.5e+10", "0.000001", "1e400", "-1e400", "1e-400", "1e999999999999999999999",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615", "123456789012345678901234567890",
        "0.123456789012345678901234567890", "3.141592653589793", "2.2250738585072014e-308", "[0]", "[-0]", "[0,0]", "{\"a\":0}", "[1,-1,1.5,1e5]",
        "1.7976931348623157e308", "5e-324", "100", "1.10", "0e1",
    ]

    static let strings = [
        "\"\"", "\"a\"", "\" \"", "\"abcdefg\"", "\"abcdefgh\"", "\"abcdefghi\"", "\"abcdefghijklmno\"", "\"abcdefghijklmnop\"", "\"'\"", "\"/\"",
        "\"//\"", "\"/*\"", "\"#\"", "\"{}[],:\"", "\"\u{7F}\"", "\"\u{80}\"", "\"é\"", "\"漢字\"", "\"😀\"", "\"\u{FEFF}\"", "\"\u{FFFD}\"",
        "\"\u{FFFF}\"",
        "\"\u{10FFFF}\"", "\"\u{2028}\u{2029}\"", "\"\u{D7FF}\u{E000}\"", "\"abcdefgé\"", "\"abcdefghé\"", "\"éabcdefgh\"", "\"éééééééé\"",
        "[\"\",\"\"]",
        "{\"\":\"\"}", "\"NaN\"", "\"true\"", "\"ｆｕｌｌ\"", "\"e\u{301}\"",
    ]

    static let escapes = [
        #""\"""#, #""\\""#, #""\/""#, #""\b\f\n\r\t""#, #""\u0000""#, #""\u001f""#, #""\u0041""#, #""\u00e9""#, #""\u00E9""#, #""\uFFFF""#,
        #""\ud83d\ude00""#, #""\uD83D\uDE00""#, #""\uDBFF\uDFFF""#, #""\uD800\uDC00""#, #""a\nb""#, #""\\\\""#, #""\\\"""#, #""\\u0041""#,
        #""\ud7ff""#, #""\ue000""#, #""abcdefgh\n""#, #""abcdefg\n""#, #"{"\u0061":1}"#, #""\ud83d\ude00\ud83d\ude00""#, #""x\ud83d\ude00y""#,
    ]

    static let containers = [
        "[]", "{}", "[[]]", "[{}]", "{\"a\":[]}", "{\"a\":{}}", "[[],[]]", "[{},{}]", "[1]", "[1,2]", "[1,[2,[3,[4]]]]", "[[[[1],2],3],4]",
        "{\"a\":1}", "{\"a\":1,\"b\":2}", "{\"a\":1,\"a\":2}", "{\"a\":{\"a\":{\"a\":1}}}", "[{\"a\":[{\"b\":[]}]}]",
        "[\"a\",1,true,false,null,[],{}]",
        "{\"a\":[1,{\"b\":2}],\"c\":3}", "[[1],[2],[3]]", "{\"\":1}", "{\"a b\":1}", "[[],1]", "[{},1]", "[1,{}]", "{\"a\":[],\"b\":{}}",
    ]

    @Test(arguments: words) func `words are read`(text: String) throws { try check(text) }
    @Test(arguments: whitespace) func `white space between tokens is read`(text: String) throws { try check(text) }
    @Test(arguments: numbers) func `numbers are read`(text: String) throws { try check(text) }
    @Test(arguments: strings) func `strings are read`(text: String) throws { try check(text) }
    @Test(arguments: escapes) func `escapes are read`(text: String) throws { try check(text) }
    @Test(arguments: containers) func `arrays and objects are read`(text: String) throws { try check(text) }

    /// Read, written and read again: nothing may be lost. Embedded in other documents it has to be read as well.
    private func check(_ text: String) throws {
        let first = try tree(text)
        #expect(try tree(written(first)) == first)
        #expect(try tree(written(first, layout: .pretty)) == first)
        #expect(try tree("[\(text),\(text)]").elements == [first, first])
        #expect(try tree("{\"k\":\(text)}")["k"] == first)
        #expect(PlainRecogniser.accepts(Array(text.utf8)))
    }
}
