import Hashing

/// Orders names that a device chose, so that which ones are kept depends on the names alone.
enum NameHash {
    /// The first 8 bytes of SHA-256 over texts, each with its length, as a signed big-endian number.
    static func of(_ texts: [String], _ hash: inout SHA256) -> Int64 {
        for text in texts {
            hash.update(UInt32(text.utf8.count))
            hash.update(text)
        }
        let digest = hash.finish()
        var value: UInt64 = 0
        for index in 0..<8 { value = value << 8 | UInt64(digest[index]) }
        return Int64(bitPattern: value)
    }
}
