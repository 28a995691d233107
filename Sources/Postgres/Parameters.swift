import CLibPQ

/// The bind values of one statement, in order, in the server's binary format.
///
/// The first value appended is `$1`. A connection reuses one of these, so binding allocates nothing after warm-up.
@safe package struct Parameters: ~Copyable {
    private var data: [UInt8] = []
    private var starts: [Int] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []
    private(set) var types: [UInt32] = []

    init() {}

    /// How many values there are.
    package var count: Int { starts.count }

    mutating func removeAll() {
        data.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        types.removeAll(keepingCapacity: true)
    }

    /// Adds one value whose bytes the closure appends.
    mutating func append(_ type: PostgresType, _ encode: (inout [UInt8]) -> Void) {
        let start = data.count
        encode(&data)
        starts.append(start)
        lengths.append(Int32(data.count - start))
        formats.append(1)
        types.append(type.rawValue)
    }

    mutating func appendNull(_ type: PostgresType) {
        starts.append(-1)
        lengths.append(0)
        formats.append(1)
        types.append(type.rawValue)
    }

    /// Hands the values to libpq as it takes them: count, types, pointers, lengths, formats. The pointers are valid inside the call.
    mutating func withPointers<T>(
        _ body: (
            CInt, UnsafePointer<Oid>?, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?
        ) -> T
    ) -> T {
        // An empty value still needs an address, since no address means NULL.
        if data.isEmpty { data.append(0) }
        let count = starts.count
        return unsafe data.withUnsafeBytes { bytes in
            unsafe withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: max(count, 1)) { pointers in
                for index in 0..<count {
                    let start = starts[index]
                    unsafe pointers.initializeElement(
                        at: index, to: start < 0 ? nil : bytes.baseAddress.map { unsafe ($0 + start).assumingMemoryBound(to: CChar.self) })
                }
                return unsafe types.withUnsafeBufferPointer { types in
                    unsafe lengths.withUnsafeBufferPointer { lengths in
                        unsafe formats.withUnsafeBufferPointer { formats in
                            unsafe body(
                                CInt(count), types.baseAddress, UnsafePointer(pointers.baseAddress), lengths.baseAddress, formats.baseAddress)
                        }
                    }
                }
            }
        }
    }
}
