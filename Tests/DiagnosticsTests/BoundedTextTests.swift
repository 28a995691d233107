import Diagnostics
import Hashing
import JSON
import Testing

struct BoundedTextTests {
    private func bounded(_ bytes: [UInt8], limit: Int = BoundedText.identifierLimit) -> [UInt8] {
        var text: [UInt8] = Array("before".utf8)
        let count = BoundedText.append(bytes.rawBytes, limit: limit, to: &text)
        #expect(text.starts(with: "before".utf8))
        #expect(text.count == 6 + count)
        return Array(text.dropFirst(6))
    }

    private func mark(of bytes: [UInt8]) -> [UInt8] { Array("#".utf8) + Array(SHA256.hash(bytes).hex.utf8.prefix(16)) }

    @Test(arguments: ["", "a", "pump-07", "naïve-ß-日本-🏭", "with \"quotes\" \\ and \n"])
    func `text within the limit stays as it is`(text: String) {
        #expect(bounded(Array(text.utf8)) == Array(text.utf8))
        #expect(BoundedText.bound(text, limit: 128) == text)
    }

    @Test func `the limit itself is within the limit`() {
        let exact = [UInt8](repeating: 0x61, count: 128)
        #expect(bounded(exact) == exact)
        let longer = exact + [0x61]
        #expect(bounded(longer) == Array(repeating: 0x61, count: 111) + mark(of: longer))
        #expect(bounded(longer).count == 128)
    }

    @Test func `two long originals stay different`() {
        let a = Array(String(repeating: "x", count: 3000).utf8)
        let b = a + [0x78]
        #expect(bounded(a).prefix(111) == bounded(b).prefix(111))
        #expect(bounded(a) != bounded(b))
    }

    @Test(arguments: 0..<4)
    func `a cut falls on the border of a character`(shift: Int) throws {
        let original = Array((String(repeating: "x", count: shift) + String(repeating: "🏭", count: 40)).utf8)
        let result = bounded(original)
        let text = try #require(String(validating: result, as: UTF8.self))
        #expect(result.count <= 128)
        #expect(result.count > 128 - 4)
        #expect(text.hasSuffix(String(decoding: mark(of: original), as: UTF8.self)))
        #expect(text.dropLast(17).allSatisfy { $0 == "x" || $0 == "🏭" })
    }

    @Test func `a NUL is written as its escape, and a text that grows over the limit by it is cut`() {
        #expect(bounded(Array("a\u{0}b".utf8)) == Array(#"a\u0000b"#.utf8))
        let nuls = [UInt8](repeating: 0, count: 100)
        let result = bounded(nuls)
        #expect(result.count <= 128)
        #expect(!result.contains(0))
        #expect(result.suffix(17) == mark(of: nuls)[...])
    }

    @Test(arguments: [[0xFF], [0x61, 0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80]] as [[UInt8]])
    func `text that is not UTF-8 is mended and marked`(bytes: [UInt8]) throws {
        let result = bounded(bytes)
        let text = try #require(String(validating: result, as: UTF8.self))
        #expect(text.contains("\u{FFFD}"))
        #expect(result.suffix(17) == mark(of: bytes)[...])
    }

    @Test func `different ill-formed originals stay different`() {
        #expect(bounded([0xFE]) != bounded([0xFF]))
    }

    @Test func `bounded text is bounded already`() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<2_000 {
            let count = Int.random(in: 0...300, using: &random)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) & (Bool.random(using: &random) ? 0x7F : 0xFF) }
            let once = bounded(bytes)
            #expect(once.count <= 128)
            #expect(!once.contains(0))
            #expect(String(validating: once, as: UTF8.self) != nil)
            #expect(bounded(once) == once)
        }
    }
}
