import Foundation
import Postgres
import TestSupport
import Testing

/// Bad input of operators changes nothing, and gets one sentence.
@Suite(.database) struct ReplayInputTests {
    private func run(_ arguments: [String]) async throws -> Program.Outcome {
        try await Program.run(["replay"] + arguments, environment: TestDatabase.environment)
    }

    @Test func `wrong options are 2, and nothing is planned`() async throws {
        let good = try TemporaryFile(MeterFleet.template("temperature"))
        let broken = try TemporaryFile("{")
        let empty = try TemporaryFile("\n  \n")
        let binary = try TemporaryFile()
        try binary.handle.write(contentsOf: [0xFF, 0xFE])
        let zero = try TemporaryFile("meter-1\0\n")
        let other = "dtmi:hindcast:test:Meter;2@1"
        let cases: [(arguments: [String], says: String)] = [
            (["plan"], "--template"),
            (["plan", "--template", "/nowhere.json"], "/nowhere.json"),
            (["plan", "--template", "dtmi:no:Such;1"], "expected FILE or ID@VERSION"),
            (["plan", "--template", "dtmi:no:Such;1@"], "expected FILE or ID@VERSION"),
            (["plan", "--template", "dtmi:no:Such;1@1"], "dtmi:no:Such;1"),
            (["plan", "--template", broken.path], broken.path),
            (["plan", "--template", "/"], "Cannot read the template /"),
            (["plan", "--template", good.path, "--from", "yesterday"], "--from"),
            (["plan", "--template", good.path, "--from", "2026-02-30"], "--from"),
            (["plan", "--template", good.path, "--from", "2026-06-02", "--to", "2026-06-01"], "expected its end after its beginning"),
            (["plan", "--template", good.path, "--devices", empty.path], "names no devices"),
            (["plan", "--template", good.path, "--devices", binary.path], "not UTF-8"),
            (["plan", "--template", good.path, "--devices", zero.path], "without NUL"),
            (["plan", "--template", good.path, "--devices", "/"], "Cannot read the device list /"),
            (["plan", "--template", good.path, "--devices", String(repeating: "x", count: 300)], "No device"),
            (["plan", "--template", good.path, "--format", "xml"], "--format"),
            (["run", "x"], "x"), (["run", "1", "--workers", "0"], "--workers"), (["run", "1", "--workers", "65"], "--workers"),
            (["run", "1", "--share", "0%"], "--share"), (["run", "1", "--share", "50"], "--share"), (["run", "1", "--share", "101%"], "--share"),
            (["run", "1", "--share", "nan%"], "--share"), (["run", "1", "--share", "1e1%"], "--share"),
            (["diff", "1", "--by", "moon"], "--by"), (["diff", "1", "--sample", "-1"], "--sample"),
            (["promote", "1"], "--diff"), (["promote", "1", "--diff", "abc"], "--diff"),
            (["promote", "1", "--diff", String(repeating: "0", count: 64), "--max-new-errors", "-1"], "--max-new-errors"),
            (["promote", "1", "--diff", String(repeating: "0", count: 64), "--max-new-errors", "many"], "--max-new-errors"),
            (["what-if"], "--template"), (["what-if", "--template", broken.path], broken.path),
            (["what-if", "--template", good.path, "--max-new-errors", "0.1.2%"], "--max-new-errors"),
            (["migrate", "--from", "a@1", "--to", "b@1"], "--devices"),
            (["migrate", "--from", "a", "--to", other, "--devices", "*"], "expected ID@VERSION"),
            (["migrate", "--from", "a@1", "--to", "a@2", "--devices", "*"], "expected two templates"),
            (["migrate", "--from", "dtmi:no:Such;1@1", "--to", other, "--devices", "*"], "dtmi:no:Such;1"),
            (["verify", "x"], "x"), (["nonsense"], "nonsense"),
        ]
        for (arguments, says) in cases {
            let outcome = try await run(arguments)
            #expect(outcome.status == 2, "\(arguments): \(outcome.errors)")
            #expect(outcome.errors.contains(says), "\(arguments): \(outcome.errors)")
            #expect(outcome.output.isEmpty, "\(arguments)")
        }
        #expect(try await run(["list"]).output == "No replays.\n")
        #expect(try await run(["list", "--format", "json"]).output.isEmpty)
    }

    @Test(arguments: [
        ["run"], ["resume"], ["pause"], ["abort"], ["diff"], ["promote", "--diff", String(repeating: "0", count: 64)], ["rollback"], ["retire"],
        ["verify"],
        ["show"],
    ])
    func `a run that there is not is 2, and is named`(command: [String]) async throws {
        let outcome = try await run([command[0], "99"] + command.dropFirst())
        #expect(outcome.status == 2, "\(outcome.errors)")
        #expect(outcome.errors.contains("There is no replay 99"))
    }

    @Test func `what a run's state does not allow is 2, and says what is expected`() async throws {
        try await MeterFleet(devices: 3, messages: 1).prepare()
        let template = try TemporaryFile(MeterFleet.template("Temperature"))
        let zeros = String(repeating: "0", count: 64)
        #expect(try await run(["plan", "--template", template.path]).status == 0)
        #expect(try await run(["rollback", "1"]).errors.contains("is planned and cannot be rolled back, expected one that is live."))
        for arguments in [["diff", "1"], ["promote", "1", "--diff", zeros], ["rollback", "1"], ["retire", "1"]] {
            #expect(try await run(arguments).status == 2, "\(arguments)")
        }
        #expect(try await run(["run", "1"]).status == 0)
        #expect(try await run(["pause", "1"]).errors.contains("is ready"))
        let differs = try await run(["promote", "1", "--diff", zeros])
        #expect(differs.status == 1)
        #expect(differs.errors.contains(zeros))
        #expect(try await run(["rollback", "1"]).status == 2)
        #expect(try await run(["run", "1", "--full"]).errors.contains("plan it again with --full"))
        #expect(try await run(["abort", "1"]).status == 0)
        #expect(try await run(["abort", "1"]).status == 0, "an abort may be repeated")
        #expect(try await run(["run", "1"]).status == 2)
        #expect(try await run(["resume", "1"]).status == 2)
        #expect(try await run(["diff", "1"]).errors.contains("aborted"))
        #expect(try await run(["promote", "1", "--diff", zeros]).status == 2)
    }

    @Test func `a stretch of time can be looked at and not promoted`() async throws {
        try await MeterFleet(devices: 3, messages: 1).prepare()
        let template = try TemporaryFile(MeterFleet.template("Temperature"))
        let plan = try await run(["plan", "--template", template.path, "--from", "2026-05-01", "--to", "2026-07-01T00:00:00Z"])
        #expect(plan.output.contains("cannot be promoted: It covers a stretch of time only"), "\(plan.errors)")
        #expect(try await run(["run", "1"]).status == 0)
        let diff = try await run(["diff", "1"])
        let digest = try #require(diff.lines.last?.split(separator: " ").last).description
        let promoted = try await run(["promote", "1", "--diff", digest])
        #expect(promoted.status == 2)
        #expect(promoted.errors.contains("cannot be promoted"))
    }

    @Test func `new errors are counted when they are accepted, and what is retired is retired once`() async throws {
        try await MeterFleet(devices: 3, messages: 1).prepare()
        let template = try TemporaryFile(MeterFleet.template("Temperature", "string"))
        #expect(try await run(["plan", "--template", template.path]).status == 0)
        #expect(try await run(["run", "1"]).status == 0)
        let digest = try #require(try await run(["diff", "1"]).lines.last?.split(separator: " ").last).description
        let refused = try await run(["promote", "1", "--diff", digest, "--max-new-errors", "2"])
        #expect(refused.status == 1)
        #expect(refused.errors.contains("3 new errors in 3 events, and --max-new-errors accepts 2; nothing was changed"), "\(refused.errors)")
        let promoted = try await run(["promote", "1", "--diff", digest])
        #expect(promoted.output.hasPrefix("replay 1 is live with 3 new errors in 3 events; to go back: "), "\(promoted.output) \(promoted.errors)")
        let aborted = try await run(["abort", "1"])
        #expect(aborted.status == 2)
        #expect(aborted.errors.contains("`hindcast replay rollback 1`"))
        #expect(try await run(["show", "1"]).output.contains("hindcast replay rollback 1"))
        #expect(try await run(["retire", "1"]).output.contains("is dropped"))
        let again = try await run(["retire", "1"])
        #expect(again.status == 0)
        #expect(again.output.contains("was dropped before"))
        #expect(try await run(["show", "1"]).output.contains("rollback") == false)
    }

    @Test func `devices that there are not are 2, and what the past cannot say is 3`() async throws {
        try await MeterFleet(devices: 3, messages: 1).prepare()
        let template = try TemporaryFile(MeterFleet.template("Temperature"))
        for command in ["what-if", "plan"] {
            let misspelt = try await run([command, "--template", template.path, "--devices", "metre-*", "fleet.txt"])
            #expect(misspelt.status == 2, "\(misspelt.output) \(misspelt.errors)")
            #expect(misspelt.errors.contains("No device in the log is named by --devices (metre-*, fleet.txt)"))
        }
        let partly = try await run(["plan", "--template", template.path, "--devices", "meter-*", "nope", "met?r"])
        #expect(partly.status == 0)
        #expect(partly.errors.contains("named by 2 of 3 ids and patterns of --devices (nope, met?r)"), "\(partly.errors)")
        let planned = try await run(["plan", "--template", template.path, "--from", "2099-01-01"])
        #expect(planned.status == 0)
        #expect(planned.errors.contains("no events from 2099-01-01T00:00:00Z on (--from): this run judges nothing of the past"), "\(planned.errors)")
        for run in ["1", "2"] { #expect(try await self.run(["abort", run]).status == 0) }
        let later = try await run(["what-if", "--template", template.path, "--from", "2030-01-01"])
        #expect(later.status == 3, "\(later.output)")
        #expect(later.errors.contains("2030-01-01"))
        let unheard = try TemporaryFile(MeterFleet.template("x", id: "dtmi:hindcast:test:Unheard;1"))
        #expect(try await run(["what-if", "--template", unheard.path]).status == 3)
        var connection = try TestDatabase.connect()
        #expect(try connection.query(SelectReplayLeftovers()) == [])
    }
}
