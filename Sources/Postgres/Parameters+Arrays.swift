extension Parameters {
    /// Binds a `bool[]`.
    package mutating func append(_ values: [Bool]) {
        appendArray(values)
    }

    /// Binds an `int2[]`.
    package mutating func append(_ values: [Int16]) {
        appendArray(values)
    }

    /// Binds an `int4[]`.
    package mutating func append(_ values: [Int32]) {
        appendArray(values)
    }

    /// Binds an `int8[]`.
    package mutating func append(_ values: [Int64]) {
        appendArray(values)
    }

    /// Binds a `float8[]`.
    package mutating func append(_ values: [Double]) {
        appendArray(values)
    }

    /// Binds a `text[]`.
    package mutating func append(_ values: [String]) {
        appendArray(values)
    }

    /// Binds a `bytea[]`.
    package mutating func append(_ values: [[UInt8]]) {
        appendArray(values)
    }

    /// Binds a `timestamptz[]`.
    package mutating func append(_ values: [PostgresTimestamp]) {
        appendArray(values)
    }

    /// Binds an array some of whose elements may be NULL.
    package mutating func append<Element: PostgresElement>(_ values: [Element?]) {
        append(Element.arrayType) { bytes in
            Self.appendHeader(Element.self, count: values.count, hasNull: values.contains { $0 == nil }, to: &bytes)
            for value in values {
                if let value {
                    Self.append(value, to: &bytes)
                } else {
                    bytes.appendBigEndian(Int32(-1))
                }
            }
        }
    }

    /// Binds an array, or NULL in its place.
    package mutating func append<Element: PostgresElement>(_ values: [Element]?) {
        if let values { appendArray(values) } else { appendNull(Element.arrayType) }
    }

    // MARK: -

    private mutating func appendArray<Element: PostgresElement>(_ values: [Element]) {
        append(Element.arrayType) { bytes in
            Self.appendHeader(Element.self, count: values.count, hasNull: false, to: &bytes)
            for value in values { Self.append(value, to: &bytes) }
        }
    }

    /// The head of a binary array (PostgreSQL, array_send): dimensions, whether there are NULLs, element type, then length and lower bound.
    private static func appendHeader<Element: PostgresElement>(_: Element.Type, count: Int, hasNull: Bool, to bytes: inout [UInt8]) {
        bytes.appendBigEndian(Int32(count == 0 ? 0 : 1))
        bytes.appendBigEndian(Int32(hasNull ? 1 : 0))
        bytes.appendBigEndian(Element.elementType.rawValue)
        guard count > 0 else { return }
        bytes.appendBigEndian(Int32(count))
        bytes.appendBigEndian(Int32(1))
    }

    private static func append(_ value: some PostgresElement, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.appendBigEndian(Int32(0))
        value.encode(into: &bytes)
        bytes.storeBigEndian(Int32(bytes.count - start - 4), at: start)
    }
}
