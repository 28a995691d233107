extension Parameters {
    /// Binds a `bool`.
    package mutating func append(_ value: Bool) {
        append(.bool) { $0.append(value ? 1 : 0) }
    }

    /// Binds an `int2`.
    package mutating func append(_ value: Int16) {
        append(.int2) { $0.appendBigEndian(value) }
    }

    /// Binds an `int4`.
    package mutating func append(_ value: Int32) {
        append(.int4) { $0.appendBigEndian(value) }
    }

    /// Binds an `int8`.
    package mutating func append(_ value: Int64) {
        append(.int8) { $0.appendBigEndian(value) }
    }

    /// Binds a `float8`.
    package mutating func append(_ value: Double) {
        append(.float8) { $0.appendBigEndian(value.bitPattern) }
    }

    /// Binds a `text`. The server refuses one that holds a NUL.
    package mutating func append(_ value: String) {
        append(.text) { $0.append(contentsOf: value.utf8) }
    }

    /// Binds a `bytea`.
    package mutating func append(_ value: [UInt8]) {
        append(.bytea) { $0.append(contentsOf: value) }
    }

    /// Binds a `bytea` from borrowed bytes.
    package mutating func append(_ value: RawSpan) {
        unsafe value.withUnsafeBytes { bytes in
            append(.bytea) { unsafe $0.append(contentsOf: bytes) }
        }
    }

    /// Binds a `timestamptz`.
    package mutating func append(_ value: PostgresTimestamp) {
        append(.timestamptz) { $0.appendBigEndian(value.serverValue) }
    }

    /// Binds a `json` by its text.
    package mutating func append(json text: String) {
        append(.json) { $0.append(contentsOf: text.utf8) }
    }

    /// Binds a `json` by the bytes of its text.
    package mutating func append(json text: [UInt8]) {
        append(.json) { $0.append(contentsOf: text) }
    }

    /// Binds a `jsonb` by its text.
    package mutating func append(jsonb text: String) {
        append(.jsonb) {
            $0.append(PostgresType.jsonbVersion)
            $0.append(contentsOf: text.utf8)
        }
    }

    /// Binds a `jsonb` by the bytes of its text.
    package mutating func append(jsonb text: [UInt8]) {
        append(.jsonb) {
            $0.append(PostgresType.jsonbVersion)
            $0.append(contentsOf: text)
        }
    }
}

extension Parameters {
    /// Binds a `bool` or NULL.
    package mutating func append(_ value: Bool?) {
        if let value { append(value) } else { appendNull(.bool) }
    }

    /// Binds an `int2` or NULL.
    package mutating func append(_ value: Int16?) {
        if let value { append(value) } else { appendNull(.int2) }
    }

    /// Binds an `int4` or NULL.
    package mutating func append(_ value: Int32?) {
        if let value { append(value) } else { appendNull(.int4) }
    }

    /// Binds an `int8` or NULL.
    package mutating func append(_ value: Int64?) {
        if let value { append(value) } else { appendNull(.int8) }
    }

    /// Binds a `float8` or NULL.
    package mutating func append(_ value: Double?) {
        if let value { append(value) } else { appendNull(.float8) }
    }

    /// Binds a `text` or NULL.
    package mutating func append(_ value: String?) {
        if let value { append(value) } else { appendNull(.text) }
    }

    /// Binds a `bytea` or NULL.
    package mutating func append(_ value: [UInt8]?) {
        if let value { append(value) } else { appendNull(.bytea) }
    }

    /// Binds a `timestamptz` or NULL.
    package mutating func append(_ value: PostgresTimestamp?) {
        if let value { append(value) } else { appendNull(.timestamptz) }
    }

    /// Binds a `json` or NULL.
    package mutating func append(json text: String?) {
        if let text { append(json: text) } else { appendNull(.json) }
    }

    /// Binds a `jsonb` or NULL.
    package mutating func append(jsonb text: String?) {
        if let text { append(jsonb: text) } else { appendNull(.jsonb) }
    }

    /// Binds a `jsonb` or NULL.
    package mutating func append(jsonb text: [UInt8]?) {
        if let text { append(jsonb: text) } else { appendNull(.jsonb) }
    }
}

extension PostgresType {
    /// The byte before the text of a binary `jsonb` (PostgreSQL, jsonb_send).
    static let jsonbVersion: UInt8 = 1
}
