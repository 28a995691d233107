/// A Swift type that arrays of the server can hold, as `unnest` takes them.
package protocol PostgresElement: Sendable {
    /// The server's type of one element.
    static var elementType: PostgresType { get }
    /// The server's type of an array of them.
    static var arrayType: PostgresType { get }
    /// Appends the value in the server's binary format.
    func encode(into bytes: inout [UInt8])
    /// Reads the value from the server's binary format; `nil` when the bytes cannot be one.
    static func decode(_ bytes: RawSpan) -> Self?
}

extension Bool: PostgresElement {
    /// `bool`.
    package static var elementType: PostgresType { .bool }
    /// `bool[]`.
    package static var arrayType: PostgresType { .boolArray }

    /// One byte, 0 or 1.
    package func encode(into bytes: inout [UInt8]) {
        bytes.append(self ? 1 : 0)
    }

    /// One byte, 0 or not.
    package static func decode(_ bytes: RawSpan) -> Bool? {
        bytes.bigEndian(UInt8.self).map { $0 != 0 }
    }
}

extension Int16: PostgresElement {
    /// `int2`.
    package static var elementType: PostgresType { .int2 }
    /// `int2[]`.
    package static var arrayType: PostgresType { .int2Array }

    /// Two bytes, highest first.
    package func encode(into bytes: inout [UInt8]) {
        bytes.appendBigEndian(self)
    }

    /// Two bytes, highest first.
    package static func decode(_ bytes: RawSpan) -> Int16? {
        bytes.bigEndian(Int16.self)
    }
}

extension Int32: PostgresElement {
    /// `int4`.
    package static var elementType: PostgresType { .int4 }
    /// `int4[]`.
    package static var arrayType: PostgresType { .int4Array }

    /// Four bytes, highest first.
    package func encode(into bytes: inout [UInt8]) {
        bytes.appendBigEndian(self)
    }

    /// Four bytes, highest first.
    package static func decode(_ bytes: RawSpan) -> Int32? {
        bytes.bigEndian(Int32.self)
    }
}

extension Int64: PostgresElement {
    /// `int8`.
    package static var elementType: PostgresType { .int8 }
    /// `int8[]`.
    package static var arrayType: PostgresType { .int8Array }

    /// Eight bytes, highest first.
    package func encode(into bytes: inout [UInt8]) {
        bytes.appendBigEndian(self)
    }

    /// Eight bytes, highest first.
    package static func decode(_ bytes: RawSpan) -> Int64? {
        bytes.bigEndian(Int64.self)
    }
}

extension Double: PostgresElement {
    /// `float8`.
    package static var elementType: PostgresType { .float8 }
    /// `float8[]`.
    package static var arrayType: PostgresType { .float8Array }

    /// The eight bytes of IEEE 754 binary64, highest first.
    package func encode(into bytes: inout [UInt8]) {
        bytes.appendBigEndian(bitPattern)
    }

    /// The eight bytes of IEEE 754 binary64, highest first.
    package static func decode(_ bytes: RawSpan) -> Double? {
        bytes.bigEndian(UInt64.self).map { Double(bitPattern: $0) }
    }
}

extension String: PostgresElement {
    /// `text`.
    package static var elementType: PostgresType { .text }
    /// `text[]`.
    package static var arrayType: PostgresType { .textArray }

    /// The UTF-8 bytes.
    package func encode(into bytes: inout [UInt8]) {
        bytes.append(contentsOf: utf8)
    }

    /// The UTF-8 bytes; every connection's encoding is UTF-8, so the server has checked them.
    package static func decode(_ bytes: RawSpan) -> String? {
        unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
}

extension [UInt8]: PostgresElement {
    /// `bytea`.
    package static var elementType: PostgresType { .bytea }
    /// `bytea[]`.
    package static var arrayType: PostgresType { .byteaArray }

    /// The bytes themselves.
    package func encode(into bytes: inout [UInt8]) {
        bytes.append(contentsOf: self)
    }

    /// The bytes themselves.
    package static func decode(_ bytes: RawSpan) -> [UInt8]? {
        unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }
    }
}

extension PostgresTimestamp: PostgresElement {
    /// `timestamptz`.
    package static var elementType: PostgresType { .timestamptz }
    /// `timestamptz[]`.
    package static var arrayType: PostgresType { .timestamptzArray }

    /// Eight bytes, highest first: microseconds since 2000-01-01.
    package func encode(into bytes: inout [UInt8]) {
        bytes.appendBigEndian(serverValue)
    }

    /// Eight bytes, highest first: microseconds since 2000-01-01.
    package static func decode(_ bytes: RawSpan) -> PostgresTimestamp? {
        bytes.bigEndian(Int64.self).map(PostgresTimestamp.init(serverValue:))
    }
}
