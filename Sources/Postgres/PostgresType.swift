/// A type of the server by its object id (PostgreSQL, src/include/catalog/pg_type.dat).
package struct PostgresType: RawRepresentable, Hashable, Sendable {
    /// The object id; 0 where the server does not say, as in a COPY.
    package let rawValue: UInt32

    /// The type with this object id.
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    private init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    static let unknown = PostgresType(0)
    static let bool = PostgresType(16)
    static let bytea = PostgresType(17)
    static let name = PostgresType(19)
    static let int8 = PostgresType(20)
    static let int2 = PostgresType(21)
    static let int4 = PostgresType(23)
    static let text = PostgresType(25)
    static let oid = PostgresType(26)
    static let json = PostgresType(114)
    static let float4 = PostgresType(700)
    static let float8 = PostgresType(701)
    static let bpchar = PostgresType(1042)
    static let varchar = PostgresType(1043)
    static let date = PostgresType(1082)
    static let timestamptz = PostgresType(1184)
    static let jsonb = PostgresType(3802)
    static let boolArray = PostgresType(1000)
    static let byteaArray = PostgresType(1001)
    static let int2Array = PostgresType(1005)
    static let int4Array = PostgresType(1007)
    static let textArray = PostgresType(1009)
    static let int8Array = PostgresType(1016)
    static let float8Array = PostgresType(1022)
    static let timestamptzArray = PostgresType(1185)

    /// Object ids from here on are types that somebody created: enums and composites, whose values travel as text or are read as bytes.
    private static let firstCreated: UInt32 = 16_384

    var isCreated: Bool { rawValue >= Self.firstCreated }

    private static let names: [PostgresType: String] = [
        .bool: "bool", .bytea: "bytea", .name: "name", .int8: "int8", .int2: "int2", .int4: "int4", .text: "text", .oid: "oid", .json: "json",
        .float4: "float4", .float8: "float8", .bpchar: "bpchar", .varchar: "varchar", .date: "date", .timestamptz: "timestamptz", .jsonb: "jsonb",
        .boolArray: "bool[]", .byteaArray: "bytea[]", .int2Array: "int2[]", .int4Array: "int4[]", .textArray: "text[]", .int8Array: "int8[]",
        .float8Array: "float8[]", .timestamptzArray: "timestamptz[]",
    ]
}

extension PostgresType: CustomStringConvertible {
    /// The type's name where it is known here, and its object id.
    package var description: String {
        Self.names[self].map { "\($0) (\(rawValue))" } ?? "type \(rawValue)"
    }
}
