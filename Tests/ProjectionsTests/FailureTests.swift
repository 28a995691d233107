import Diagnostics
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing
import Threading

@Suite(.database) struct FailureTests {
    /// Turns and waits, as a worker's thread does, until something holds.
    private func turn(_ projector: inout ProjectionWorker, until isTrue: () throws -> Bool) throws {
        let stop = StopSignal()
        let deadline = ContinuousClock.now + .patience
        while try !isTrue() {
            if ContinuousClock.now > deadline { throw NotReached() }
            _ = try projector.step()
            try projector.wait(stop: stop)
        }
    }

    @Test func `a broken table pauses its projection with the reason, holds up no other one, and is got over when it is mended`() throws {
        var log = try LogFixture()
        var fleet = SampleFleet(seed: 21)
        try publish(pumpTemplate())
        try log.append(fleet.records(100))
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: "REVOKE INSERT ON hindcast.finding FROM hindcast_project")
        var projector = try worker(batchRows: 40)
        try turn(&projector) { try checkpoint(.device)?.nextOffset == 100 && checkpoint(.finding)?.failure != nil }
        #expect(try checkpoint(.finding)?.nextOffset == 0)
        #expect(try checkpoint(.finding)?.failure?.hasPrefix("privilege: ") == true)
        #expect(try number("SELECT count(*) FROM hindcast.projection_checkpoint WHERE state = 'paused'") == 1)
        #expect(try number("SELECT count(*) FROM hindcast.finding_hour") == 0)
        try superuser.execute(script: "GRANT INSERT ON hindcast.finding TO hindcast_project")
        try turn(&projector) { try isReached(100) }
        #expect(try checkpoint(.finding)?.failure == nil)
        #expect(try number("SELECT count(*) FROM hindcast.projection_checkpoint WHERE state <> 'running'") == 0)
        #expect(try differences() == [])
    }

    @Test func `a batch that is too large for the server is done in parts`() throws {
        var log = try LogFixture()
        var fleet = SampleFleet(seed: 22)
        try publish(pumpTemplate())
        try log.append(fleet.records(100))
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: """
                CREATE FUNCTION refuse_large() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    RAISE 'out of shared memory' USING ERRCODE = 'out_of_memory';
                END $$;
                CREATE TRIGGER refuse_large BEFORE UPDATE OF next_offset ON hindcast.projection_checkpoint FOR EACH ROW
                WHEN (NEW.next_offset - OLD.next_offset > 20) EXECUTE FUNCTION refuse_large()
                """)
        var projector = try worker(batchRows: 100)
        try turn(&projector) { try isReached(100) }
        let found = try differences()
        #expect(found == [], "\(found)")
    }

    @Test func `a constraint that somebody added names itself`() throws {
        var log = try LogFixture()
        try log.append([.telemetry(device: "a", "{}")])
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: "ALTER TABLE hindcast.device_state ADD CONSTRAINT none_at_all CHECK (messages < 0)")
        var projector = try worker()
        try turn(&projector) { try checkpoint(.device)?.failure != nil && checkpoint(.finding)?.nextOffset == 1 }
        #expect(try checkpoint(.device)?.failure?.hasPrefix("data: ") == true)
        #expect(try checkpoint(.device)?.failure?.contains("none_at_all") == true)
        #expect(try checkpoint(.device)?.nextOffset == 0)
    }

    @Test func `a leaf that somebody dropped is made again`() throws {
        var log = try LogFixture()
        try log.append([.telemetry(device: "a", "{}")])
        var projector = try worker()
        try projector.turnUntilIdle()
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: "DROP TABLE hindcast.device_hour_20261123; DELETE FROM hindcast.hour_leaf WHERE relation = 'device_hour'")
        try log.append([.telemetry(device: "a", "{}")])
        try turn(&projector) { try checkpoints().allSatisfy { $0.nextOffset == 2 } }
        #expect(try number("SELECT sum(messages)::bigint FROM hindcast.device_hour") == 1)
        #expect(try number("SELECT messages FROM hindcast.device_state") == 2)
    }

    @Test func `a session that is cut off is an error that says so, and nothing of its batch is kept`() throws {
        var log = try LogFixture()
        try log.append([.telemetry(device: "a", "{}")])
        var projector = try worker()
        try projector.turnUntilIdle()
        try log.append([.telemetry(device: "a", "{}")])
        #expect(try terminateWorkers() == 1)
        do throws(ProjectionError) {
            try projector.turnUntilIdle()
            Issue.record("a worker went on without a session")
        } catch {
            #expect(error.database?.isConnectionLost == true)
        }
        #expect(Set(try checkpoints().map(\.nextOffset)) == [1])
    }
}

/// Cuts off every session of the project role, as an administrator or a fail-over does, and says how many there were.
func terminateWorkers() throws(PostgresError) -> Int64 {
    try number(
        "SELECT count(*) FROM (SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'projecting') t"
    )
}

/// What a test waited for did not come.
struct NotReached: Error {}
