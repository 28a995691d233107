import Postgres
import TestSupport
import Testing

@Suite(.emptyDatabase) struct ValueTests {
    @Test func `values of every type come back as they were`() throws {
        var connection = try TestDatabase.connect()
        for sent in [EveryType.plain, .extreme, .empty] {
            let row = try connection.queryOne(EchoEveryType(values: sent))
            #expect(row == sent)
        }
    }

    @Test func `without names as well`() throws {
        var settings = TestDatabase.current.settings
        settings.namesStatements = false
        var connection = try Connection(settings, logger: quiet)
        #expect(try connection.queryOne(EchoEveryType(values: .plain)) == .plain)
        let names = try connection.queryOne(CountPreparedStatements())
        #expect(names == 0)
    }

    @Test func `a statement is prepared once`() throws {
        var connection = try TestDatabase.connect()
        for _ in 0..<3 { _ = try connection.queryOne(EchoEveryType(values: .plain)) }
        // The other one is the count itself.
        #expect(try connection.queryOne(CountPreparedStatements()) == 2)
    }

    @Test func `NULL comes back as nil in every type`() throws {
        var connection = try TestDatabase.connect()
        #expect(try connection.queryOne(EchoNulls()) == 22)
    }

    @Test func `the server means the same by what was sent`() throws {
        var connection = try TestDatabase.connect()
        // Compared by the server's own parsers, so that two mistakes that cancel out here are found.
        let agreed = try connection.queryOne(CompareWithLiterals())
        #expect(agreed == [Bool](repeating: true, count: 11))
    }

    @Test func `arrays come back with their elements, NULLs and lengths`() throws {
        var connection = try TestDatabase.connect()
        for sent in [EveryArray.filled, .empty] {
            #expect(try connection.queryOne(EchoArrays(values: sent)) == sent)
        }
        let rows = try connection.query(Unnest(ids: [1, 2, 3], names: ["a", nil, ""]))
        #expect(rows.map(\.id) == [1, 2, 3])
        #expect(rows.map(\.name) == ["a", nil, ""])
    }

    @Test func `another type than the program reads is named`() throws {
        var connection = try TestDatabase.connect()
        do throws(PostgresError) {
            _ = try connection.query(ReadTextAsInteger())
            Issue.record("a text was read as an integer")
        } catch {
            #expect(error.code == .unexpectedValue)
            #expect(error.message.contains("'label'") && error.message.contains("text (25)") && error.message.contains("int8"), "\(error)")
            #expect(error.statement == "ReadTextAsInteger")
        }
    }

    @Test func `NULL where the program reads a value is named`() throws {
        var connection = try TestDatabase.connect()
        do throws(PostgresError) {
            _ = try connection.query(ReadNull())
            Issue.record("NULL was read as an integer")
        } catch {
            #expect(error.code == .unexpectedValue)
            #expect(error.message.contains("'n'") && error.message.contains("NULL"), "\(error)")
        }
    }

    @Test func `bind values of other types than at first are refused`() throws {
        var connection = try TestDatabase.connect()
        #expect(try connection.queryOne(BindEither(number: 1, text: nil)) == "1")
        do throws(PostgresError) {
            _ = try connection.queryOne(BindEither(number: nil, text: "x"))
            Issue.record("the server was sent a text as an integer")
        } catch {
            #expect(error.code == .misuse)
        }
    }
}

// MARK: - Statements

private struct EveryType: Hashable, Sendable {
    var bool: Bool
    var int16: Int16
    var int32: Int32
    var int64: Int64
    var double: Double
    var string: String
    var bytes: [UInt8]
    var timestamp: PostgresTimestamp
    var json: String
    var jsonb: String

    static let plain = EveryType(
        bool: true, int16: -2, int32: 70_000, int64: -5_000_000_000, double: 0.1, string: "grüß 🛰", bytes: [0, 255, 1],
        timestamp: PostgresTimestamp(microseconds: 1_700_000_000_123_456), json: "{\"a\" : 1, \"a\":2}", jsonb: "{\"a\": 2}")
    static let extreme = EveryType(
        bool: false, int16: .min, int32: .min, int64: .min, double: -.greatestFiniteMagnitude, string: String(repeating: "é", count: 100_000),
        bytes: [UInt8](repeating: 7, count: 1_000_000), timestamp: PostgresTimestamp(microseconds: .max), json: "[]", jsonb: "[]")
    static let empty = EveryType(
        bool: false, int16: 0, int32: 0, int64: 0, double: 0, string: "", bytes: [], timestamp: PostgresTimestamp(microseconds: -1), json: "\"\"",
        jsonb: "\"\"")
}

private struct EchoEveryType: Statement {
    static let sql = "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10"
    var values: EveryType

    func bind(to parameters: inout Parameters) {
        parameters.append(values.bool)
        parameters.append(values.int16)
        parameters.append(values.int32)
        parameters.append(values.int64)
        parameters.append(values.double)
        parameters.append(values.string)
        parameters.append(values.bytes)
        parameters.append(values.timestamp)
        parameters.append(json: values.json)
        parameters.append(jsonb: values.jsonb)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> EveryType {
        EveryType(
            bool: try row.bool(0), int16: try row.int16(1), int32: try row.int32(2), int64: try row.int64(3), double: try row.double(4),
            string: try row.string(5), bytes: try row.byteArray(6), timestamp: try row.timestamp(7), json: try row.string(8), jsonb: try row.string(9)
        )
    }
}

private struct CountPreparedStatements: Statement {
    static let sql = "SELECT count(*) FROM pg_prepared_statements"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 {
        try row.int64(0)
    }
}

private struct EchoNulls: Statement {
    static let sql = "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12"

    func bind(to parameters: inout Parameters) {
        parameters.append(Bool?.none)
        parameters.append(Int16?.none)
        parameters.append(Int32?.none)
        parameters.append(Int64?.none)
        parameters.append(Double?.none)
        parameters.append(String?.none)
        parameters.append([UInt8]?.none)
        parameters.append(PostgresTimestamp?.none)
        parameters.append(json: String?.none)
        parameters.append(jsonb: String?.none)
        parameters.append(jsonb: [UInt8]?.none)
        parameters.append([Int64]?.none)
    }

    /// How many of the readings were nil.
    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int {
        let readings: [Bool] = [
            try row.boolOrNil(0) == nil, try row.int16OrNil(1) == nil, try row.int32OrNil(2) == nil, try row.int64OrNil(3) == nil,
            try row.doubleOrNil(4) == nil, try row.stringOrNil(5) == nil, try row.byteArrayOrNil(6) == nil, try row.timestampOrNil(7) == nil,
            try row.stringOrNil(8) == nil, try row.stringOrNil(9) == nil,
        ]
        var count = readings.count { $0 }
        for column in 0..<row.columnCount where row.isNull(column) { count += 1 }
        return count
    }
}

private struct CompareWithLiterals: Statement {
    static let sql = """
        SELECT $1 = true, $2 = -2::int2, $3 = 70000, $4 = -5000000000, $5 = 0.1::float8, $6 = U&'gr\\00FC\\00DF', $7 = '\\x00ff01'::bytea,
               $8 = '2023-11-14T22:13:20.123456Z'::timestamptz, $9::jsonb = '{"a": 1}'::jsonb, $10 = '{"a": 1}'::jsonb,
               $11 = ARRAY[1, NULL, 3]::int4[]
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(true)
        parameters.append(Int16(-2))
        parameters.append(Int32(70_000))
        parameters.append(Int64(-5_000_000_000))
        parameters.append(0.1)
        parameters.append("grüß")
        parameters.append([UInt8]([0, 255, 1]))
        parameters.append(PostgresTimestamp(microseconds: 1_700_000_000_123_456))
        parameters.append(json: "{\"a\":1}")
        parameters.append(jsonb: "{\"a\":1}")
        parameters.append([Int32?]([1, nil, 3]))
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> [Bool] {
        var answers: [Bool] = []
        for column in 0..<row.columnCount { answers.append(try row.bool(column)) }
        return answers
    }
}

private struct EveryArray: Hashable, Sendable {
    var bools: [Bool]
    var int16s: [Int16]
    var int32s: [Int32]
    var int64s: [Int64]
    var doubles: [Double]
    var strings: [String]
    var bytes: [[UInt8]]
    var timestamps: [PostgresTimestamp]
    var optionals: [Int64?]

    static let empty = EveryArray(bools: [], int16s: [], int32s: [], int64s: [], doubles: [], strings: [], bytes: [], timestamps: [], optionals: [])
    static let filled = EveryArray(
        bools: [true, false], int16s: [.min, .max], int32s: [1], int64s: Array(0..<10_000), doubles: [0.5, -.infinity], strings: ["", "a,\"{}", "ü"],
        bytes: [[], [0], [1, 2]], timestamps: [PostgresTimestamp(microseconds: 5)], optionals: [nil, 1, nil])
}

private struct EchoArrays: Statement {
    static let sql = "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9"
    var values: EveryArray

    func bind(to parameters: inout Parameters) {
        parameters.append(values.bools)
        parameters.append(values.int16s)
        parameters.append(values.int32s)
        parameters.append(values.int64s)
        parameters.append(values.doubles)
        parameters.append(values.strings)
        parameters.append(values.bytes)
        parameters.append(values.timestamps)
        parameters.append(values.optionals)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> EveryArray {
        EveryArray(
            bools: try row.array(0, of: Bool.self), int16s: try row.array(1, of: Int16.self), int32s: try row.array(2, of: Int32.self),
            int64s: try row.array(3, of: Int64.self), doubles: try row.array(4, of: Double.self), strings: try row.array(5, of: String.self),
            bytes: try row.array(6, of: [UInt8].self), timestamps: try row.array(7, of: PostgresTimestamp.self),
            optionals: try row.nullableArrayOrNil(8, of: Int64.self) ?? [99])
    }
}

private struct Unnest: Statement {
    static let sql = "SELECT id, name FROM unnest($1, $2) AS given (id, name) ORDER BY id"
    var ids: [Int64]
    var names: [String?]

    func bind(to parameters: inout Parameters) {
        parameters.append(ids)
        parameters.append(names)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> (id: Int64, name: String?) {
        (try row.int64(0), try row.stringOrNil(1))
    }
}

private struct ReadTextAsInteger: Statement {
    static let sql = "SELECT 'x'::text AS label"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 {
        try row.int64(0)
    }
}

private struct ReadNull: Statement {
    static let sql = "SELECT NULL::int8 AS n"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 {
        try row.int64(0)
    }
}

private struct BindEither: Statement {
    static let sql = "SELECT $1::text"
    var number: Int64?
    var text: String?

    func bind(to parameters: inout Parameters) {
        if let number { parameters.append(number) } else { parameters.append(text) }
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String {
        try row.string(0)
    }
}
