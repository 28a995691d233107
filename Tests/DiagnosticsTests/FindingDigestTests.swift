import Diagnostics
import Hashing
import Testing

struct FindingDigestTests {
    private let finding = Finding(
        rule: .schemaMismatch, module: "not part of it", component: "motor", path: "/spéed", byteOffset: 99, expected: "integer", actual: "\"x\"",
        suggestion: "nor this")

    private func digest(_ occurrences: [(Finding, source: Int32, offset: Int64)]) -> FindingDigest {
        var hash = SHA256()
        var digest = FindingDigest()
        for (finding, source, offset) in occurrences { digest.add(finding, source: source, offset: offset, hash: &hash) }
        return digest
    }

    @Test func `an occurrence is hashed in the documented layout`() {
        var bytes: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFE, 0, 0, 0, 1, 2, 3, 4, 5]
        for text in ["schema-mismatch", "motor", "/spéed", "integer", "\"x\""] { bytes += [0, 0, 0, UInt8(text.utf8.count)] + Array(text.utf8) }
        let hash = SHA256.hash(bytes).bytes
        let lanes = [hash[0..<8], hash[8..<16]].map { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        #expect(digest([(finding, -2, 0x01_0203_0405)]) == FindingDigest(count: 1, lane0: lanes[0], lane1: lanes[1]))
    }

    @Test func `a set has one digest, whatever its order and however it is cut`() {
        var random = SeededRandom(seed: 10)
        var occurrences: [(Finding, source: Int32, offset: Int64)] = (0..<200).map { index in
            let path = "/\(index % 7)"
            return (Finding(rule: .valueNull, path: path, byteOffset: 0, expected: "e", actual: "null"), Int32(index % 3), Int64(index))
        }
        let whole = digest(occurrences)
        #expect(whole.count == 200)
        for _ in 0..<20 {
            occurrences.shuffle(using: &random)
            let cut = Int.random(in: 0...200, using: &random)
            var sum = digest(Array(occurrences[cut...]))
            sum += digest(Array(occurrences[..<cut]))
            #expect(sum == whole)
        }
        #expect(digest(Array(occurrences.dropLast())) != whole)
    }

    @Test func `every part of an occurrence counts, but for what a row does not compare`() {
        let base = digest([(finding, 1, 1)])
        func other(
            rule: Rule = .schemaMismatch, component: String = "motor", path: String = "/spéed", expected: String = "integer", actual: String = "\"x\""
        )
            -> FindingDigest
        {
            digest([(Finding(rule: rule, component: component, path: path, byteOffset: 0, expected: expected, actual: actual), 1, 1)])
        }
        #expect(other() == base)
        for changed in [
            other(rule: .valueNull), other(component: "moto"), other(path: "r/spéed"), other(expected: "integer\""), other(actual: "x"),
            other(component: "moto", path: "r/spéed"), digest([(finding, 2, 1)]), digest([(finding, 1, 2)]),
            digest([(finding, 1, 1), (finding, 1, 1)]),
        ] { #expect(changed != base) }
    }

    @Test func `lanes add modulo two to the 64th`() {
        var sum = FindingDigest(count: 1, lane0: .max, lane1: .max - 1)
        sum += FindingDigest(count: 2, lane0: 1, lane1: 3)
        #expect(sum == FindingDigest(count: 3, lane0: 0, lane1: 1))
        #expect(FindingDigest() == FindingDigest(count: 0, lane0: 0, lane1: 0))
    }
}
