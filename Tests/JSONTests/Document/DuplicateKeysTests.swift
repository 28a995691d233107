import JSON
import Testing

@Suite struct DuplicateKeysTests {
    private func firstDuplicateOffset(_ source: String) throws -> Int? {
        let bytes = Array(source.utf8)
        var reader = JSONReader()
        try reader.read(bytes.rawBytes)
        let document = reader.document(over: bytes.rawBytes)
        let duplicate = document.firstDuplicateKey(of: document.root)
        #expect(document.hasDuplicateKeys(document.root) == (duplicate != nil))
        #expect(try tree(source).firstDuplicateMember?.keyOffset == duplicate.map { document.offset($0) })
        return duplicate.map { document.offset($0) }
    }

    @Test func `the first key that repeats an earlier one is found`() throws {
        #expect(try firstDuplicateOffset(#"{}"#) == nil)
        #expect(try firstDuplicateOffset(#"{"a":1}"#) == nil)
        #expect(try firstDuplicateOffset(#"{"a":1,"b":2}"#) == nil)
        #expect(try firstDuplicateOffset(#"{"a":1,"a":2}"#) == 7)
        #expect(try firstDuplicateOffset(#"{"a":1,"b":2,"b":3,"a":4}"#) == 13)
        #expect(try firstDuplicateOffset(#"{"a":{"b":1},"b":{"a":1}}"#) == nil)
        #expect(try firstDuplicateOffset(#"[1,1]"#) == nil)
    }

    @Test func `keys that differ only in their escapes are duplicates`() throws {
        #expect(try firstDuplicateOffset(#"{"ab":1,"\u0061b":2}"#) == 8)
        #expect(try firstDuplicateOffset(#"{"\u0061b":1,"ab":2}"#) == 13)
        #expect(try firstDuplicateOffset(#"{"\u0061b":1,"a\u0062":2}"#) == 13)
        #expect(try firstDuplicateOffset(#"{"\u0061b":1,"a\u0063":2}"#) == nil)
    }

    @Test func `keys that differ only in their composition are none`() throws {
        #expect(try firstDuplicateOffset("{\"\u{E9}\":1,\"e\u{301}\":2}") == nil)
    }

    @Test(arguments: [2, 11, 12, 13, 14, 200, 5_000]) func `objects of any size are searched`(size: Int) throws {
        let members = (0..<size).map { "\"k\($0)\":\($0)" }
        #expect(try firstDuplicateOffset("{" + members.joined(separator: ",") + "}") == nil)
        let repeated = "{" + members.joined(separator: ",") + ","
        #expect(try firstDuplicateOffset(repeated + "\"k\(size / 2)\":0,\"k0\":0}") == repeated.utf8.count)
    }
}
