import Glibc
import LogSupport
import Postgres
import TestSupport
import Testing

/// Runs that are killed, interrupted, paused: nothing is lost, nothing is left behind.
@Suite(.database) struct ReplayKillTests {
    private func run(_ arguments: [String]) async throws -> Program.Outcome {
        try await Program.run(["replay"] + arguments, environment: TestDatabase.environment)
    }

    private func digest(_ run: Int) async throws -> String {
        try #require(try await self.run(["diff", "\(run)"]).lines.last?.split(separator: " ").last).description
    }

    /// Starts a command that rests after its first chunk for longer than any test waits, and returns when it does.
    private func startResting(_ arguments: [String]) async throws -> Program {
        let before = try doneChunks()
        let program = try Program(["replay"] + arguments + ["--share", "0.1%"], environment: TestDatabase.environment)
        try await waitUntil { try doneChunks() > before }
        return program
    }

    private func doneChunks() throws -> Int64 {
        var connection = try TestDatabase.connect()
        return try connection.queryOne(CountDoneChunks()) ?? 0
    }

    @Test func `a run that was killed goes on, to the digest of one that nothing disturbed`() async throws {
        // Three chunks.
        try await MeterFleet(devices: 300, messages: 350).prepare()
        let template = try TemporaryFile(MeterFleet.template("Temperature", "string"))
        #expect(try await run(["plan", "--template", template.path]).status == 0)
        #expect(try await run(["run", "1"]).status == 0)
        let undisturbed = try await digest(1)
        #expect(try await run(["abort", "1"]).status == 0)

        #expect(try await run(["plan", "--template", template.path, "--full"]).status == 0)
        let killed = try await startResting(["run", "2"])
        killed.signal(SIGKILL)
        #expect(try await killed.outcome().status == -SIGKILL)
        let interrupted = try await startResting(["run", "2"])
        interrupted.signal(SIGTERM)
        let ended = try await interrupted.outcome()
        #expect(ended.status == 3, "\(ended.errors)")
        #expect(ended.errors.contains("nothing is lost"))

        #expect(try await run(["pause", "2"]).status == 0)
        let paused = try await run(["run", "2"])
        #expect(paused.status == 3)
        #expect(paused.errors.contains("was paused"))
        let resumed = try await run(["resume", "2", "--workers", "2"])
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try await digest(2) == undisturbed)
    }

    @Test func `several workers end one run together, again and again`() async throws {
        try await MeterFleet(devices: 300, messages: 2).prepare()
        let template = try TemporaryFile(MeterFleet.template("Temperature", "string"))
        for number in 1...6 {
            #expect(try await run(["plan", "--template", template.path]).status == 0)
            let helper = try Program(["replay", "run", "\(number)", "--workers", "2"], environment: TestDatabase.environment)
            let ran = try await run(["run", "\(number)", "--workers", "3"])
            #expect(ran.status == 0, "\(ran.errors)")
            let helped = try await helper.outcome()
            #expect(helped.status == 0, "\(helped.errors)")
            #expect(try await run(["abort", "\(number)"]).status == 0)
        }
        var connection = try TestDatabase.connect()
        #expect(try connection.query(SelectReplayLeftovers()) == [])
    }

    @Test func `what-if cleans up when it is interrupted`() async throws {
        try await MeterFleet(devices: 300, messages: 100).prepare()
        let template = try TemporaryFile(MeterFleet.template("Temperature", "string"))
        let asked = try await startResting(["what-if", "--template", template.path])
        asked.signal(SIGINT)
        let outcome = try await asked.outcome()
        #expect(outcome.status == 3, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("Interrupted; nothing was changed"))
        var connection = try TestDatabase.connect()
        #expect(try connection.query(SelectReplayLeftovers()) == [])
        #expect(try await run(["list"]).lines.last?.contains(" aborted ") == true)
    }
}

private struct CountDoneChunks: Statement {
    static let sql = "SELECT count(*) FROM hindcast.replay_chunk WHERE done_at IS NOT NULL"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
