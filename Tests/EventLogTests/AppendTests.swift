import Diagnostics
import EventLog
import LogSupport
import Logging
import Postgres
import TestSupport
import Testing

@Suite(.database) struct AppendTests {
    @Test func `what is read back is what was appended, null and empty kept apart`() throws {
        var log = try LogFixture()
        let records = [
            SampleRecord(key: nil, payload: nil),
            SampleRecord(key: [], headers: [("a", nil), ("a", []), ("", [0, 255])], payload: [], brokerTime: .sample),
            SampleRecord(key: [0xFF, 0], payload: Array("{\"broken\":".utf8), brokerTime: .sample),
            .telemetry(device: "dev-1", #"{"temperature":21.5}"#),
        ]
        try log.append(records)
        let events = try ReadEvent.all(of: log.claim.source, on: &log.connection)
        #expect(events.map(\.offset) == [0, 1, 2, 3])
        #expect(events.map(\.key) == records.map(\.key))
        #expect(events.map(\.headers) == records.map(\.headerBytes))
        #expect(events.map(\.payload) == records.map(\.payload))
        #expect(events.map(\.brokerTime) == records.map(\.brokerTime))
    }

    @Test func `an older claim is fenced off and leaves nothing behind`() throws {
        var old = try LogFixture()
        try old.append([.telemetry(device: "a", "{}")])
        var new = try LogFixture()
        #expect(new.claim.source == old.claim.source)
        #expect(new.claim.ownerEpoch > old.claim.ownerEpoch)
        do throws(AppendError) {
            try old.append([.telemetry(device: "zombie", "{}")])
            Issue.record("an older claim appended")
        } catch {
            #expect(error.code == .fenced)
        }
        try new.append([.telemetry(device: "b", "{}")])
        let events = try ReadEvent.all(of: new.claim.source, on: &new.connection)
        #expect(events.count == 2)
    }

    @Test func `a cursor that somebody moved fences the writer off`() throws {
        var log = try LogFixture()
        var stale = log.batch([.telemetry(device: "a", "{}")])
        try log.append([.telemetry(device: "b", "{}")])
        let claim = log.claim
        log.claim = try #require(try claim.refreshed(on: &log.connection))
        var admin = try TestDatabase.connect()
        try admin.execute(script: "UPDATE hindcast.source_cursor SET next_offset = 7")
        do throws(AppendError) {
            try log.append(&stale)
            Issue.record("a stale cursor was accepted")
        } catch {
            #expect(error.code == .fenced)
        }
    }

    @Test func `an offset that the log already holds is loud`() throws {
        var log = try LogFixture()
        try log.append([.telemetry(device: "a", "{}")])
        var admin = try TestDatabase.connect()
        try admin.execute(script: "UPDATE hindcast.source_cursor SET next_offset = 0, chain = decode(repeat('00', 32), 'hex')")
        log.claim = try #require(try log.claim.refreshed(on: &log.connection))
        do throws(AppendError) {
            try log.append([.telemetry(device: "other", "{}")])
            Issue.record("an offset was used twice")
        } catch {
            #expect(error.code == .offsetReused)
        }
        #expect(try ReadEvent.all(of: log.claim.source, on: &log.connection).isEmpty, "readers see nothing at or beyond the cursor")
    }

    @Test func `a commit without an answer is settled by the cursor`() throws {
        var log = try LogFixture()
        var batch = log.batch([.telemetry(device: "a", "{}")])
        let before = log.claim
        var admin = try TestDatabase.connect()
        let pid = log.connection.backendPID
        try admin.execute(script: "SELECT pg_terminate_backend(\(pid), 5000)")
        do throws(AppendError) {
            try log.append(&batch)
            Issue.record("an append went through a connection that is gone")
        } catch {
            #expect(error.isRetriable || error.code == .commitUnknown)
        }
        try log.connection.reconnect()
        log.claim = try #require(try before.refreshed(on: &log.connection))
        #expect(log.claim == before, "nothing was committed")
        try log.append(&batch)
        #expect(try ReadEvent.all(of: log.claim.source, on: &log.connection).count == 1)
    }

    @Test func `a commit that is still under way is waited for, not overlooked`() throws {
        let log = try LogFixture()
        // The session that we no longer hear from: it has moved the cursor and is about to commit.
        var lost = try TestDatabase.connect()
        try lost.execute(script: "BEGIN; UPDATE hindcast.source_cursor SET next_offset = 9")
        var settings = TestDatabase.current.settings.with(role: "hindcast_ingest")
        settings.lockTimeout = .milliseconds(50)
        var connection = try Connection(settings, logger: Logger(label: "hindcast.test"))
        do throws(PostgresError) {
            _ = try log.claim.refreshed(on: &connection)
            Issue.record("the cursor was read while a transaction was moving it")
        } catch {
            #expect(error.sqlState == .lockNotAvailable)
        }
        try lost.execute(script: "COMMIT")
        #expect(try log.claim.refreshed(on: &connection)?.nextOffset == 9)
    }

    @Test func `a clock set back does not put a record into a segment that is past`() throws {
        var log = try LogFixture()
        try log.append([.telemetry(device: "a", "{}")], at: .sample)
        let dayBefore = Timestamp(microseconds: Timestamp.sample.microseconds - 86_400_000_000)
        try log.append([.telemetry(device: "b", "{}")], at: dayBefore)
        #expect(log.claim.segment == Timestamp.sample.day)
        #expect(try ReadEvent.all(of: log.claim.source, on: &log.connection).count == 2)
        #expect(try LogVerifier().verify(source: log.claim.source, on: &log.connection).fault == nil)
    }

    @Test func `two writers number the same new devices alike`() throws {
        var first = try LogFixture(partition: 0)
        var second = try LogFixture(partition: 1)
        let records = (0..<50).map { SampleRecord.telemetry(device: "device-\($0)", "{}") }
        try first.append(records)
        try second.append(records.reversed())
        var admin = try TestDatabase.connect()
        let count = try #require(try admin.queryOne(CountDevices()))
        #expect(count == 50)
    }

    @Test(arguments: ["UPDATE hindcast.event SET payload = ''", "DELETE FROM hindcast.event", "TRUNCATE hindcast.event"])
    func `nobody changes the log, not even its owner`(sql: String) throws {
        var log = try LogFixture()
        try log.append([.telemetry(device: "a", "{}")])
        for role in ["hindcast_ingest", "hindcast_project", "hindcast_admin", "hindcast_owner"] as [SQLIdentifier] {
            var connection = try TestDatabase.connect(role: role)
            do throws(PostgresError) {
                try connection.execute(script: sql)
                Issue.record("\(role.name) ran \(sql)")
            } catch {
                #expect(error.sqlState == .insufficientPrivilege, "\(role.name): \(error)")
            }
        }
        #expect(try ReadEvent.all(of: log.claim.source, on: &log.connection).count == 1)
    }

    @Test func `a leaf refuses TRUNCATE and DELETE as the parent does`() throws {
        var log = try LogFixture()
        try log.append([.telemetry(device: "a", "{}")])
        var owner = try TestDatabase.connect(role: "hindcast_owner")
        for sql in ["TRUNCATE hindcast.event_20261123", "DELETE FROM hindcast.event_20261123"] {
            do throws(PostgresError) {
                try owner.execute(script: sql)
                Issue.record("the owner ran \(sql)")
            } catch {
                #expect(error.sqlState == .insufficientPrivilege)
            }
        }
    }
}

private struct CountDevices: Statement {
    static let sql = "SELECT count(*) FROM hindcast.device"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
