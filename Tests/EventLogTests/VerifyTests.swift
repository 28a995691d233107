import Diagnostics
import EventLog
import LogSupport
import Postgres
import TestSupport
import Testing

@Suite(.database) struct VerifyTests {
    /// Three batches of two events each, over two days.
    private func makeLog() throws -> LogFixture {
        var log = try LogFixture()
        let next = Timestamp(microseconds: Timestamp.sample.microseconds + 86_400_000_000)
        try log.append([.telemetry(device: "a", "{}"), .telemetry(device: "b", "{}")])
        try log.append([.telemetry(device: "c", "{}"), .telemetry(device: "d", "{}")])
        try log.append([.telemetry(device: "e", "{}"), .telemetry(device: "f", "{}")], at: next)
        return log
    }

    /// Changes the log as only a superuser can: past the triggers.
    private func tamper(_ sql: String) throws {
        var admin = try TestDatabase.connect()
        try admin.execute(
            script: """
                ALTER TABLE hindcast.event DISABLE TRIGGER event_immutable;
                ALTER TABLE hindcast.ingest_batch DISABLE TRIGGER ingest_batch_immutable;
                \(sql);
                ALTER TABLE hindcast.event ENABLE ALWAYS TRIGGER event_immutable;
                """)
    }

    @Test func `an untouched log verifies`() throws {
        var log = try makeLog()
        let report = try LogVerifier().verify(source: log.claim.source, on: &log.connection)
        #expect(report.fault == nil)
        #expect(report.batches == 3)
        #expect(report.events == 6)
    }

    @Test(arguments: [
        ("UPDATE hindcast.event SET payload = set_byte(payload, 3, get_byte(payload, 3) # 1) WHERE source_offset = 3", 2),
        ("UPDATE hindcast.event SET key = NULL WHERE source_offset = 0", 0),
        ("UPDATE hindcast.event SET headers = '\\x00' WHERE source_offset = 5", 4),
        ("UPDATE hindcast.event SET broker_time = broker_time + interval '1 microsecond' WHERE source_offset = 1", 0),
        ("DELETE FROM hindcast.event WHERE source_offset = 2", 2),
        ("UPDATE hindcast.ingest_batch SET sha256 = decode(repeat('11', 32), 'hex') WHERE first_offset = 2", 2),
        ("DELETE FROM hindcast.ingest_batch WHERE first_offset = 2", 4),
        ("UPDATE hindcast.source_cursor SET chain = decode(repeat('11', 32), 'hex')", 6),
    ])
    func `a change made behind the log's back is found at its batch`(sql: String, firstOffset: Int64) throws {
        var log = try makeLog()
        try tamper(sql)
        let report = try LogVerifier().verify(source: log.claim.source, on: &log.connection)
        #expect(report.fault?.firstOffset == firstOffset, "\(report.fault?.description ?? "no fault")")
    }

    @Test func `an event that stands in two segments is found`() throws {
        var log = try makeLog()
        try tamper(
            """
            INSERT INTO hindcast.event SELECT source_offset, event_time, ingest_time + interval '1 day', device_time, broker_time, source_id, device_key,
                segment + 1, kind, envelope, decoder, timestamp_type, module, component, template_ref, key, headers, payload
            FROM hindcast.event WHERE source_offset = 1
            """)
        let report = try LogVerifier().verify(source: log.claim.source, on: &log.connection)
        #expect(report.fault?.firstOffset == 1)
    }

    @Test func `after retention the chain still verifies and readers go on behind the hole`() throws {
        var log = try makeLog()
        var admin = try TestDatabase.connect(role: "hindcast_admin")
        let blocked = try LogRetention.candidates(before: Timestamp.sample.day + 1, on: &admin)
        #expect(blocked.map(\.segment) == [Timestamp.sample.day])
        #expect(blocked.first?.blockedBy.isEmpty == false, "no read model has taken the day in")
        let holes = try LogRetention.drop(Timestamp.sample.day, on: &admin)
        #expect(holes.map(\.firstOffset) == [0])
        #expect(holes.map(\.lastOffset) == [3])
        #expect(try LogHole.all(on: &admin).map(\.reason) == [.retention])
        let events = try ReadEvent.all(of: log.claim.source, on: &log.connection)
        #expect(events.map(\.offset) == [4, 5])
        let report = try LogVerifier().verify(source: log.claim.source, on: &log.connection)
        #expect(report.fault == nil)
        #expect(report.droppedBatches == 2)
    }
}
