import JSON
import Testing

@Suite struct WriterTests {
    @Test func `commas and colons are put where they belong`() throws {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("a")
        writer.beginArray()
        writer.integer(1 as Int64)
        writer.integer(-2)
        writer.unsigned(.max)
        writer.double(0.5)
        writer.bool(true)
        writer.null()
        writer.string("x\"y")
        writer.beginObject()
        writer.endObject()
        writer.beginArray()
        writer.endArray()
        writer.endArray()
        writer.key("b")
        writer.raw(Array(" {\"c\" : 1}".utf8).rawBytes)
        writer.key("d")
        writer.tree(.array([.integer(1), .object(["e": .null])]))
        writer.endObject()
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"a":[1,-2,18446744073709551615,0.5,true,null,"x\"y",{},[]],"b": {"c" : 1},"d":[1,{"e":null}]}"#)
        #expect(fault(in: writer.bytes) == nil)
    }

    @Test func `pretty text has two spaces a level, and none in what is empty`() throws {
        let tree = try tree(#"{"a":[1,{"b":null}],"c":{},"d":[],"e":"x"}"#)
        let expected = """
            {
              "a": [
                1,
                {
                  "b": null
                }
              ],
              "c": {},
              "d": [],
              "e": "x"
            }
            """
        #expect(written(tree, layout: .pretty) == expected)
    }

    @Test func `scalars are documents`() {
        for (text, tree) in [("1", JSONTree.integer(1)), ("\"a\"", .string("a")), ("null", .null), ("[]", .array([])), ("{}", .object([:]))] {
            #expect(written(tree) == text)
            #expect(written(tree, layout: .pretty) == text)
        }
    }

    @Test func `every control character is escaped, and nothing else that need not be`() throws {
        for scalar in (0..<0x100).compactMap({ Unicode.Scalar(UInt32($0)) }) {
            let string = "abcdefgh" + String(scalar) + "ijklmnop"
            let text = written(.string(string))
            let isEscaped = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
            #expect(text.contains("\\") == isEscaped, "\(scalar.value)")
            #expect(try tree(text).stringValue.map { Array($0.utf8) } == Array(string.utf8))
        }
    }

    @Test func `bytes that are no UTF-8 become replacement characters`() throws {
        let cases: [([UInt8], String)] = [
            ([0x61, 0xFF, 0x62], "a\u{FFFD}b"), ([0xC3], "\u{FFFD}"), ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"), (Array("é😀\n".utf8), "é😀\n"),
            ([], ""),
        ]
        for (bytes, expected) in cases {
            var writer = JSONWriter()
            writer.string(utf8: bytes.rawBytes)
            #expect(try tree(writer.bytes).stringValue == expected)
        }
    }

    @Test func `doubles read back as they were`() throws {
        var generator = SplitMix64(seed: 19)
        let edges: [Double] = [0, -0.0, 1, 1e16, 1e-5, 1e21, 1e22, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .pi]
        let random = (0..<2_000).map { _ in Double(bitPattern: generator.next()) }.filter(\.isFinite)
        for value in edges + random {
            var writer = JSONWriter()
            writer.double(value)
            #expect(try tree(writer.bytes).doubleValue?.bitPattern == value.bitPattern)
        }
    }

    @Test func `doubles that JSON has no number for are written as null`() {
        var writer = JSONWriter()
        writer.beginArray()
        for value in [Double.nan, .infinity, -.infinity] { writer.double(value) }
        writer.endArray()
        #expect(writer.bytes == Array("[null,null,null]".utf8))
    }

    @Test func `lines end documents, and a cleared writer starts again`() {
        var writer = JSONWriter()
        writer.integer(1)
        writer.newline()
        writer.beginArray()
        writer.endArray()
        writer.newline()
        #expect(writer.bytes == Array("1\n[]\n".utf8))
        writer.beginArray()
        writer.clear()
        writer.null()
        #expect(writer.bytes == Array("null".utf8))
    }

    @Test func `a value is copied from a document as it stands`() throws {
        let bytes = Array(#"{"a":"x\u0041","b":[1, 2]}"#.utf8)
        var reader = JSONReader()
        try reader.read(bytes.rawBytes)
        let document = reader.document(over: bytes.rawBytes)
        var writer = JSONWriter()
        writer.beginArray()
        var next = document.firstMember(of: document.root)
        while let member = next {
            writer.raw(document.source(member.value))
            next = document.nextMember(after: member, in: document.root)
        }
        writer.endArray()
        #expect(writer.bytes == Array(#"["x\u0041",[1, 2]]"#.utf8))
    }
}
