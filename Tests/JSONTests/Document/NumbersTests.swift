import JSON
import Testing

@Suite struct NumbersTests {
    static let integers: [(String, Int64?)] = [
        ("0", 0), ("-0", 0), ("1", 1), ("-1", -1), ("42", 42), ("9223372036854775807", .max), ("-9223372036854775808", .min),
        ("9223372036854775808", nil),
        ("-9223372036854775809", nil), ("18446744073709551616", nil), ("99999999999999999999999999", nil), ("1.0", nil), ("1e2", nil), ("0.0", nil),
        ("-1E0", nil),
        ("\"1\"", nil), ("null", nil), ("[1]", nil),
    ]

    @Test(arguments: integers) func `integers are those that are written as such and fit`(source: String, expected: Int64?) throws {
        let bytes = Array(source.utf8)
        var reader = JSONReader()
        try reader.read(bytes.rawBytes)
        let document = reader.document(over: bytes.rawBytes)
        #expect(document.integer(document.root) == expected)
        #expect(try tree(source).integerValue == expected)
    }

    static let doubles: [(String, Double?)] = [
        ("0", 0), ("1", 1), ("-1.5", -1.5), ("0.1", 0.1), ("1e22", 1e22), ("1e23", 1e23), ("1e-22", 1e-22), ("1e-23", 1e-23),
        ("98.73447010562934", 98.73447010562934),
        ("9007199254740993", 9_007_199_254_740_992), ("9007199254740992.0", 9_007_199_254_740_992), ("9007199254740991", 9_007_199_254_740_991),
        ("1.7976931348623157e308", .greatestFiniteMagnitude), ("1.7976931348623159e308", nil), ("1e999", nil), ("-1e999", nil), ("1e-999", 0),
        ("5e-324", .leastNonzeroMagnitude), ("2.2250738585072011e-308", .leastNormalMagnitude.nextDown),
        ("123456789012345678901234567890", 1.2345678901234568e29),
        ("0.000001", 0.000001), ("1E+2", 100), ("1e02", 100), ("\"1\"", nil), ("true", nil), ("1e99999999999999999999999", nil), ("0e999999999", 0),
    ]

    @Test(arguments: doubles) func `doubles are the closest ones, and finite`(source: String, expected: Double?) throws {
        let bytes = Array(source.utf8)
        var reader = JSONReader()
        try reader.read(bytes.rawBytes)
        let document = reader.document(over: bytes.rawBytes)
        #expect(document.double(document.root) == expected)
        #expect(try tree(source).doubleValue == expected)
    }

    @Test func `minus zero stays a negative double`() throws {
        #expect(try tree("-0.0").doubleValue?.sign == .minus)
        #expect(try tree("-0").doubleValue?.sign == .minus)
    }

    @Test func `short spellings round as the standard library rounds`() throws {
        var generator = SplitMix64(seed: 11)
        for _ in 0..<20_000 {
            let digits = String(UInt64.random(in: 0...UInt64.max, using: &generator) >> UInt64.random(in: 0...63, using: &generator))
            let cut = Int.random(in: 1...digits.utf8.count, using: &generator)
            var text = String(digits.prefix(cut))
            if cut < digits.utf8.count { text += "." + digits.dropFirst(cut) }
            if Bool.random(using: &generator) { text += "e\(Int.random(in: -30...30, using: &generator))" }
            #expect(try tree(text).doubleValue == Double(text), "\(text)")
        }
    }
}
