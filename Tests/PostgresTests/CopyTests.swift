import Postgres
import TestSupport
import Testing

@Suite(.emptyDatabase) struct CopyTests {
    private static let copy = CopyIn(table: "reading", columns: ["id", "label", "body", "size", "small", "ratio", "at", "good"])
    private static let read = CopyOut(query: "SELECT id, label, body, size, small, ratio, at, good FROM reading ORDER BY id")

    @Test func `ten thousand rows go in and come out the same`() throws {
        var connection = try TestDatabase.connect()
        try connection.execute(script: readingTable)
        let readings = (0..<10_000).map(Reading.init)
        var buffer = CopyBuffer()
        for reading in readings { reading.encode(into: &buffer) }
        #expect(buffer.rowCount == 10_000)
        #expect(try connection.copyIn(Self.copy, buffer) == 10_000)
        var returned: [Reading] = []
        try connection.copyOut(Self.read) { (row: borrowing RowView) throws(PostgresError) in returned.append(try Reading(row)) }
        #expect(returned == readings)
        // Once more through the other way of reading, which checks the types.
        #expect(try connection.query(ReadReadings()) == readings)
    }

    @Test func `several buffers are one copy, and none is none`() throws {
        var connection = try TestDatabase.connect()
        try connection.execute(script: readingTable)
        let buffers = [0..<10, 10..<10, 10..<5000].map { range in
            var buffer = CopyBuffer()
            for index in range { Reading(index).encode(into: &buffer) }
            return buffer
        }
        #expect(try connection.copyIn(Self.copy, buffers) == 5000)
        #expect(try connection.copyIn(Self.copy, []) == 0)
        #expect(try connection.copyIn(Self.copy, CopyBuffer()) == 0)
        #expect(try connection.queryOne(CountReadings()) == 5000)
        var count = 0
        try connection.copyOut(CopyOut(query: "SELECT id FROM reading WHERE false")) { (row: borrowing RowView) throws(PostgresError) in count += 1 }
        #expect(count == 0)
    }

    @Test func `rows can be encoded while others are sent`() throws {
        var connection = try TestDatabase.connect()
        try connection.execute(script: readingTable)
        var next = 0
        let copied = try connection.copyIn(Self.copy) { (buffer: inout CopyBuffer) throws(CallerError) -> Bool in
            for index in next..<next + 100 { Reading(index).encode(into: &buffer) }
            next += 100
            return next < 1000
        }
        #expect(copied == 1000)
        #expect(try connection.queryOne(CountReadings()) == 1000)
    }

    @Test func `a source of rows that throws leaves none behind`() throws {
        var connection = try TestDatabase.connect()
        try connection.execute(script: readingTable)
        do throws(CallerError) {
            try connection.copyIn(Self.copy) { (buffer: inout CopyBuffer) throws(CallerError) -> Bool in
                if buffer.rowCount == 0 { Reading(1).encode(into: &buffer) }
                throw CallerError("out of rows")
            }
            Issue.record("nothing was thrown")
        } catch {
            #expect(error == CallerError("out of rows"))
        }
        #expect(connection.isUsable == true)
        #expect(try connection.queryOne(CountReadings()) == 0)
    }

    @Test func `a value can be patched after its row was encoded`() throws {
        var connection = try TestDatabase.connect()
        try connection.execute(script: readingTable)
        var buffer = CopyBuffer()
        buffer.beginRow(columns: 4)
        let id = buffer.int64(0)
        let size = buffer.int32(0)
        let small = buffer.int16(0)
        let at = buffer.timestamp(PostgresTimestamp(microseconds: 0))
        buffer.patch(Int64(-9), at: id)
        buffer.patch(Int32(7), at: size)
        buffer.patch(Int16(-3), at: small)
        buffer.patch(PostgresTimestamp(microseconds: 11), at: at)
        try connection.copyIn(CopyIn(schema: "public", table: "reading", columns: ["id", "size", "small", "at"]), buffer)
        let rows = try connection.query(ReadReadings())
        #expect(rows.map(\.id) == [-9] && rows.map(\.size) == [7] && rows.map(\.small) == [-3])
        #expect(rows.map(\.at) == [PostgresTimestamp(microseconds: 11)])
    }

    @Test func `an emptied buffer holds only what came after`() {
        var buffer = CopyBuffer(capacity: 1)
        for index in 0..<100 { Reading(index).encode(into: &buffer) }
        buffer.removeAll()
        #expect(buffer.rowCount == 0 && buffer.byteCount == 0)
        Reading(1).encode(into: &buffer)
        var other = CopyBuffer()
        Reading(1).encode(into: &other)
        #expect(buffer.byteCount == other.byteCount)
    }

    @Test(arguments: [false, true]) func `a refused row names its constraint and keeps nothing`(isInTransaction: Bool) throws {
        var connection = try TestDatabase.connect()
        try connection.execute(script: readingTable)
        var buffer = CopyBuffer()
        for index in 0..<20_000 { Reading(index).encode(into: &buffer) }
        buffer.beginRow(columns: 8)
        buffer.int64(20_000)
        buffer.null()
        buffer.null()
        buffer.int32(-1)
        for _ in 0..<4 { buffer.null() }
        do throws(PostgresError) {
            if isInTransaction {
                try connection.withTransaction { (connection: inout Connection) throws(PostgresError) in
                    try connection.execute(InsertReading(id: -1))
                    try connection.copyIn(Self.copy, buffer)
                }
            } else {
                try connection.copyIn(Self.copy, buffer)
            }
            Issue.record("a negative size was taken")
        } catch {
            #expect(error.sqlState == .checkViolation)
            #expect(error.constraint == "reading_size_check")
            #expect(error.table == "reading")
        }
        #expect(connection.isInTransaction == false)
        #expect(try connection.queryOne(CountReadings()) == 0)
    }

    @Test func `malformed bytes are refused by the server and break nothing`() throws {
        var connection = try TestDatabase.connect()
        try connection.execute(script: readingTable)
        var buffer = CopyBuffer()
        buffer.beginRow(columns: 8)
        buffer.int32(1)
        do throws(PostgresError) {
            try connection.copyIn(Self.copy, buffer)
            Issue.record("an incomplete row was taken")
        } catch {
            #expect(error.code == .server)
        }
        #expect(try connection.queryOne(CountReadings()) == 0)
    }

    @Test func `arguments of a copy stay values`() throws {
        var connection = try TestDatabase.connect()
        var row: [String] = []
        let copy = CopyOut(
            query: "SELECT $1 + 1, $2, $3 || 'x', $4, $1 - 1",
            [.integer(-5), .text("it's; \\ DROP"), .text("$1"), .timestamp(PostgresTimestamp(microseconds: 1_700_000_000_123_456))])
        try connection.copyOut(copy) { (view: borrowing RowView) throws(PostgresError) in
            row = ["\(try view.int64(0))", try view.string(1), try view.string(2), "\(try view.timestamp(3).rawValue)", "\(try view.int64(4))"]
        }
        #expect(row == ["-4", "it's; \\ DROP", "$1x", "1700000000123456", "-6"])
        var bytes: [UInt8] = []
        try connection.copyOut(CopyOut(query: "SELECT $1", [.bytes([0, 15, 255])])) { (view: borrowing RowView) throws(PostgresError) in
            bytes = try view.byteArray(0)
        }
        #expect(bytes == [0, 15, 255])
    }

    @Test func `a body that throws ends a copy at once`() throws {
        var connection = try TestDatabase.connect()
        var seen = 0
        do throws(CallerError) {
            try connection.copyOut(CopyOut(query: "SELECT generate_series(1, 1000000000) AS n")) { (row: borrowing RowView) throws(CallerError) in
                seen += 1
                if seen == 3 { throw CallerError("enough") }
            }
            Issue.record("a thousand million rows were read")
        } catch {
            #expect(error == CallerError("enough"))
        }
        #expect(try connection.query(Series(count: 1)) == [1], "the connection serves on")
    }

    @Test func `a copy that fails on the way says so`() throws {
        var connection = try TestDatabase.connect()
        var seen = 0
        do throws(PostgresError) {
            try connection.copyOut(CopyOut(query: "SELECT 100 / (6 - n) FROM generate_series(1, 6) AS n")) {
                (row: borrowing RowView) throws(PostgresError) in seen += 1
            }
            Issue.record("nothing was divided by zero")
        } catch {
            #expect(error.sqlState == SQLState(rawValue: "22012"))
        }
        #expect(seen == 5)
        #expect(try connection.query(Series(count: 1)) == [1], "the connection serves on")
    }

    @Test func `a script that copies is refused`() throws {
        var connection = try TestDatabase.connect()
        try connection.execute(script: readingTable)
        for script in ["COPY reading FROM STDIN", "COPY reading TO STDOUT"] {
            do throws(PostgresError) {
                try connection.execute(script: script)
                Issue.record("the script was taken")
            } catch {
                #expect(error.code == .misuse)
            }
            #expect(try connection.query(Series(count: 1)) == [1], "the connection serves on")
        }
    }

    @Test func `a statement that is no binary copy is refused`() throws {
        var connection = try TestDatabase.connect()
        try connection.execute(script: readingTable)
        for copy in [CopyIn(sql: "SELECT 1"), CopyIn(sql: "COPY reading FROM STDIN")] {
            do throws(PostgresError) {
                try connection.copyIn(copy, CopyBuffer())
                Issue.record("the statement was taken")
            } catch {
                #expect(error.code == .misuse)
            }
            #expect(try connection.query(Series(count: 1)) == [1], "the connection serves on")
        }
    }
}

/// One row of the table, with NULLs and empty values among its fields.
private struct Reading: Hashable, Sendable {
    var id: Int64
    var label: String?
    var body: [UInt8]?
    var size: Int32?
    var small: Int16?
    var ratio: Double?
    var at: PostgresTimestamp?
    var good: Bool?

    init(_ index: Int) {
        id = Int64(index)
        label = index % 3 == 0 ? nil : String(repeating: "ä", count: index % 5)
        body = index % 4 == 0 ? nil : [UInt8](repeating: UInt8(index % 256), count: index % 400)
        size = index % 5 == 0 ? nil : Int32(index)
        small = index % 6 == 0 ? nil : -1
        ratio = index % 7 == 0 ? nil : Double(index) / 3
        at = index % 8 == 0 ? nil : PostgresTimestamp(microseconds: Int64(index) * 1_000_003)
        good = index % 9 == 0 ? nil : index % 2 == 0
    }

    init(_ row: borrowing RowView) throws(PostgresError) {
        id = try row.int64(0)
        label = try row.stringOrNil(1)
        body = try row.byteArrayOrNil(2)
        size = try row.int32OrNil(3)
        small = try row.int16OrNil(4)
        ratio = try row.doubleOrNil(5)
        at = try row.timestampOrNil(6)
        good = try row.boolOrNil(7)
    }

    func encode(into buffer: inout CopyBuffer) {
        buffer.beginRow(columns: 8)
        buffer.int64(id)
        buffer.text(label)
        buffer.bytes(body)
        buffer.int32(size)
        buffer.int16(small)
        buffer.double(ratio)
        buffer.timestamp(at)
        buffer.bool(good)
    }
}

private struct ReadReadings: Statement {
    static let sql = "SELECT id, label, body, size, small, ratio, at, good FROM reading ORDER BY id"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Reading {
        try Reading(row)
    }
}
