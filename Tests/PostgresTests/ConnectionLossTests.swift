import Postgres
import TestSupport
import Testing

/// What a server that goes away at once looks like, at every moment at which it can.
@Suite(.emptyDatabase) struct ConnectionLossTests {
    /// The ways in which the server is asked for something.
    enum Work: CaseIterable {
        case statement, unprepared, script, copyIn, copyOut, pipeline

        func run(on connection: inout Connection) throws(PostgresError) {
            switch self {
            case .statement: _ = try connection.query(Series(count: 3))
            case .unprepared: _ = try connection.query(SeriesOnce(count: 3))
            case .script: try connection.execute(script: "SELECT 1")
            case .copyIn: _ = try connection.copyIn(Self.copy, Self.rows(10))
            case .copyOut: try connection.copyOut(CopyOut(query: "SELECT 1")) { (_: borrowing RowView) throws(PostgresError) in }
            case .pipeline: _ = try connection.pipeline(Series(count: 1), Series(count: 2))
            }
        }

        static let copy = CopyIn(table: "reading", columns: ["id"])

        static func rows(_ count: Int) -> CopyBuffer {
            var buffer = CopyBuffer()
            for id in 0..<count {
                buffer.beginRow(columns: 1)
                buffer.int64(Int64(id))
            }
            return buffer
        }
    }

    /// Checks that the work fails as on a lost connection, and that it can be done again on another one.
    private func expectLoss(
        on connection: inout Connection, _ work: (inout Connection) throws(PostgresError) -> Void
    ) throws {
        do throws(PostgresError) {
            try work(&connection)
            Issue.record("the work was done without a server")
        } catch {
            #expect(error.code == .connectionLost, "\(error)")
            #expect(error.isConnectionLost && error.isRetriable, "\(error)")
            #expect("\(error)".contains("; do it again on a new connection, and where that fails too, see whether the server runs"), "\(error)")
        }
        try connection.reconnect()
        try work(&connection)
    }

    @Test(arguments: Work.allCases, [true, false])
    func `a server that went away while nothing was asked is a lost connection`(work: Work, hasFarewell: Bool) async throws {
        let server = try DyingServer()
        var connection = try Connection(server.settings, logger: quiet)
        try connection.execute(script: readingTable)
        if work == .statement { try work.run(on: &connection) }
        server.die(.idle, hasFarewell: hasFarewell)
        // As far as is known without asking; what fails is the first write.
        #expect(connection.isUsable == true)
        try expectLoss(on: &connection) { (connection: inout Connection) throws(PostgresError) in try work.run(on: &connection) }
        connection.close()
        await server.stop()
    }

    @Test(arguments: [true, false]) func `a server that goes away in the middle of a statement is a lost connection`(hasFarewell: Bool) async throws {
        let server = try DyingServer()
        var connection = try Connection(server.settings, logger: quiet)
        _ = try connection.query(Series(count: 1))
        server.die(.asked(bytes: 1), hasFarewell: hasFarewell)
        try expectLoss(on: &connection) { (connection: inout Connection) throws(PostgresError) in _ = try connection.query(Series(count: 1)) }
        server.die(.answered(bytes: 1), hasFarewell: hasFarewell)
        try expectLoss(on: &connection) { (connection: inout Connection) throws(PostgresError) in _ = try connection.query(Series(count: 100_000)) }
        connection.close()
        await server.stop()
    }

    @Test(arguments: [true, false]) func `a server that goes away in the middle of a copy into it keeps nothing`(hasFarewell: Bool) async throws {
        let server = try DyingServer()
        var connection = try Connection(server.settings, logger: quiet)
        try connection.execute(script: readingTable)
        server.die(.asked(bytes: 1_000_000), hasFarewell: hasFarewell)
        // About 9 MB, of which a tenth arrives.
        try expectLoss(on: &connection) { (connection: inout Connection) throws(PostgresError) in
            let kept = try connection.queryOne(CountReadings())
            #expect(kept == 0)
            try connection.copyIn(Work.copy, Work.rows(500_000))
        }
        #expect(try connection.queryOne(CountReadings()) == 500_000)
        connection.close()
        await server.stop()
    }

    @Test(arguments: [true, false]) func `a server that goes away in the middle of a copy out of it is a lost connection`(
        hasFarewell: Bool
    ) async throws {
        let server = try DyingServer()
        var connection = try Connection(server.settings, logger: quiet)
        server.die(.answered(bytes: 100_000), hasFarewell: hasFarewell)
        var rows = 0
        try expectLoss(on: &connection) { (connection: inout Connection) throws(PostgresError) in
            rows = 0
            try connection.copyOut(CopyOut(query: "SELECT generate_series(1, 100000)")) { (_: borrowing RowView) throws(PostgresError) in rows += 1 }
        }
        #expect(rows == 100_000)
        connection.close()
        await server.stop()
    }

    @Test(arguments: [true, false]) func `of a commit that a server was asked for when it went away nobody knows`(hasFarewell: Bool) async throws {
        let server = try DyingServer()
        var connection = try Connection(server.settings, logger: quiet)
        try connection.execute(script: readingTable)
        for moment in [DyingServer.Moment.idle, .asked(bytes: 1)] {
            try connection.begin()
            try connection.execute(InsertReading(id: 1))
            server.die(moment, hasFarewell: hasFarewell)
            do throws(PostgresError) {
                try connection.commit()
                Issue.record("a commit went through without a server")
            } catch {
                #expect(error.code == .commitUnknown && error.isConnectionLost && !error.isRetriable, "\(error)")
                #expect("\(error)".contains("read back what the transaction would have written"))
            }
            try connection.reconnect()
            try connection.execute(script: "TRUNCATE reading")
        }
        connection.close()
        await server.stop()
    }
}

/// The same as ``Series``, known to no session before it is run.
private struct SeriesOnce: Statement {
    static let sql = Series.sql
    var count: Int64

    func bind(to parameters: inout Parameters) { parameters.append(count) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
