import Diagnostics
import EventLog
import LogSupport
import Postgres
import TestSupport
import Testing

/// Events that an older decoder logged are understood anew, and nothing is changed to say so but rows beside them.
@Suite(.database) struct ReindexTests {
    private static let tenant = "fabrikam"

    /// A device's message as Hono passes it on.
    private static func hono(_ device: String, _ payload: String = #"{"temperature":21}"#) -> SampleRecord {
        let time = "\(Timestamp.sample.microseconds / 1000)"
        return SampleRecord(
            headers: [
                ("device_id", Array(device.utf8)), ("orig_adapter", Array("hono-mqtt".utf8)), ("creation-time", Array(time.utf8)),
                ("content-type", Array("application/json".utf8)),
            ], payload: Array(payload.utf8), brokerTime: .sample)
    }

    private func makeLog(_ records: [SampleRecord]) throws -> LogFixture {
        var log = try LogFixture(topic: "hono.telemetry.\(Self.tenant)")
        try log.appendAsFirstDecoder(records)
        return log
    }

    private func admin() throws(PostgresError) -> Connection { try TestDatabase.connect(role: "hindcast_admin") }

    /// A reindexer of the test's only source.
    private func reindexer(batchRows: Int = 100, on connection: inout Connection) throws -> LogReindexer {
        LogReindexer(source: try #require(try LogSources.all(on: &connection).first), batchRows: batchRows)
    }

    /// Steps until nothing is left, and says how many events were decoded and what changed.
    private func run(batchRows: Int = 100, on connection: inout Connection) throws -> (events: Int64, changes: ReindexChanges) {
        var reindexer = try reindexer(batchRows: batchRows, on: &connection)
        var sum = (events: Int64(0), changes: ReindexChanges())
        while let step = try reindexer.step(on: &connection) {
            sum.events += step.events
            sum.changes += step.changes
        }
        return sum
    }

    private func shown() throws -> [String] {
        var connection = try TestDatabase.connect(role: "hindcast_payload")
        return try connection.query(SelectShown())
    }

    private func count(_ table: Count.Table) throws -> Int64 {
        var connection = try TestDatabase.connect()
        return try #require(try connection.queryOne(Count(table: table)))
    }

    @Test func `Hono's records that the first decoder logged are found under their devices`() throws {
        let log = try makeLog([Self.hono("4711"), Self.hono("4712")])
        #expect(try shown() == ["0 / undecodable none 1", "1 / undecodable none 1"])
        var connection = try admin()
        #expect(try reindexer(on: &connection).pending(on: &connection) == 0)
        let (events, changes) = try run(on: &connection)
        #expect(events == 2)
        #expect(changes.events == 2 && changes.devices == 2 && changes.kinds == 2 && changes.envelopes == 2)
        #expect(changes.times == 0 && changes.places == 0 && changes.templates == 0)
        #expect(try shown() == ["0 fabrikam/4711 telemetry hono \(EventDecoder.version)", "1 fabrikam/4712 telemetry hono \(EventDecoder.version)"])
        var reader = try TestDatabase.connect(role: "hindcast_payload")
        #expect(try reader.query(SelectOfDevice(device: "4712")) == [#"1 {"temperature":21}"#])
        _ = log.claim
    }

    @Test func `what was logged does not change, and the chain verifies`() throws {
        var log = try makeLog([Self.hono("4711")])
        let before = try ReadEvent.all(of: log.claim.source, on: &log.connection)
        var connection = try admin()
        _ = try run(on: &connection)
        #expect(try ReadEvent.all(of: log.claim.source, on: &log.connection) == before)
        #expect(try LogVerifier().verify(source: log.claim.source, on: &log.connection).fault == nil)
    }

    @Test func `it goes on where it was stopped, and a second run has nothing to do`() throws {
        let log = try makeLog((0..<5).map { Self.hono("unit-\($0)") })
        var connection = try admin()
        do {
            var first = try reindexer(batchRows: 2, on: &connection)
            let step = try #require(try first.step(on: &connection))
            #expect(step.reached == 2 && step.events == 2)
        }
        #expect(try count(.reindexed) == 2)
        #expect(try reindexer(on: &connection).pending(on: &connection) == 2)
        #expect(try run(batchRows: 2, on: &connection).events == 3)
        #expect(try count(.reindexed) == 5)
        #expect(try reindexer(on: &connection).pending(on: &connection) == nil)
        #expect(try run(on: &connection).events == 0)
        #expect(try count(.devices) == 6, "five, and the unknown one")
        _ = log.claim
    }

    @Test func `rows and progress are one transaction`() throws {
        let log = try makeLog([Self.hono("4711")])
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: "REVOKE INSERT ON hindcast.reindex_progress FROM hindcast_admin")
        var connection = try admin()
        do {
            _ = try run(on: &connection)
            Issue.record("progress was stored without the right to")
        } catch let error as PostgresError {
            #expect(error.sqlState == .insufficientPrivilege)
        }
        #expect(try count(.reindexed) == 0)
        try superuser.execute(script: "GRANT INSERT ON hindcast.reindex_progress TO hindcast_admin")
        #expect(try run(on: &connection).changes.events == 1)
        _ = log.claim
    }

    @Test func `what is understood as before gets no row`() throws {
        var log = try LogFixture()
        try log.appendAsFirstDecoder([.telemetry(device: "a", "{}"), SampleRecord(key: Array("b".utf8), payload: Array("{".utf8))])
        var connection = try admin()
        let (events, changes) = try run(on: &connection)
        #expect(events == 2)
        #expect(changes == ReindexChanges())
        #expect(try count(.reindexed) == 0)
        #expect(try shown() == ["0 app/a telemetry iotcentral 1", "1 /b undecodable none 1"])
    }

    @Test func `events of today's decoder are passed over, also those that come in between`() throws {
        var log = try makeLog([Self.hono("4711")])
        try log.append([Self.hono("4712")])
        try log.appendAsFirstDecoder([Self.hono("4713")])
        var connection = try admin()
        #expect(try run(batchRows: 1, on: &connection).events == 2)
        #expect(try count(.reindexed) == 2)
        #expect(try shown().count == 3)
        try log.append([Self.hono("4714")])
        #expect(try reindexer(on: &connection).pending(on: &connection) == nil)
    }

    @Test func `what a later decoder said is left alone`() throws {
        let log = try makeLog([Self.hono("4711")])
        var connection = try admin()
        _ = try run(on: &connection)
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: "UPDATE hindcast.event_reindex SET decoder = 99, kind = 2; DELETE FROM hindcast.reindex_progress")
        #expect(try run(on: &connection).changes.events == 0)
        #expect(try shown() == ["0 fabrikam/4711 property_reported hono 99"])
        _ = log.claim
    }

    @Test func `the view names every kind and every envelope as the program does`() throws {
        let log = try makeLog([Self.hono("4711")])
        var connection = try admin()
        _ = try run(on: &connection)
        var superuser = try TestDatabase.connect()
        for format in EnvelopeFormat.allCases {
            for kind in EventKind.allCases {
                try superuser.execute(script: "UPDATE hindcast.event_reindex SET envelope = \(format.rawValue), kind = \(kind.rawValue)")
                #expect(try shown() == ["0 fabrikam/4711 \(kind.name) \(format.name) \(EventDecoder.version)"])
            }
        }
        _ = log.claim
    }

    @Test func `a device's events are found by its number's indexes`() throws {
        let log = try makeLog([Self.hono("4711")])
        var connection = try admin()
        try connection.execute(script: "SET enable_seqscan = off")
        let plan = try connection.query(ExplainDevice()).joined(separator: "\n")
        #expect(plan.contains("_device_key_event_time_idx") && plan.contains("event_reindex_device_index"), "\(plan)")
        _ = log.claim
    }

    @Test func `retention takes the rows along`() throws {
        var log = try makeLog([Self.hono("4711")])
        try log.appendAsFirstDecoder([Self.hono("4711")], at: Timestamp(startOfDay: Timestamp.sample.day + 1))
        var connection = try admin()
        _ = try run(on: &connection)
        #expect(try count(.reindexed) == 2)
        _ = try LogRetention.drop(Timestamp.sample.day, on: &connection)
        #expect(try count(.reindexed) == 1)
        #expect(try shown() == ["1 fabrikam/4711 telemetry hono \(EventDecoder.version)"])
        #expect(try run(on: &connection).events == 0)
    }
}

private struct SelectShown: Statement {
    static let sql = """
        SELECT concat(source_offset, ' ', tenant, '/', device_id, ' ', kind, ' ', envelope, ' ', decoder) FROM diagnostics.raw_events
        ORDER BY source_offset
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

private struct ExplainDevice: Statement {
    static let sql =
        "EXPLAIN SELECT source_offset FROM diagnostics.raw_events WHERE tenant = 'fabrikam' AND device_id = '4711' ORDER BY event_time DESC LIMIT 5"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

private struct SelectOfDevice: Statement {
    let device: String

    static let sql = "SELECT source_offset || ' ' || payload_text FROM diagnostics.raw_events WHERE tenant = 'fabrikam' AND device_id = $1"

    func bind(to parameters: inout Parameters) { parameters.append(device) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

private struct Count: Statement {
    enum Table: String {
        case reindexed, devices
    }

    let table: Table

    static let sql = """
        SELECT CASE $1 WHEN 'reindexed' THEN (SELECT count(*) FROM hindcast.event_reindex) ELSE (SELECT count(*) FROM hindcast.device) END
        """

    func bind(to parameters: inout Parameters) { parameters.append(table.rawValue) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
