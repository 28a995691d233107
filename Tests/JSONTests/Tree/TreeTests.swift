import JSON
import Testing

@Suite struct TreeTests {
    @Test func `a tree keeps order, duplicates, number text, offsets and lines`() throws {
        let tree = try tree("{\n  \"b\": 1.50,\n  \"a\": [true,\r\n null],\n\n  \"b\": \"x\\ny\"\n}")
        #expect(tree.kind == .object)
        #expect(tree.members.map(\.key) == ["b", "a", "b"])
        #expect(tree.members.map(\.keyOffset) == [4, 17, 41])
        #expect(tree.members.map(\.value.line) == [2, 3, 6])
        #expect(tree.members.map(\.value.offset) == [9, 22, 46])
        #expect(tree.members[0].value.numberText == "1.50")
        #expect(tree.members[0].value.doubleValue == 1.5)
        #expect(tree["b"]?.stringValue == "x\ny")
        #expect(tree["a"]?.elements.map(\.kind) == [.trueValue, .null])
        #expect(tree["a"]?.elements.map(\.line) == [3, 4])
        #expect(tree["a"]?.elements[0].boolValue == true)
        #expect(tree["a"]?.elements[1].isNull == true)
        #expect(tree["c"] == nil)
        #expect(tree.firstDuplicateMember?.keyOffset == 41)
        #expect(tree.offset == 0 && tree.line == 1)
    }

    @Test func `a value of one kind is none of another`() throws {
        for text in ["null", "true", "1", "\"a\"", "[1]", "{\"a\":1}"] {
            let tree = try tree(text)
            #expect((tree.stringValue != nil) == (tree.kind == .string))
            #expect((tree.numberText != nil) == (tree.kind == .number))
            #expect((tree.integerValue != nil) == (tree.kind == .number))
            #expect((tree.doubleValue != nil) == (tree.kind == .number))
            #expect((tree.boolValue != nil) == (tree.kind == .trueValue))
            #expect(tree.isNull == (tree.kind == .null))
            #expect(tree.elements.isEmpty == (tree.kind != .array))
            #expect(tree.members.isEmpty == (tree.kind != .object))
            #expect((tree["a"] != nil) == (tree.kind == .object))
        }
    }

    @Test func `a built tree equals the same tree read`() throws {
        let built = JSONTree.object([
            "name": .string("é\"\\\n"), "count": .integer(-3), "large": .integer(UInt64.max), "ratio": .double(0.5), "text": .number(text: "1.50e+3"),
            "list": .array([.null, .bool(true), .bool(false), .array([]), .object([:])]), "name": .string("again"),
        ])
        let text = written(built)
        #expect(
            text
                == #"{"name":"é\"\\\n","count":-3,"large":18446744073709551615,"ratio":0.5,"text":1.50e+3,"list":[null,true,false,[],{}],"name":"again"}"#
        )
        #expect(try tree(text) == built)
        #expect(built == JSONTree.object(built.members))
    }

    @Test func `doubles that JSON has no number for are built as null`() {
        for value in [Double.nan, .infinity, -.infinity] { #expect(JSONTree.double(value).isNull) }
    }

    @Test func `equality ignores places and sees everything else`() throws {
        #expect(try tree(" [1, {\"a\": 2}]") == tree("[1,{\"a\":2}]"))
        #expect(try tree(#"["\u0041"]"#) == tree(#"["A"]"#))
        let different = [
            ("[1]", "[1.0]"), ("[1,2]", "[2,1]"), ("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}"), ("{\"a\":1}", "{\"a\":1,\"a\":1}"), ("[]", "{}"),
            ("\"1\"", "1"), ("true", "false"), ("null", "false"), ("[[]]", "[]"), ("\"\u{E9}\"", "\"e\u{301}\""),
            ("{\"\u{E9}\":1}", "{\"e\u{301}\":1}"),
        ]
        for (left, right) in different { #expect(try tree(left) != tree(right), "\(left) \(right)") }
    }

    @Test func `a key is found code unit by code unit`() throws {
        let tree = try tree("{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(tree["\u{E9}"]?.integerValue == 1)
        #expect(tree["e\u{301}"]?.integerValue == 2)
    }

    @Test func `a fault is thrown as the reader names it`() {
        do throws(JSONSyntaxError) {
            _ = try JSONTree.parse(Array("{\"a\": 1,\n \"b\": 01}".utf8))
            Issue.record("a leading zero was accepted")
        } catch {
            #expect(error.reason == .leadingZero)
            #expect(error.offset == 16)
        }
    }
}
