import JSON
import Testing

@Suite struct CanonicalTests {
    @Test func `white space and the order of members do not show`() throws {
        let expected = #"{"a":[1,2,{"x":null,"y":true}],"b":"c"}"#
        let spellings = [
            #"{"a":[1,2,{"x":null,"y":true}],"b":"c"}"#, #"{"b":"c","a":[1,2,{"y":true,"x":null}]}"#,
            "\n{ \"b\" : \"c\" ,\t\"a\" : [ 1 , 2 , { \"y\" : true , \"x\" : null } ]\r\n}",
            #"{"\u0062":"\u0063","\u0061":[1.0,2e0,{"y":true,"x":null}]}"#,
        ]
        for spelling in spellings { #expect(try canonical(spelling) == expected) }
    }

    @Test func `the order of elements shows`() throws {
        #expect(try canonical("[2,1]") == "[2,1]")
    }

    @Test func `keys are sorted by UTF-16 code units, where a supplementary character stands before U+E000`() throws {
        let keys = [
            "", "\0", "1", "10", "2", "A", "a", "aa", "\u{80}", "é", "€", "\u{D7FF}", "\u{10000}", "😀", "\u{10FFFF}", "\u{E000}", "\u{FB33}",
            "\u{FFFF}",
        ]
        var generator = SplitMix64(seed: 5)
        for _ in 0..<20 {
            let shuffled = keys.shuffled(using: &generator).map { JSONTree.Member(key: $0, value: .null) }
            let sorted = try tree(JSONTree.object(shuffled).canonicalBytes()).members.map { Array($0.key.utf16) }
            #expect(sorted == keys.map { Array($0.utf16) })
        }
    }

    @Test func `of duplicate keys the last member stays`() throws {
        #expect(try canonical(#"{"b":1,"a":1,"b":{"c":2},"b":3}"#) == #"{"a":1,"b":3}"#)
        #expect(try canonical(#"{"\u0061":1,"a":2}"#) == #"{"a":2}"#)
        #expect(try canonical("{\"\u{E9}\":1,\"e\u{301}\":2}") == "{\"e\u{301}\":2,\"\u{E9}\":1}")
    }

    @Test func `strings have the fewest escapes`() throws {
        #expect(try canonical(#""\u0008\u0009\u000a\u000c\u000d\u0022\u005c\u002f""#) == #""\b\t\n\f\r\"\\/""#)
        #expect(try canonical(#""\u0000\u001F\u007F\u2028\ud83d\ude00""#) == "\"\\u0000\\u001f\u{7F}\u{2028}😀\"")
    }

    static let numbers: [(String, [String])] = [
        ("0", ["0", "-0", "0.0", "-0.000", "0e5", "0E-5", "-0.0e+999999999999999999999999", "0e0"]),
        ("1", ["1", "1.0", "1e0", "10e-1", "0.1e1", "1E+00", "0.0001e4"]),
        ("-1", ["-1", "-1.000", "-10E-1"]), ("100", ["100", "1e2", "1.00e+2", "1000e-1"]), ("1.5", ["1.5", "15e-1", "0.15e1", "1.50"]),
        ("0.000001", ["0.000001", "1e-6", "0.1e-5"]), ("1e-7", ["0.0000001", "1e-7", "10e-8", "0.1E-6"]), ("1.25e-7", ["0.000000125", "125e-9"]),
        ("100000000000000000000", ["1e20", "100000000000000000000", "100000000000000000000.0"]),
        ("1e+21", ["1e21", "1000000000000000000000", "1e+0021"]),
        ("1.5e+21", ["1500000000000000000000"]), ("123456789012345678901", ["123456789012345678901", "1234567890123456789010e-1"]),
        ("1.2345678901234567890123e+22", ["12345678901234567890123"]), ("9007199254740993", ["9007199254740993", "9007199254740993.0"]),
        ("0.1234567890123456789012345", ["0.1234567890123456789012345", "1234567890123456789012345e-25"]),
        ("1e+999999999", ["1e999999999", "10e999999998", "0.1e1000000000"]), ("-2.5e-999999999", ["-2.5e-999999999", "-25e-1000000000"]),
        ("1e+100000000000000000000", ["1e100000000000000000000", "10e99999999999999999999", "0.01e100000000000000000002"]),
        ("1e-100000000000000000000", ["1e-100000000000000000000", "10e-100000000000000000001", "0.1e-99999999999999999999"]),
        ("1e+999999999999999999", ["1e999999999999999999", "0.1e1000000000000000000"]),
        ("1e+1000000000000000000", ["1e1000000000000000000", "10e999999999999999999"]),
        ("1e-1000000000000000000", ["0.1e-999999999999999999", "10e-1000000000000000001"]),
        ("1e+5000000000000000000000", ["1e0005000000000000000000000"]),
    ]

    @Test(arguments: numbers) func `a number's text depends on its value alone`(expected: String, spellings: [String]) throws {
        for spelling in spellings { #expect(try canonical(spelling) == expected, "\(spelling)") }
    }

    @Test func `numbers that are different stay different, and canonical text is its own canonical text`() throws {
        let texts = Self.numbers.map(\.0)
        #expect(Set(try texts.map { try canonical($0) }).count == texts.count)
        for text in texts { #expect(try canonical(text) == text) }
        #expect(try canonical("9007199254740993") != canonical("9007199254740992"), "nothing is rounded to a double")
    }

    @Test func `a number moved by its exponent keeps its text`() throws {
        var generator = SplitMix64(seed: 13)
        for _ in 0..<3_000 {
            let digits = String(UInt64.random(in: 1...UInt64.max, using: &generator) >> UInt64.random(in: 0...63, using: &generator))
            let exponent = Int.random(in: -40...40, using: &generator)
            let cut = Int.random(in: 1...digits.utf8.count, using: &generator)
            let zeros = String(repeating: "0", count: Int.random(in: 0...5, using: &generator))
            guard digits != "0" else { continue }
            let plain = "\(digits)e\(exponent)"
            let moved = "\(digits.prefix(cut)).\(digits.dropFirst(cut))\(zeros)0e\(exponent + digits.utf8.count - cut)"
            let widened = "\(digits)\(zeros)e\(exponent - zeros.utf8.count)"
            let expected = try canonical(plain)
            #expect(try canonical(moved) == expected, "\(moved)")
            #expect(try canonical(widened) == expected, "\(widened)")
            #expect(Double(expected) == Double(plain))
        }
    }

    @Test func `doubles have the digits that ECMAScript gives them`() throws {
        let cases: [(Double, String)] = [
            (1e21, "1e+21"), (1e20, "100000000000000000000"), (123456.789, "123456.789"), (1e-6, "0.000001"), (1e-7, "1e-7"),
            (.leastNonzeroMagnitude, "5e-324"),
            (1.7976931348623157e308, "1.7976931348623157e+308"), (333333333.3333333, "333333333.3333333"), (-0.1, "-0.1"), (4.5, "4.5"),
            (2e-3, "0.002"),
        ]
        for (value, text) in cases { #expect(String(decoding: JSONTree.double(value).canonicalBytes(), as: UTF8.self) == text) }
    }

    @Test func `hostile exponents cost what their text costs`() throws {
        let digits = String(repeating: "9", count: 100_000)
        let text = try canonical("1e\(digits)")
        #expect(text == "1e+\(digits)")
        #expect(try canonical("10e\(digits)") == "1e+1" + String(repeating: "0", count: 100_000))
        #expect(try canonical("[1e999999999,1e-999999999]").utf8.count < 40)
    }

    @Test func `documents made at random keep their canonical bytes however they are written`() throws {
        var generator = SplitMix64(seed: 17)
        for _ in 0..<300 {
            let document = Self.random(depth: 4, &generator)
            let bytes = document.canonicalBytes()
            #expect(try tree(written(document)).canonicalBytes() == bytes)
            #expect(try tree(written(document, layout: .pretty)).canonicalBytes() == bytes)
            #expect(try tree(written(Self.shuffled(document, &generator))).canonicalBytes() == bytes)
            #expect(try tree(bytes).canonicalBytes() == bytes)
        }
    }

    private static func random(depth: Int, _ generator: inout SplitMix64) -> JSONTree {
        let words = ["", "a", "b", "é", "😀", "\n\"", "key", "\u{E000}"]
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .integer(Int.random(in: -1_000_000...1_000_000, using: &generator))
        case 3: return .double(Double.random(in: -1e10...1e10, using: &generator))
        case 4: return .string(words.randomElement(using: &generator) ?? "")
        case 5: return .array((0..<Int.random(in: 0...4, using: &generator)).map { _ in random(depth: depth - 1, &generator) })
        default:
            let keys = words.shuffled(using: &generator).prefix(Int.random(in: 0...6, using: &generator))
            return .object(keys.map { JSONTree.Member(key: $0, value: random(depth: depth - 1, &generator)) })
        }
    }

    private static func shuffled(_ tree: JSONTree, _ generator: inout SplitMix64) -> JSONTree {
        switch tree.kind {
        case .array: .array(tree.elements.map { shuffled($0, &generator) })
        case .object: .object(tree.members.shuffled(using: &generator).map { JSONTree.Member(key: $0.key, value: shuffled($0.value, &generator)) })
        default: tree
        }
    }
}
