/// Reads a one-dimensional binary array (PostgreSQL, array_send): dimensions, NULL flag, element type, length, lower bound, then each element's length
/// and bytes.
struct BinaryArrayReader: ~Escapable {
    private var rest: RawSpan

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) {
        rest = bytes
    }

    /// The elements; `nil` when the bytes are not such an array of them.
    mutating func read<Element: PostgresElement>(_: Element.Type) -> [Element?]? {
        guard let dimensions = int32(), int32() != nil, let elementType = int32() else { return nil }
        guard UInt32(bitPattern: elementType) == Element.elementType.rawValue else { return nil }
        if dimensions == 0 { return [] }
        guard dimensions == 1, let count = int32(), count >= 0, int32() != nil else { return nil }
        var elements: [Element?] = []
        elements.reserveCapacity(min(Int(count), rest.byteCount / 4))
        for _ in 0..<count {
            guard let length = int32() else { return nil }
            if length < 0 {
                elements.append(nil)
                continue
            }
            guard Int(length) <= rest.byteCount, let element = Element.decode(rest.extracting(first: Int(length))) else { return nil }
            elements.append(element)
            rest = rest.extracting(droppingFirst: Int(length))
        }
        return elements
    }

    private mutating func int32() -> Int32? {
        guard rest.byteCount >= 4 else { return nil }
        let value = rest.extracting(first: 4).bigEndian(Int32.self)
        rest = rest.extracting(droppingFirst: 4)
        return value
    }
}
