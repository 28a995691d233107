import Diagnostics
import EventLog
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing
import Threading

/// Repetitions are counted as one fold of the whole log counts them, wherever workers begin and end.
@Suite(.database) struct RepeatTests {
    private func repeated() throws -> Int64 { try number("SELECT sum(repeated)::bigint FROM hindcast.device_state") }

    /// A run that is delivered three times, as a route that lost its place does.
    private let rewound: [SampleRecord] = {
        let run = (0..<10).map { SampleRecord.telemetry(device: "device-\($0 % 3)", "{\"n\":\($0)}") }
        return run + run + [.telemetry(device: "device-0", #"{"n":10}"#)] + run
    }()

    @Test func `a run that is delivered again is counted`() throws {
        var log = try LogFixture()
        try log.append(rewound)
        var projector = try worker()
        try projector.turnUntilIdle()
        #expect(try repeated() == 20)
        #expect(try number("SELECT sum(repeated)::bigint FROM hindcast.device_hour") == 20)
        #expect(try number("SELECT sum(repeated)::bigint FROM hindcast.source_hour") == 20)
        #expect(try number("SELECT sum(messages)::bigint FROM hindcast.device_state") == 31)
    }

    @Test func `a worker that takes a source over reads what lies before, and counts the same`() throws {
        var log = try LogFixture()
        try log.append(rewound)
        for turn in 0..<8 {
            // No border between two workers lies where a run ends.
            var projector = try worker("worker-\(turn)", batchRows: 2)
            _ = try projector.step()
            _ = try projector.step()
            projector.end()
        }
        var last = try worker()
        try last.turnUntilIdle()
        #expect(try repeated() == 20)
        #expect(try differences() == [])
    }

    @Test func `a batch that fails and is done in parts counts the same`() throws {
        var log = try LogFixture()
        try log.append(rewound)
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: """
                CREATE FUNCTION refuse_large() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    RAISE 'out of shared memory' USING ERRCODE = 'out_of_memory';
                END $$;
                CREATE TRIGGER refuse_large BEFORE UPDATE OF next_offset ON hindcast.projection_checkpoint FOR EACH ROW
                WHEN (NEW.next_offset - OLD.next_offset > 2) EXECUTE FUNCTION refuse_large()
                """)
        var projector = try worker(batchRows: 15)
        let stop = StopSignal()
        let deadline = ContinuousClock.now + .patience
        while try checkpoint(.device)?.nextOffset != 31, ContinuousClock.now < deadline {
            _ = try projector.step()
            try projector.wait(stop: stop)
        }
        #expect(try checkpoint(.device)?.nextOffset == 31)
        #expect(try repeated() == 20)
    }

    @Test func `what lies further back than the window reaches is no repetition, whoever looks`() throws {
        var log = try LogFixture()
        let first = SampleRecord.telemetry(device: "a", #"{"n":1}"#)
        let second = SampleRecord.telemetry(device: "a", #"{"n":2}"#)
        try log.append([first, second])
        try log.advance(to: RepeatWindow.reach + 1)
        // The second lies as far back as may be, the first one offset further.
        try log.append([second, first])
        var early = try worker("early", batchRows: 2)
        _ = try early.step()
        early.end()
        var late = try worker("late")
        try late.turnUntilIdle()
        #expect(try checkpoint(.device)?.nextOffset == RepeatWindow.reach + 3)
        #expect(try repeated() == 1)
        #expect(try differences() == [])
    }
}
