import JSON

/// A record's headers in one run of bytes, as the log keeps them: names, values, order and repetition as they arrived.
///
/// Per header: name length (4 bytes, big-endian, unsigned), name, value length (4 bytes, big-endian, signed; -1 for a null value), value.
/// No headers are no bytes.
package enum HeaderBytes {
    /// Appends one header.
    package static func append(name: RawSpan, value: RawSpan?, to bytes: inout [UInt8]) {
        append(UInt32(name.byteCount), to: &bytes)
        name.append(to: &bytes)
        if let value {
            append(UInt32(value.byteCount), to: &bytes)
            value.append(to: &bytes)
        } else {
            append(UInt32.max, to: &bytes)
        }
    }

    private static func append(_ number: UInt32, to bytes: inout [UInt8]) {
        bytes.append(UInt8(truncatingIfNeeded: number >> 24))
        bytes.append(UInt8(truncatingIfNeeded: number >> 16))
        bytes.append(UInt8(truncatingIfNeeded: number >> 8))
        bytes.append(UInt8(truncatingIfNeeded: number))
    }
}
