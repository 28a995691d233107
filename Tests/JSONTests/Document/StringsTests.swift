import JSON
import Testing

@Suite struct StringsTests {
    static let cases: [(String, String)] = [
        (#""""#, ""), (#""a""#, "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0000""#, "\0"), (#""\u0041\u00e9\u6f22""#, "Aé漢"),
        (#""\ud83d\ude00""#, "😀"), (#""x\ud83d\ude00y""#, "x😀y"), (#""\ud800\udc00""#, "\u{10000}"), (#""\udbff\udfff""#, "\u{10FFFF}"),
        (#""\uFFFE""#, "\u{FFFE}"), (#""\u007f\u0080\u07ff\u0800\uffff""#, "\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}"), (#""a\\u0041""#, "a\\u0041"),
        ("\"é漢😀\"", "é漢😀"), (#""abcdefghijklmnop\nabcdefghijklmnop""#, "abcdefghijklmnop\nabcdefghijklmnop"), (#""\n\n\n""#, "\n\n\n"),
    ]

    @Test(arguments: cases) func `a string is unescaped and compared`(source: String, expected: String) throws {
        let bytes = Array(source.utf8)
        var reader = JSONReader()
        try reader.read(bytes.rawBytes)
        let document = reader.document(over: bytes.rawBytes)
        let root = document.root
        #expect(Array(document.string(root).utf8) == Array(expected.utf8))
        #expect(document.hasEscapes(root) == source.contains("\\"))
        #expect(document.equals(root, expected) == true)
        #expect(document.equals(root, expected + "x") == false)
        #expect(document.equals(root, "x" + expected) == false)
        #expect(document.equals(root, String(expected.unicodeScalars.dropLast()) + "\u{1}") == false)
        #expect(document.equals(root, String(expected.unicodeScalars.dropLast())) == expected.isEmpty)
        var buffer = Array("kept ".utf8)
        document.unescape(root, into: &buffer)
        #expect(buffer == Array(("kept " + expected).utf8))
    }

    @Test func `literals are compared as strings are`() throws {
        let bytes = Array(#"["temperature","temp\u0065rature",1,null,"1"]"#.utf8)
        var reader = JSONReader()
        try reader.read(bytes.rawBytes)
        let document = reader.document(over: bytes.rawBytes)
        var equal: [Bool] = []
        var next = document.firstElement(of: document.root)
        while let element = next {
            equal.append(document.equals(element, "temperature" as StaticString))
            if document.kind(element) != .string { #expect(document.equals(element, document.string(element)) == false, "only strings equal a text") }
            next = document.nextElement(after: element, in: document.root)
        }
        #expect(equal == [true, true, false, false, false])
    }

    @Test func `a composed and a decomposed letter are different strings`() throws {
        let bytes = Array("\"\u{E9}\"".utf8)
        var reader = JSONReader()
        try reader.read(bytes.rawBytes)
        let document = reader.document(over: bytes.rawBytes)
        #expect(document.equals(document.root, "\u{E9}") == true)
        #expect(document.equals(document.root, "e\u{301}") == false)
    }

    @Test func `every scalar survives being escaped and unescaped`() throws {
        var generator = SplitMix64(seed: 7)
        for _ in 0..<2_000 {
            guard let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &generator)) else { continue }
            let units = String(scalar).utf16.map { "\\u" + String(repeating: "0", count: 4 - String($0, radix: 16).count) + String($0, radix: 16) }
            #expect(try tree("\"\(units.joined())\"").stringValue?.unicodeScalars.first == scalar)
        }
    }
}
