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

/// Walks over header bytes without copying.
package struct HeaderReader: ~Escapable {
    private let bytes: RawSpan
    private var position = 0

    /// Starts at the first header.
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan) { self.bytes = bytes }

    /// The next header's name and value as byte ranges; nil at the end, and at the first bytes that are not in the layout.
    package mutating func next() -> (name: Range<Int>, value: Range<Int>?)? {
        guard let name = field(), let name else { return nil }
        guard let value = field() else { return nil }
        return (name, value)
    }

    /// One length-prefixed field: nil when the bytes end early, `.some(nil)` for a null.
    private mutating func field() -> Range<Int>?? {
        guard position + 4 <= bytes.byteCount else { return nil }
        let length = Int32(bitPattern: bytes.bigEndianUInt32(at: position))
        position += 4
        if length == -1 { return .some(nil) }
        guard length >= 0, position + Int(length) <= bytes.byteCount else { return nil }
        defer { position += Int(length) }
        return position..<position + Int(length)
    }

    /// The range of the value of the first header with a name; nil where there is none or it is null.
    package static func value(named name: StaticString, in bytes: RawSpan) -> Range<Int>? {
        var reader = HeaderReader(bytes)
        while let header = reader.next() {
            if bytes.extracting(header.name).equals(name) { return header.value }
        }
        return nil
    }
}
