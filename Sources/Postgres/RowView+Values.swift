extension RowView {
    /// An `int2`, `int4`, `int8` or `oid`; `nil` for NULL.
    package func int64OrNil(_ column: Int) throws(PostgresError) -> Int64? {
        let expected = "int8, int4 or int2"
        guard let bytes = bytesOrNil(column) else { return nil }
        switch type(column) {
        case .int8, .int4, .int2, .unknown: break
        case .oid: return bytes.bigEndian(UInt32.self).map(Int64.init)
        default: throw typeError(column, expected: expected)
        }
        switch bytes.byteCount {
        case 8: return bytes.bigEndian(Int64.self)
        case 4: return bytes.bigEndian(Int32.self).map(Int64.init)
        case 2: return bytes.bigEndian(Int16.self).map(Int64.init)
        default: throw lengthError(column, expected: expected)
        }
    }

    /// An `int2` or `int4`; `nil` for NULL.
    package func int32OrNil(_ column: Int) throws(PostgresError) -> Int32? {
        let expected = "int4 or int2"
        guard let bytes = bytesOrNil(column) else { return nil }
        switch type(column) {
        case .int4, .int2, .unknown: break
        default: throw typeError(column, expected: expected)
        }
        switch bytes.byteCount {
        case 4: return bytes.bigEndian(Int32.self)
        case 2: return bytes.bigEndian(Int16.self).map(Int32.init)
        default: throw lengthError(column, expected: expected)
        }
    }

    /// An `int2`; `nil` for NULL.
    package func int16OrNil(_ column: Int) throws(PostgresError) -> Int16? {
        try element(column)
    }

    /// A `bool`; `nil` for NULL.
    package func boolOrNil(_ column: Int) throws(PostgresError) -> Bool? {
        try element(column)
    }

    /// A `float8` or `float4`; `nil` for NULL.
    package func doubleOrNil(_ column: Int) throws(PostgresError) -> Double? {
        if type(column) == .float4, let bytes = bytesOrNil(column) {
            return bytes.bigEndian(UInt32.self).map { Double(Float(bitPattern: $0)) }
        }
        return try element(column)
    }

    /// A `timestamptz`; `nil` for NULL.
    package func timestampOrNil(_ column: Int) throws(PostgresError) -> PostgresTimestamp? {
        try element(column)
    }

    /// A `date` in days since 1970-01-01; `nil` for NULL.
    package func dateOrNil(_ column: Int) throws(PostgresError) -> Int32? {
        guard let bytes = bytesOrNil(column) else { return nil }
        guard type(column) == .date || type(column) == .unknown else { throw typeError(column, expected: "date") }
        guard let days = bytes.bigEndian(Int32.self) else { throw lengthError(column, expected: "a date") }
        return days &+ Int32(PostgresTimestamp.serverEpoch / 86_400_000_000)
    }

    /// Any type whose value is text: `text`, `varchar`, `name`, `json`, `jsonb`, an enum; `nil` for NULL.
    package func stringOrNil(_ column: Int) throws(PostgresError) -> String? {
        guard let bytes = try textOrNil(column) else { return nil }
        return String.decode(bytes)
    }

    /// The UTF-8 bytes of any type whose value is text, `json` and `jsonb` among them, in place; `nil` for NULL.
    @_lifetime(borrow self)
    package func textOrNil(_ column: Int) throws(PostgresError) -> RawSpan? {
        guard let bytes = bytesOrNil(column) else { return nil }
        let type = type(column)
        switch type {
        case .text, .varchar, .bpchar, .name, .json, .unknown: return bytes
        case .jsonb:
            guard bytes.byteCount > 0, unsafe bytes.unsafeLoad(as: UInt8.self) == PostgresType.jsonbVersion else {
                throw lengthError(column, expected: "jsonb of version \(PostgresType.jsonbVersion)")
            }
            return unsafe _overrideLifetime(bytes.extracting(droppingFirst: 1), borrowing: self)
        default:
            guard type.isCreated else { throw typeError(column, expected: "a text type") }
            return bytes
        }
    }

    /// A `bytea`, copied; `nil` for NULL.
    package func byteArrayOrNil(_ column: Int) throws(PostgresError) -> [UInt8]? {
        try element(column)
    }

    /// An array without NULL elements; `nil` for NULL.
    package func arrayOrNil<Element: PostgresElement>(_ column: Int, of type: Element.Type) throws(PostgresError) -> [Element]? {
        guard let elements = try nullableArrayOrNil(column, of: type) else { return nil }
        var values: [Element] = []
        values.reserveCapacity(elements.count)
        for element in elements {
            guard let element else { throw nullError(column, expected: "an array without NULL elements; element \(values.count)") }
            values.append(element)
        }
        return values
    }

    /// A one-dimensional array whose elements may be NULL; `nil` for NULL.
    package func nullableArrayOrNil<Element: PostgresElement>(_ column: Int, of type: Element.Type) throws(PostgresError) -> [Element?]? {
        guard let bytes = bytesOrNil(column) else { return nil }
        guard self.type(column) == Element.arrayType || self.type(column) == .unknown else {
            throw typeError(column, expected: Element.arrayType.description)
        }
        var reader = BinaryArrayReader(bytes)
        guard let elements = reader.read(Element.self) else { throw lengthError(column, expected: "one-dimensional \(Element.arrayType)") }
        return elements
    }

    /// A value of exactly its own type.
    private func element<Element: PostgresElement>(_ column: Int) throws(PostgresError) -> Element? {
        guard let bytes = bytesOrNil(column) else { return nil }
        let type = type(column)
        guard type == Element.elementType || type == .unknown else { throw typeError(column, expected: Element.elementType.description) }
        guard let value = Element.decode(bytes) else { throw lengthError(column, expected: Element.elementType.description) }
        return value
    }
}
