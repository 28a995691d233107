import Postgres
import TestSupport
import Testing

@Suite(.emptyDatabase) struct TransactionTests {
    @Test func `a body that returns is committed`() throws {
        var connection = try TestDatabase.connect()
        try connection.execute(script: readingTable)
        let value = try connection.withTransaction { (connection: inout Connection) throws(CallerError) -> Int in
            do throws(PostgresError) { try connection.execute(InsertReading(id: 1)) } catch { throw CallerError(error) }
            return 7
        }
        #expect(value == 7)
        #expect(connection.isInTransaction == false)
        #expect(try connection.queryOne(CountReadings()) == 1)
    }

    @Test func `a body that throws is rolled back`() throws {
        var connection = try TestDatabase.connect()
        try connection.execute(script: readingTable)
        do throws(CallerError) {
            try connection.withTransaction { (connection: inout Connection) throws(CallerError) in
                do throws(PostgresError) { try connection.execute(InsertReading(id: 1)) } catch { throw CallerError(error) }
                throw CallerError("no")
            }
            Issue.record("nothing was thrown")
        } catch {
            #expect(error == CallerError("no"))
        }
        #expect(connection.isInTransaction == false)
        #expect(try connection.queryOne(CountReadings()) == 0)
    }

    @Test func `a transaction inside another is refused`() throws {
        var connection = try TestDatabase.connect()
        try connection.begin()
        do throws(PostgresError) {
            try connection.begin()
            Issue.record("the second BEGIN was taken")
        } catch {
            #expect(error.code == .misuse)
        }
        connection.rollback()
        connection.rollback()
        #expect(connection.isInTransaction == false)
    }

    @Test func `committing what has failed is an error, not a quiet rollback`() throws {
        var connection = try TestDatabase.connect()
        try connection.execute(script: readingTable)
        try connection.begin()
        try connection.execute(InsertReading(id: 1))
        do throws(PostgresError) {
            try connection.execute(script: "SELECT 1 / 0")
            Issue.record("nothing was divided by zero")
        } catch {
            #expect(error.sqlState == SQLState(rawValue: "22012"))
        }
        do throws(PostgresError) {
            try connection.commit()
            Issue.record("a failed transaction was committed")
        } catch {
            #expect(error.code == .transactionAborted)
        }
        #expect(try connection.queryOne(CountReadings()) == 0)
    }

    @Test func `repeatable read sees one state throughout`() throws {
        var connection = try TestDatabase.connect()
        var other = try TestDatabase.connect()
        try connection.execute(script: readingTable)
        try connection.begin(.repeatableRead)
        #expect(try connection.queryOne(CountReadings()) == 0)
        try other.execute(InsertReading(id: 1))
        #expect(try connection.queryOne(CountReadings()) == 0)
        try connection.commit()
        #expect(try connection.queryOne(CountReadings()) == 1)
    }

    @Test func `a connection lost in a transaction is told from one lost in COMMIT`() throws {
        var connection = try TestDatabase.connect()
        var other = try TestDatabase.connect()
        try connection.execute(script: readingTable)
        try connection.begin()
        try connection.execute(InsertReading(id: 1))
        #expect(try other.queryOne(TerminateBackend(pid: connection.backendPID)) == true)
        do throws(PostgresError) {
            try connection.execute(InsertReading(id: 2))
            Issue.record("a statement ran without a session")
        } catch {
            #expect(error.code == .connectionLost)
            #expect(error.isConnectionLost && error.isRetriable)
        }
        try connection.reconnect()

        try connection.begin()
        try connection.execute(InsertReading(id: 1))
        #expect(try other.queryOne(TerminateBackend(pid: connection.backendPID)) == true)
        do throws(PostgresError) {
            try connection.commit()
            Issue.record("a commit went through without a session")
        } catch {
            #expect(error.code == .commitUnknown)
            #expect(error.isConnectionLost && !error.isRetriable)
        }
        try connection.reconnect()
        #expect(try connection.queryOne(CountReadings()) == 0)

        try connection.begin()
        #expect(try other.queryOne(TerminateBackend(pid: connection.backendPID)) == true)
        do throws(PostgresError) {
            _ = try connection.pipeline(InsertReading(id: 1), CommitTransaction())
            Issue.record("a commit went through without a session")
        } catch {
            #expect(error.code == .commitUnknown)
        }
        try connection.reconnect()
        #expect(try connection.queryOne(CountReadings()) == 0)
    }
}
