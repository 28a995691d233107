import JSON
import Testing
import Yams

@testable import hindcast

/// How values are written for people and for programs.
struct TextOutputTests {
    @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")])
    func `bytes become the Base64 of RFC 4648 §10`(text: String, expected: String) { #expect(Base64.text(Array(text.utf8)) == expected) }

    @Test func `YAML reads back as the same values, and texts stay texts`() throws {
        let tree = JSONTree.object([
            "text": .string("true"), "number": .string("12"), "date": .string("2026-11-29"), "nothing": .string("null"), "empty": .string(""),
            "lines": .string("a\nb: c\n---\n"), "escape": .string("\u{1B}[31m\u{0}"), "unicode": .string("grün"), "real": .number(text: "1.50"),
            "whole": .integer(7), "flag": .bool(false), "none": .null, "list": .array([.integer(1), .object(["a": .string("- b")])]),
            "word": .string("yes"),
        ])
        let text = try YAMLText.document(tree)
        #expect(text.hasPrefix("---"))
        #expect(text.hasSuffix("\n"))
        #expect(!text.contains("\u{1B}"))
        let node = try #require(try Yams.compose(yaml: text))
        for name in ["text", "number", "date", "nothing", "empty", "lines", "escape", "unicode", "word"] {
            #expect(node[name]?.string == tree[name]?.stringValue, "\(name)")
            #expect(node[name]?.tag == Tag(.str), "\(name)")
        }
        #expect(node["whole"]?.int == 7)
        #expect(node["real"]?.float == 1.5)
        #expect(node["flag"]?.bool == false)
        #expect(node["none"]?.tag == Tag(.null))
        #expect(node["list"]?.sequence?.count == 2)
    }

    @Test func `two documents behind each other are two documents`() throws {
        let text = try YAMLText.document(.object(["a": .integer(1)])) + YAMLText.document(.object(["a": .integer(2)]))
        #expect(try Array(Yams.compose_all(yaml: text)).count == 2)
    }

    @Test func `a payload is JSON, else text, else Base64`() {
        let json = PayloadTree(Array(#"{"a":1}"#.utf8))
        #expect(json.json["a"]?.integerValue == 1 && json.text.isNull && json.base64.isNull)
        let text = PayloadTree(Array("{".utf8))
        #expect(text.json.isNull && text.text.stringValue == "{" && text.base64.isNull)
        let bytes = PayloadTree([0xFF, 0])
        #expect(bytes.json.isNull && bytes.text.isNull && bytes.base64.stringValue == "/wA=")
        let nothing = PayloadTree(nil)
        #expect(nothing.json.isNull && nothing.text.isNull && nothing.base64.isNull)
    }
}
