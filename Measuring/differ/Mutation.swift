/// Documents made of a seed: texts of every shape, each with one change, or two to four.
struct Mutation {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private static let texts: [[UInt8]] =
        [
            #"{"a":[1,-2.5e+10,"é😀\n\ud83d\ude00\\"],"b":{"c":null,"d":[true,false,{}]},"e":[]}"#,
            #"{"applicationId":"6a0c","enqueuedTime":"2026-11-23T09:00:00.123Z","telemetry":{"temperature":21.53,"humidity":48,"on":true},"tags":[]}"#,
            "[ \"abcdefghijklmnop\" , 0.125, [[[]]] ]\n", #"["\u0000\u001f\"\/","",-0,1E-5,123456789012345678901,1e400,-1e-400]"#, "-12.5E-3",
            #"{"":{"":{"":[{}]}}}"#, #"{"a":1,"a":2,"\u0061":3}"#,
            "[9223372036854775807,-9223372036854775808,9223372036854775808,18446744073709551615,18446744073709551616,0.1,1e308,1.7976931348623157e308]",
            "\u{FEFF}{\"a\":1}", #"["\ud800","\udc00\ud800","\ud83d\u0041"]"#, "[\"日本語\",\"\u{10FFFF}\u{7FF}\u{800}\u{FFFF}\",\"é\"]", "true",
            "  null ", "\"text\"",
            "{\"lat\":-12.25,\"lon\":130.0000001,\"alt\":0}", "[[[[[[[[[[1]]]]]]]]]]",
            "[2.2250738585072014e-308,5e-324,2.4703282292062328e-324,0.30000000000000004]",
        ].map { Array($0.utf8) } + [Array(repeating: UInt8(ascii: "["), count: 600) + Array(repeating: UInt8(ascii: "]"), count: 600)]

    private static let pieces: [[UInt8]] =
        [
            "\"", "\\", "{", "}", "[", "]", ":", ",", "0", "1", "-", "+", ".", "e", "E", " ", "\t", "\n", "\r", "null", "true", "false", "NaN", "//",
            "'",
            "\\u", "\\ud800", "\\udc00", "\\ud83d\\ude00", "\\u0000", "\\n", "\\x", "1e999", "99999999999999999999", "-9223372036854775809", "0.1",
            "\"a\":1,", "[]", "{}", "\u{FEFF}", "é", "😀", "\u{0}", "\u{1F}", "\u{7F}",
        ].map { Array($0.utf8) } + [
            [0x80], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF0, 0x9F], [0xF4, 0x90, 0x80, 0x80], [0xC0, 0x80], [0xFF], [0xFF, 0xFE],
        ]

    /// SplitMix64.
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    private mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }

    /// Another character of the same kind where there are some, so that many documents stay JSON.
    private mutating func changed(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt8(ascii: "0") + UInt8(below(10))
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): byte ^ 0x20
        case 0x80...0xBF: 0x80 | UInt8(below(64))
        default: UInt8(below(128))
        }
    }

    mutating func document() -> [UInt8] {
        var text = Self.texts[below(Self.texts.count)]
        for _ in 0..<(below(4) == 0 ? 2 + below(3) : 1) {
            let place = below(text.count)
            switch below(9) {
            case 0 where !text.isEmpty: text[place] = UInt8(truncatingIfNeeded: next())
            case 1 where !text.isEmpty: text.remove(at: place)
            case 2 where !text.isEmpty: text[place] ^= 1 << UInt8(below(8))
            case 3:
                let other = Self.texts[below(Self.texts.count)]
                let start = below(other.count)
                text.insert(contentsOf: other[start..<min(start + 1 + below(12), other.count)], at: place)
            case 4 where !text.isEmpty: text.removeSubrange(place..<min(place + 1 + below(6), text.count))
            case 5 where !text.isEmpty: text.replaceSubrange(place...place, with: Self.pieces[below(Self.pieces.count)])
            case 6 where !text.isEmpty, 7 where !text.isEmpty: text[place] = changed(text[place])
            default: text.insert(contentsOf: Self.pieces[below(Self.pieces.count)], at: place)
            }
        }
        return text
    }
}
