/// Integers in network order, the order of every binary value of the protocol.
extension [UInt8] {
    mutating func appendBigEndian(_ value: some FixedWidthInteger) {
        unsafe Swift.withUnsafeBytes(of: value.bigEndian) { unsafe append(contentsOf: $0) }
    }

    /// Overwrites the bytes at a place that was filled before.
    mutating func storeBigEndian(_ value: some FixedWidthInteger & BitwiseCopyable, at offset: Int) {
        unsafe withUnsafeMutableBytes { unsafe $0.storeBytes(of: value.bigEndian, toByteOffset: offset, as: type(of: value)) }
    }
}
