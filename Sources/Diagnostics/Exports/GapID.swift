import Hashing

/// The name of a gap: made of what it is, so that the same evidence finds the same gap again.
package enum GapID {
    /// 16 hexadecimal digits of the SHA-256 of route, sort of extent and start.
    ///
    /// Neither the cause nor the end is in it, which later evidence may change, nor a reconciliation's number: two that find the same run missing mean the
    /// same gap. Events that are not JSON are a gap of their own at the same place.
    package static func of(_ gap: FoundGap) -> String {
        var hash = SHA256()
        for text in [gap.route.tenant, gap.route.exportID, gap.route.destinationID] { add(text, to: &hash) }
        switch gap.extent {
        case .time: add("time", to: &hash)
        case .offsets(let topic, let partition, let first, _):
            add("offsets", to: &hash)
            add(topic, to: &hash)
            hash.update(Int64(partition))
            hash.update(first)
        case .listed: add("listed", to: &hash)
        }
        hash.update(gap.cause == .malformed ? 1 : 0 as UInt8)
        hash.update(gap.start.microseconds)
        let digest = hash.finish()
        let digits = Array("0123456789abcdef")
        return (0..<8).reduce(into: "") { name, index in
            name.append(digits[Int(digest[index] >> 4)])
            name.append(digits[Int(digest[index] & 15)])
        }
    }

    private static func add(_ text: String, to hash: inout SHA256) {
        hash.update(Int64(text.utf8.count))
        hash.update(text)
    }
}
