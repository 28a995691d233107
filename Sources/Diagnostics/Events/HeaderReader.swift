import JSON

/// Walks over the layout of `HeaderBytes` without copying.
///
/// Bytes that are not in the layout end the walk: there is no telling where the next header would start.
package struct HeaderReader: ~Escapable {
    private let bytes: RawSpan
    private var position = 0

    /// Starts at the first header.
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan) { self.bytes = bytes }

    /// The next header's name and value as byte ranges; nil at the end, and at the first bytes that are not in the layout.
    package mutating func next() -> (name: Range<Int>, value: Range<Int>?)? {
        guard let field = field(), let name = field, let value = self.field() else {
            position = bytes.byteCount
            return nil
        }
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
