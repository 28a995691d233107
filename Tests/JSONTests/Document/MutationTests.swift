import JSON
import Testing

@Suite struct MutationTests {
    private static let seeds = [
        #"{"a":[1,-2.5e+10,"é😀\n\ud83d\ude00\\"],"b":{"c":null,"d":[true,false,{}]},"e":[]}"#, #"{"temperature":21.5,"humidity":40,"on":true}"#,
        "[ \"abcdefghijklmnop\" , 0.125, [[[]]] ]\n", #"["\u0000\u001f\"\/","",-0,1E-5,123456789012345678901]"#, "-12.5E-3", #"{"":{"":{"":[{}]}}}"#,
    ]

    private static let bytes: [UInt8] =
        Array("\"\\{}[],:0123456789-+.eE truefalsnu/*'#\t\n\r".utf8) + [0x00, 0x1F, 0x7F, 0x80, 0xA0, 0xC3, 0xE2, 0xED, 0xEF, 0xF0, 0xF4, 0xFF]

    /// One to three changes: a byte replaced, put in or taken out, or a piece of another text put in.
    private static func mutated(_ generator: inout SplitMix64) -> [UInt8] {
        var text = Array((seeds.randomElement(using: &generator) ?? "").utf8)
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let place = Int.random(in: 0..<max(text.count, 1), using: &generator)
            let byte = bytes.randomElement(using: &generator) ?? 0
            switch Int.random(in: 0..<4, using: &generator) {
            case 0 where !text.isEmpty: text[place] = byte
            case 1 where !text.isEmpty: text.remove(at: place)
            case 2:
                let other = Array((seeds.randomElement(using: &generator) ?? "").utf8)
                let start = Int.random(in: 0..<other.count, using: &generator)
                text.insert(contentsOf: other[start..<min(start + 5, other.count)], at: min(place, text.count))
            default: text.insert(byte, at: min(place, text.count))
            }
        }
        return text
    }

    @Test(arguments: [UInt64(1), 2, 3, 4]) func `changed documents are taken or refused as the plain grammar says, and what is taken survives`(
        seed: UInt64
    ) throws {
        var generator = SplitMix64(seed: seed)
        var reader = JSONReader()
        var accepted = 0
        for _ in 0..<6_000 {
            let text = Self.mutated(&generator)
            let isJSON = PlainRecogniser.accepts(text)
            do throws(JSONSyntaxError) {
                try reader.read(text.rawBytes)
                let document = reader.document(over: text.rawBytes)
                accepted += 1
                #expect(isJSON, "taken: \(text)")
                let first = document.tree(document.root)
                let again = try JSONTree.parse(Array(written(first).utf8))
                #expect(again == first, "\(text)")
                #expect(again.canonicalBytes() == first.canonicalBytes())
                let canonical = try JSONTree.parse(first.canonicalBytes())
                #expect(canonical.canonicalBytes() == first.canonicalBytes())
            } catch {
                #expect(!isJSON, "refused: \(text): \(error)")
                #expect((0...text.count).contains(error.offset))
                #expect((error.reason == .truncated || error.reason == .empty) == (error.offset == text.count), "\(text): \(error)")
            }
        }
        #expect(accepted > 300, "too few of the changed documents are JSON to say anything")
    }
}
