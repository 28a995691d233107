import Hashing

/// A digest of a set of records that does not depend on their order: the four 64-bit lanes of each record's hash, first byte highest, added modulo 2^64.
///
/// With the count beside it, two sets have the same digest by accident as rarely as two 256-bit numbers are the same.
struct LaneSums: Equatable {
    private(set) var count: Int64 = 0
    private var lanes: InlineArray<4, UInt64> = [0, 0, 0, 0]

    /// Takes one record in.
    mutating func add(_ hash: SHA256Digest) {
        count += 1
        for lane in 0..<4 {
            var value: UInt64 = 0
            for byte in 0..<8 { value = value << 8 | UInt64(hash[lane * 8 + byte]) }
            lanes[lane] &+= value
        }
    }

    /// 64 hexadecimal digits.
    var hex: String {
        (0..<4).map { lane in
            let digits = String(lanes[lane], radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }

    static func == (left: LaneSums, right: LaneSums) -> Bool {
        left.count == right.count && (0..<4).allSatisfy { left.lanes[$0] == right.lanes[$0] }
    }
}
