import JSON
import Testing

@Suite struct RefusedEndsTests {
    static let empty: [Refused] = [
        Refused("", .empty, at: 0), Refused(" ", .empty, at: 1), Refused("\n", .empty, at: 1), Refused(" \t\r\n", .empty, at: 4),
        Refused("            ", .empty, at: 12),
    ]

    static let truncated: [Refused] = [
        Refused("[", .truncated, at: 1), Refused("{", .truncated, at: 1), Refused("\"", .truncated, at: 1), Refused("-", .truncated, at: 1),
        Refused("[1", .truncated, at: 2), Refused("[1,", .truncated, at: 3), Refused("[1, ", .truncated, at: 4), Refused("{\"a\"", .truncated, at: 4),
        Refused("{\"a\":", .truncated, at: 5), Refused("{\"a\":1", .truncated, at: 6), Refused("{\"a\":1,", .truncated, at: 7),
        Refused("1.", .truncated, at: 2),
        Refused("1e", .truncated, at: 2), Refused("1e+", .truncated, at: 3), Refused("t", .truncated, at: 1), Refused("tru", .truncated, at: 3),
        Refused("fals", .truncated, at: 4), Refused("n", .truncated, at: 1), Refused("\"a", .truncated, at: 2),
        Refused("\"abcdefghijk", .truncated, at: 12),
        Refused(#""\"#, .truncated, at: 2), Refused(#""\u"#, .truncated, at: 3), Refused(#""\u00"#, .truncated, at: 5),
        Refused(#""\n"#, .truncated, at: 3),
        Refused(#""\ud83d"#, .truncated, at: 7), Refused(#""\ud83d\"#, .truncated, at: 8), Refused(#""\ud83d\ud"#, .truncated, at: 10),
        Refused([0x22, 0xC3], .truncated, at: 2), Refused([0x22, 0xF0, 0x9F, 0x98], .truncated, at: 4), Refused("[[[[", .truncated, at: 4),
        Refused("{\"a\":{\"b\":[", .truncated, at: 11), Refused("[]".dropLast() + " ", .truncated, at: 2),
    ]

    @Test(arguments: empty) func `nothing is named as nothing`(refused: Refused) { refused.check() }
    @Test(arguments: truncated) func `an early end is named`(refused: Refused) { refused.check() }

    static let allRefused: [Refused] =
        empty + truncated + RefusedStructureTests.commas + RefusedStructureTests.values + RefusedStructureTests.keys + RefusedStructureTests.brackets
        + RefusedNumbersTests.leadingZeros + RefusedNumbersTests.malformed + RefusedNumbersTests.notNumbers + RefusedStringsTests.control
        + RefusedStringsTests.escapes + RefusedStringsTests.surrogates + RefusedStringsTests.quotes + RefusedEncodingTests.illFormed
        + RefusedEncodingTests.marks + RefusedEncodingTests.strange + RefusedWordsTests.words + RefusedWordsTests.comments + RefusedWordsTests.second

    @Test func `the tables hold at least 300 cases, and every reason that bytes alone can have`() {
        let accepted =
            AcceptedTests.words + AcceptedTests.whitespace + AcceptedTests.numbers + AcceptedTests.strings + AcceptedTests.escapes
            + AcceptedTests.containers
        #expect(Self.allRefused.count >= 250)
        #expect(accepted.count >= 150)
        let sizes: Set<JSONFaultReason> = [.tooDeep, .tooLarge]  // see HostileDocumentTests
        #expect(Set(Self.allRefused.map(\.reason)) == Set(JSONFaultReason.allCases).subtracting(sizes))
    }

    @Test func `what comes before a fault could have been continued, and with the faulty byte it could not`() {
        let pointsBack: Set<JSONFaultReason> = [.loneSurrogate, .notUTF8]  // named at the start of the character
        for refused in Self.allRefused where refused.reason != .empty && refused.reason != .truncated {
            let before = fault(in: Array(refused.bytes[..<refused.offset]))
            #expect(before == nil || before?.reason == .truncated || before?.reason == .empty, "\(refused.testDescription)")
            guard !pointsBack.contains(refused.reason), refused.reason != .byteOrderMark else { continue }
            let through = fault(in: Array(refused.bytes[...refused.offset]))
            #expect(through?.offset == refused.offset, "\(refused.testDescription)")
        }
    }

    @Test func `every beginning of a document is a document, truncated or empty`() throws {
        let documents = [
            #"{"a":[1,-2.5e+10,"é😀\n\ud83d\ude00\\"],"b":{"c":null,"d":[true,false,{}]} , "e" : [ ] }"#, "  [ \"abcdefghijklmnop\" , 0.125 ]\n",
            "-12.5E-3",
            #"{"\u0061\"":{"":[[[[]]]]}}"#,
        ]
        for document in documents.map({ Array($0.utf8) }) {
            #expect(fault(in: document) == nil)
            for length in 0..<document.count {
                let fault = fault(in: Array(document[..<length]))
                #expect(fault == nil || fault?.reason == .truncated || fault?.reason == .empty, "\(length): \(String(describing: fault))")
                #expect(fault == nil || fault?.offset == length)
            }
        }
    }
}
