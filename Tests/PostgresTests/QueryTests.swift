import Postgres
import TestSupport
import Testing

@Suite(.emptyDatabase) struct QueryTests {
    @Test func `rows are counted, read one by one or all together`() throws {
        var connection = try TestDatabase.connect()
        try connection.execute(script: readingTable)
        #expect(try connection.execute(InsertReading(id: 1)) == 1)
        #expect(try connection.query(Series(count: 3)) == [1, 2, 3])
        #expect(try connection.queryOne(Series(count: 1)) == 1)
        #expect(try connection.queryOne(Series(count: 0)) == nil)
        do throws(PostgresError) {
            _ = try connection.queryOne(Series(count: 2))
            Issue.record("two rows passed for one")
        } catch {
            #expect(error.code == .tooManyRows)
        }
    }

    @Test func `a large result arrives row by row`() throws {
        var connection = try TestDatabase.connect()
        var sum: Int64 = 0
        try connection.forEach(Series(count: 100_000)) { (number: Int64) throws(PostgresError) in sum += number }
        #expect(sum == 5_000_050_000)
        #expect(try connection.query(Series(count: 1)) == [1], "the connection serves on")
    }

    @Test func `a body that throws ends a large result at once`() throws {
        var connection = try TestDatabase.connect()
        var seen = 0
        do throws(CallerError) {
            try connection.forEachRow(Series(count: 1_000_000_000)) { (row: borrowing RowView) throws(CallerError) in
                seen += 1
                if seen == 10 { throw CallerError("enough") }
            }
            Issue.record("a thousand million rows were read")
        } catch {
            #expect(error == CallerError("enough"))
        }
        #expect(seen == 10)
        #expect(try connection.query(Series(count: 1)) == [1], "the connection serves on")
    }

    @Test func `an error in the middle of a large result is the server's`() throws {
        var connection = try TestDatabase.connect()
        var seen: Int64 = 0
        do throws(CallerError) {
            try connection.forEach(DivideDown()) { (number: Int32) throws(CallerError) in seen += 1 }
            Issue.record("nothing was divided by zero")
        } catch {
            #expect(error.database?.sqlState == SQLState(rawValue: "22012"))
        }
        #expect(seen == 5)
        #expect(try connection.query(Series(count: 1)) == [1], "the connection serves on")
    }

    @Test func `an error names the statement, the constraint and the table, and no value`() throws {
        var connection = try TestDatabase.connect()
        try connection.execute(script: readingTable)
        try connection.execute(InsertReading(id: 424_242))
        do throws(PostgresError) {
            try connection.execute(InsertReading(id: 424_242))
            Issue.record("a key was there twice")
        } catch {
            #expect(error.sqlState == .uniqueViolation)
            #expect(error.constraint == "reading_id_key")
            #expect(error.table == "reading")
            #expect(error.statement == "InsertReading")
            #expect(!error.description.contains("424242"), "\(error)")
            #expect(error.debugDescription.contains("424242"))
        }
    }

    @Test func `several statements make one round trip and keep their order`() throws {
        var connection = try TestDatabase.connect()
        try connection.execute(script: readingTable)
        for id in Int64(1)...2 {
            let (begun, inserted, numbers, count) = try connection.pipeline(
                BeginTransaction(), InsertReading(id: id), Series(count: 3), CountReadings())
            #expect(begun.rows.isEmpty)
            #expect(inserted.affected == 1)
            #expect(numbers.rows == [1, 2, 3])
            #expect(count.rows == [id])
            #expect(connection.isInTransaction == true)
            _ = try connection.pipeline(Series(count: 1), CommitTransaction())
            #expect(connection.isInTransaction == false)
        }
        #expect(try connection.queryOne(CountReadings()) == 2)
    }

    @Test func `the first failure in a pipeline undoes all of it`() throws {
        var connection = try TestDatabase.connect()
        try connection.execute(script: readingTable)
        for isExplicit in [false, true] {
            do throws(PostgresError) {
                if isExplicit {
                    _ = try connection.pipeline(BeginTransaction(), InsertReading(id: 1), InsertReading(id: 1), Series(count: 1), CommitTransaction())
                } else {
                    _ = try connection.pipeline(InsertReading(id: 1), InsertReading(id: 1), CountReadings())
                }
                Issue.record("a key was there twice")
            } catch {
                #expect(error.sqlState == .uniqueViolation)
                #expect(error.statement == "InsertReading")
            }
            #expect(connection.isInTransaction == false)
            #expect(try connection.queryOne(CountReadings()) == 0)
        }
        let (one, count) = try connection.pipeline(Series(count: 1), CountReadings())
        #expect(one.rows == [1] && count.rows == [0])
    }

    @Test func `a plan that a migration made stale is made again`() throws {
        var connection = try TestDatabase.connect()
        try connection.execute(script: "CREATE TABLE shape (a int8); INSERT INTO shape VALUES (1)")
        #expect(try connection.query(ReadShape()) == [1])
        try connection.execute(script: "ALTER TABLE shape ADD COLUMN b text")
        do throws(PostgresError) {
            _ = try connection.query(ReadShape())
            Issue.record("the plan was not stale")
        } catch {
            #expect(error.isRetriable, "\(error)")
        }
        #expect(try connection.query(ReadShape()) == [2])
    }
}

private struct DivideDown: Statement {
    static let sql = "SELECT 100 / (6 - n)::int4 FROM generate_series(1, 6) AS n"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 {
        try row.int32(0)
    }
}

private struct ReadShape: Statement {
    static let sql = "SELECT * FROM shape"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int {
        row.columnCount
    }
}
