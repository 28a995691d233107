import JSON
import LogSupport
import Logging
import Postgres
import Synchronization
import TestSupport
import Testing
import Threading

/// What would this template have said? The story of the README, by its commands alone.
@Suite(.database) struct ReplayStoryTests {
    private static let fleet = MeterFleet(devices: 300, messages: 2)

    private func run(_ arguments: String...) async throws -> Program.Outcome {
        try await Program.run(["replay"] + arguments, environment: TestDatabase.environment)
    }

    /// The objects that a command prints, one a line.
    private func objects(_ outcome: Program.Outcome) throws -> [JSONTree] { try outcome.lines.map { try JSONTree.parse(Array($0.utf8)) } }

    private func leftovers() throws -> [String] {
        var connection = try TestDatabase.connect()
        return try connection.query(SelectReplayLeftovers())
    }

    @Test func `a corrected template fixes the fleet, and asking leaves nothing behind`() async throws {
        try await Self.fleet.prepare()
        let corrected = try TemporaryFile(MeterFleet.template("Temperature"))
        let before = try await Program.run(["findings", "--format", "csv"], environment: TestDatabase.environment).output
        let outcome = try await run("what-if", "--template", corrected.path, "--format", "json")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let answer = try objects(outcome)
        let summary = try #require(answer.first)
        #expect(summary["type"]?.stringValue == "summary")
        #expect(summary["devices_fixed"]?.integerValue == 300)
        #expect(summary["devices_broken"]?.integerValue == 0)
        #expect(summary["appeared"]?.integerValue == 0)
        #expect(summary["disappeared"]?.integerValue == 300)
        #expect(summary["new_errors"]?.integerValue == 0)
        #expect(answer.count == 301)
        #expect(answer.dropFirst().allSatisfy { $0["rule"]?.stringValue == "capability-case" && $0["change"]?.stringValue == "disappeared" })

        #expect(try leftovers() == [])
        #expect(try await Program.run(["findings", "--format", "csv"], environment: TestDatabase.environment).output == before)
        #expect(try await Program.run(["template", "list"], environment: TestDatabase.environment).lines.count == 2, "nothing is published")
        #expect(try await run("list").lines.last?.contains(" aborted ") == true)
    }

    @Test func `a wrong correction shows what it breaks, and is 1 where the budget does not accept it`() async throws {
        try await Self.fleet.prepare()
        let wrong = try TemporaryFile(MeterFleet.template("Temperature", "string"))
        let outcome = try await run("what-if", "--template", wrong.path)
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("devices: 0 fixed, 300 broken"), "\(outcome.output)")
        #expect(outcome.output.contains("schema-mismatch"))
        #expect(outcome.errors.contains("600 new errors in 600 events"))
        #expect(try await run("what-if", "--template", wrong.path, "--max-new-errors", "99.9%").status == 1)
        #expect(try await run("what-if", "--template", wrong.path, "--max-new-errors", "100%").status == 0)
        #expect(try await run("what-if", "--template", wrong.path, "--max-new-errors", "600").status == 0)
        #expect(try leftovers() == [])
    }

    @Test func `a promotion changes the view in one instant, and rolling back changes it back`() async throws {
        try await Self.fleet.prepare()
        let corrected = try TemporaryFile(MeterFleet.template("Temperature"))
        let plan = try await run("plan", "--template", corrected.path)
        #expect(plan.status == 0, "\(plan.errors)")
        #expect(plan.lines.last == "to go on: hindcast replay run 1")
        let ran = try await run("run", "1")
        #expect(ran.status == 0, "\(ran.errors)")
        #expect(ran.output == "replay 1 is ready; look at it with: hindcast replay diff 1\n")
        let diff = try await run("diff", "1")
        let digest = try #require(diff.lines.last?.split(separator: " ").last).description

        let reader = try FindingsReader()
        try await reader.reads(beyond: 3)
        let promoted = try await run("promote", "1", "--diff", digest, "--max-new-errors", "0")
        #expect(promoted.status == 0, "\(promoted.errors)")
        try await reader.reads(beyond: 3)
        #expect(try await run("rollback", "1").status == 0)
        try await reader.reads(beyond: 3)
        let seen = try await reader.end()
        #expect(seen == ["300 in 1", "0 in 0", "300 in 1"], "each reader sees one generation, whole")

        var connection = try TestDatabase.connect()
        let acts = try connection.query(SelectReplayActs())
        #expect(acts.map(\.act) == ["plan", "run", "promote", "rollback"])
        #expect(acts.allSatisfy { $0.actor.hasPrefix(acts[0].actor) && !$0.actor.isEmpty }, "\(acts)")
        #expect(try await run("retire", "1").status == 0)
        #expect(try leftovers() == [])
    }

    @Test func `a diff is counted by any of its parts, in every format`() async throws {
        try await Self.fleet.prepare()
        let corrected = try TemporaryFile(MeterFleet.template("Temperature"))
        #expect(try await run("plan", "--template", corrected.path, "--devices", "meter-1*").status == 0)
        #expect(try await run("run", "1", "--workers", "2").status == 0)
        for (dimension, name) in [
            ("device", "app/meter-1"), ("template", MeterFleet.templateID), ("path", "/Temperature"), ("rule", "capability-case"),
            ("day", "2026-06-01"),
        ] {
            let csv = try await run("diff", "1", "--by", dimension, "--format", "csv").output.split(separator: "\r\n").map(String.init)
            #expect(csv.first == "\(dimension),devices,appeared,disappeared,changed,count_before,count_after")
            #expect(csv.contains { $0.hasPrefix("\(name),") }, "\(csv.prefix(3))")
            let groups = try objects(try await run("diff", "1", "--by", dimension, "--format", "json")).filter { $0["type"]?.stringValue == "group" }
            #expect(groups.contains { $0["name"]?.stringValue == name })
            #expect(try await run("diff", "1", "--by", dimension).lines.contains { $0.hasPrefix(dimension.uppercased()) })
        }
        let csv = try await run("diff", "1", "--format", "csv", "--sample", "5").output.split(separator: "\r\n")
        #expect(csv.count == 6)
        #expect(
            csv.first
                == "change,tenant,device_id,template_id,module,component,path,rule,day,severity,count_before,count_after,example_source,example_offset,message"
        )
        let change = try #require(try objects(try await run("diff", "1", "--format", "json", "--sample", "1")).last)
        let position = "\(try #require(change["example_source"]?.integerValue)):\(try #require(change["example_offset"]?.integerValue))"
        let explained = try await Program.run(["explain", position], environment: TestDatabase.environment)
        #expect(explained.status == 0, "\(explained.errors)")
        #expect(explained.output.contains("Temperature"))
        let show = try #require(try objects(try await run("show", "1", "--format", "json")).first)
        #expect(show["state"]?.stringValue == "ready")
        #expect(show["events_done"] == show["events"])
        #expect(show["devices"]?.elements.count == 1)
        #expect(try await run("show", "1").output.contains("next"))
    }

    @Test func `what is live is built again and is the same; a row that was changed is found and named`() async throws {
        try await Self.fleet.prepare()
        let whole = try await run("verify")
        #expect(whole.status == 0, "\(whole.errors)")
        #expect(whole.lines.count == 2 && whole.lines.allSatisfy { $0.hasSuffix(": the same") }, "\(whole.output)")
        var connection = try TestDatabase.connect()
        try connection.execute(
            script: """
                UPDATE hindcast.verdict_hour SET warned = warned + 1
                WHERE device_key = (SELECT device_key FROM hindcast.device WHERE device_id = 'meter-17')
                """)
        let changed = try await run("verify", "--format", "json")
        #expect(changed.status == 1, "\(changed.errors)")
        let first = try objects(changed).first
        #expect(first?["same"]?.boolValue == false)
        #expect(first?["first_difference"]?["table"]?.stringValue == "verdict_hour")
        #expect(first?["first_difference"]?["device_id"]?.stringValue == "meter-17")
        #expect(first?["first_difference"]?["at"]?.stringValue == "2026-06-01T12:00:00Z")
        #expect(try leftovers() == [])
    }

    @Test func `devices move to another template, in one command that can be repeated`() async throws {
        try await Self.fleet.prepare()
        let other = "dtmi:hindcast:test:Meter;2"
        let target = try TemporaryFile(MeterFleet.template("Temperature", id: other))
        #expect(try await Program.run(["template", "publish", target.path], environment: TestDatabase.environment).status == 0)
        let list = try TemporaryFile("meter-7\n\n  meter-8 \nmeter-2?\n")
        let move = ["replay", "migrate", "--from", "\(MeterFleet.templateID)@1", "--to", "\(other)@1", "--devices", list.path]
        let looked = try await Program.run(move, environment: TestDatabase.environment)
        #expect(looked.status == 0, "\(looked.errors)")
        #expect(looked.output.contains("devices: 12 fixed, 0 broken"), "\(looked.output)")
        #expect(looked.errors.contains("to finish: hindcast replay promote 1 --diff "))
        let moved = try await Program.run(move + ["--max-new-errors", "0"], environment: TestDatabase.environment)
        #expect(moved.status == 0, "\(moved.errors)")
        #expect(moved.errors.contains("going on with replay 1"))
        #expect(moved.errors.contains("replay 1 is live"))
        var connection = try TestDatabase.connect()
        #expect(try connection.queryOne(CountFindings()) == 288)
    }
}

/// Reads a view over and over on a thread of its own, and keeps each answer that differs from the one before.
private final class FindingsReader: Sendable {
    private let loop: ThreadLoop
    private let state: State

    private final class State: Sendable {
        let seen = Mutex<(answers: [String], reads: Int, failure: String?)>(([], 0, nil))
    }

    init() throws {
        let state = State()
        let settings = TestDatabase.current.settings
        loop = ThreadLoop(name: "reader") { stop in
            do throws(PostgresError) {
                var connection = try Connection(settings, logger: Logger(label: "hindcast.test"))
                while !stop.isRequested {
                    let answer = try connection.queryOne(ReadFindings()) ?? "nothing"
                    state.seen.withLock { seen in
                        seen.reads += 1
                        if seen.answers.last != answer { seen.answers.append(answer) }
                    }
                }
            } catch {
                state.seen.withLock { $0.failure = "\(error)" }
            }
        }
        self.state = state
        loop.start()
    }

    /// Waits for so many more reads.
    func reads(beyond count: Int) async throws {
        let begun = state.seen.withLock { $0.reads }
        try await waitUntil { self.state.seen.withLock { $0.reads >= begun + count || $0.failure != nil } }
    }

    func end() async throws -> [String] {
        loop.requestStop()
        #expect(await loop.join(deadline: .now + .patience))
        let (answers, failure) = state.seen.withLock { ($0.answers, $0.failure) }
        #expect(failure == nil)
        return answers
    }
}

/// How many findings there are, of how many generations.
private struct ReadFindings: Statement {
    static let sql = "SELECT count(*) || ' in ' || count(DISTINCT generation) FROM diagnostics.validation_findings"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

private struct CountFindings: Statement {
    static let sql = "SELECT count(*) FROM diagnostics.validation_findings"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

private struct SelectReplayActs: Statement {
    static let sql = "SELECT body ->> 'act', actor FROM hindcast.control_event WHERE kind IN ('replay', 'promote') ORDER BY control_seq"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> (act: String, actor: String) { (try row.string(0), try row.string(1)) }
}
