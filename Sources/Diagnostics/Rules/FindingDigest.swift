package import Hashing

/// The exact set of a finding's occurrences, whatever their order: their count and two 64-bit sums modulo 2⁶⁴ of a hash of each.
///
/// The hash of an occurrence is the first 16 bytes of SHA-256 over: source id (4 bytes, big-endian), offset (8 bytes, big-endian), then rule, component,
/// path, expected and actual, each as its UTF-8 length (4 bytes, big-endian) and its UTF-8 bytes. The first 8 bytes, big-endian, go to `lane0`, the next 8
/// to `lane1`. Two generations with equal digests found the same things in the same events.
package struct FindingDigest: Equatable, Sendable {
    /// How many occurrences.
    package private(set) var count: Int64
    /// The first sum.
    package private(set) var lane0: UInt64
    /// The second sum.
    package private(set) var lane1: UInt64

    /// The digest of nothing, or one read back from a table.
    package init(count: Int64 = 0, lane0: UInt64 = 0, lane1: UInt64 = 0) {
        self.count = count
        self.lane0 = lane0
        self.lane1 = lane1
    }

    /// Takes one occurrence in. `hash` is between messages, and is so again afterwards.
    package mutating func add(_ finding: Finding, source: Int32, offset: Int64, hash: inout SHA256) {
        hash.update(source)
        hash.update(offset)
        for text in [finding.rule.rawValue, finding.component, finding.path, finding.expected, finding.actual] {
            hash.update(UInt32(text.utf8.count))
            hash.update(text)
        }
        let digest = hash.finish()
        count += 1
        lane0 &+= Self.lane(digest, from: 0)
        lane1 &+= Self.lane(digest, from: 8)
    }

    /// Adds another set, disjoint from this one.
    package static func += (sum: inout FindingDigest, other: FindingDigest) {
        sum.count += other.count
        sum.lane0 &+= other.lane0
        sum.lane1 &+= other.lane1
    }

    private static func lane(_ digest: SHA256Digest, from start: Int) -> UInt64 {
        var lane: UInt64 = 0
        for index in start..<start + 8 { lane = lane << 8 | UInt64(digest[index]) }
        return lane
    }
}
