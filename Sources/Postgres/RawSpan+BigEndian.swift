extension RawSpan {
    /// The whole span as one integer, highest byte first; `nil` unless its length is the integer's.
    func bigEndian<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type) -> Value? {
        guard byteCount == MemoryLayout<Value>.size else { return nil }
        return unsafe Value(bigEndian: unsafeLoadUnaligned(as: type))
    }
}
