import Diagnostics
import EventLog
import LogSupport
import Postgres
import TestSupport
import Testing

/// Each invariant of the log, run with its mechanism and with the mechanism taken out: the first must hold, the second must be seen to break.
@Suite(.database) struct LogInvariants {
    // MARK: - I1, I6: the log holds each record once, from one writer

    /// What is wrong after a writer that was taken over wakes up a day later and goes on with what it had in hand.
    private func wakeZombie(_ fence: AppendFence) throws -> [String] {
        var zombie = try LogFixture(fence: fence)
        try zombie.append([.telemetry(device: "a", "{}")])
        var owner = try LogFixture()
        try owner.append([.telemetry(device: "b", "{}"), .telemetry(device: "c", "{}")])
        let tomorrow = Timestamp(microseconds: Timestamp.sample.microseconds + 86_400_000_000)
        var problems: [String] = []
        do throws(AppendError) {
            // Another segment and another first offset: there the primary keys have nothing to say.
            try zombie.append([.telemetry(device: "zombie", "{}")], from: 2, at: tomorrow)
            problems.append("a writer that was taken over appended")
        } catch  where error.code != .fenced {
            problems.append("it was stopped by something else than the fence: \(error)")
        } catch {}
        if try LogVerifier().verify(source: owner.claim.source, on: &owner.connection).fault != nil { problems.append("the chain is broken") }
        var admin = try TestDatabase.connect()
        let twice = try admin.queryOne(CountRepeatedOffsets()) ?? 0
        if twice > 0 { problems.append("\(twice) offsets are in the log twice") }
        return problems
    }

    @Test func `the fence keeps a zombie out`() throws {
        #expect(try wakeZombie(AppendFence()) == [])
    }

    @Test func `without the fence a zombie writes an offset twice`() throws {
        var broken = AppendFence()
        broken.comparesOffset = false
        broken.comparesEpoch = false
        let problems = try wakeZombie(broken)
        #expect(problems.contains("1 offsets are in the log twice"), "\(problems)")
        #expect(problems.contains("the chain is broken"), "\(problems)")
    }

    @Test func `without the epoch a writer that was taken over goes on`() throws {
        func appendsAfterTakeOver(_ fence: AppendFence) throws -> Bool {
            var old = try LogFixture(topic: "epoch-\(fence.comparesEpoch)", fence: fence)
            _ = try LogFixture(topic: "epoch-\(fence.comparesEpoch)").claim
            do throws(AppendError) {
                try old.append([.telemetry(device: "zombie", "{}")])
                return true
            } catch {
                return false
            }
        }
        var broken = AppendFence()
        broken.comparesEpoch = false
        #expect(try !appendsAfterTakeOver(AppendFence()))
        #expect(try appendsAfterTakeOver(broken))
    }

    // MARK: - I2: every reader sees a prefix

    /// Whether a reader that was told how far it came has passed over an event.
    private func passesOver(movesCursorFirst: Bool) throws -> Bool {
        var log = try LogFixture(topic: "prefix-\(movesCursorFirst)")
        var batch = log.batch([.telemetry(device: "a", "{}")])
        var reached: Int64 = 0
        var count = 0
        var reader = try TestDatabase.connect()
        func read() throws {
            let read = try LogReader().read(source: log.claim.source, from: reached, limit: 10, on: &reader) { _ in count += 1 }
            reached = read.reached
        }
        if movesCursorFirst {
            // What an append would be that moved the cursor in a transaction of its own.
            let before = log.claim
            try log.advance(to: 1)
            try read()
            var admin = try TestDatabase.connect()
            try admin.execute(script: "UPDATE hindcast.source_cursor SET next_offset = 0 WHERE source_id = \(before.source)")
            log.claim = before
        }
        try log.append(&batch)
        try read()
        return reached == 1 && count == 0
    }

    @Test func `a reader never passes over what one transaction brings`() throws {
        #expect(try !passesOver(movesCursorFirst: false))
    }

    @Test func `a cursor that moves before the rows makes a reader pass over them`() throws {
        #expect(try passesOver(movesCursorFirst: true))
    }

    // MARK: - I3: order within a source

    @Test func `a batch takes no offset that is not after the last`() async {
        await #expect(processExitsWith: .failure) {
            var batch = EventBatch(source: 1)
            var devices = DeviceDictionary()
            let record = RecordView(key: nil, headers: RawSpan(), payload: nil, brokerTime: nil, ingestTime: .sample)
            for offset in [5, 5] as [Int64] {
                batch.append(record, event: DecodedEvent(), offset: offset, timestampType: .notAvailable, devices: &devices)
            }
        }
    }

    // MARK: - I9: a changed byte is found

    private func findsChangedByte(_ rule: ChainRule) throws -> Bool {
        var log = try LogFixture(topic: "chain-\(rule.coversPayload)", rule: rule)
        try log.append([.telemetry(device: "a", #"{"t":1}"#)])
        var admin = try TestDatabase.connect()
        try admin.execute(
            script: """
                ALTER TABLE hindcast.event DISABLE TRIGGER event_immutable;
                UPDATE hindcast.event SET payload = set_byte(payload, 1, 0) WHERE source_id = \(log.claim.source);
                ALTER TABLE hindcast.event ENABLE ALWAYS TRIGGER event_immutable;
                """)
        return try LogVerifier(rule: rule).verify(source: log.claim.source, on: &log.connection).fault != nil
    }

    @Test func `the chain finds a changed byte`() throws {
        #expect(try findsChangedByte(ChainRule()))
    }

    @Test func `a chain that leaves the values out finds nothing`() throws {
        var broken = ChainRule()
        broken.coversPayload = false
        #expect(try !findsChangedByte(broken))
    }

    // MARK: - I7: one live generation

    @Test func `a second live generation cannot be`() throws {
        func adds() throws -> Bool {
            var admin = try TestDatabase.connect()
            do throws(PostgresError) {
                try admin.execute(
                    script: "INSERT INTO hindcast.live_generation (only_row, generation) SELECT true, generation FROM hindcast.generation LIMIT 1")
                return true
            } catch {
                return false
            }
        }
        #expect(try !adds())
        var admin = try TestDatabase.connect()
        try admin.execute(script: "ALTER TABLE hindcast.live_generation DROP CONSTRAINT live_generation_pkey")
        #expect(try adds(), "without its key the pointer holds two, and the views fail")
    }
}

private struct CountRepeatedOffsets: Statement {
    static let sql = "SELECT count(*) FROM (SELECT FROM hindcast.event GROUP BY source_id, source_offset HAVING count(*) > 1) r"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
