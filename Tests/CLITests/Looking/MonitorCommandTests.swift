import Diagnostics
import JSON
import TestSupport
import Testing

/// Monitors over a log with history, and on what comes.
@Suite(.database) struct MonitorCommandTests {
    private func fill() async throws -> FleetCapture {
        let capture = FleetCapture.fleet(at: Fleet.hourAgo)
        try await Fleet.fill(capture)
        return capture
    }

    @Test func `events are chosen by device, tenant and time, and come in the order of the log`() async throws {
        let capture = try await fill()
        let all = try Fleet.objects(try await Fleet.run("monitor", "events", "--last", "1000", "--format", "json"))
        #expect(all.map { $0["offset"]?.integerValue } == (1...Int64(capture.count)).map { $0 })
        let last = try Fleet.objects(try await Fleet.run("monitor", "events", "--last", "2", "--format", "json"))
        #expect(last.map { $0["offset"]?.integerValue } == [Int64(capture.count) - 1, Int64(capture.count)])
        let pump = try Fleet.objects(try await Fleet.run("monitor", "events", "--device", "pump-2", "--format", "json"))
        #expect(pump.map { $0["payload"]?["data"]?["flow"]?.stringValue } == ["1", "2", "3"])
        #expect(try await Fleet.run("monitor", "events", "--device", "pump-2", "--last", "1").lines.count == 1)
        #expect(try await Fleet.run("monitor", "events", "--device", "pump-?", "--last", "1000").lines.count == 11)
        #expect(try await Fleet.run("monitor", "events", "--device", "twin", "--tenant", "other").lines.count == 1)
        #expect(try await Fleet.run("monitor", "events", "--device", "twin").lines.count == 2)
        let middle = try #require(all[9]["event_time"]?.stringValue)
        let since = try Fleet.objects(try await Fleet.run("monitor", "events", "--since", middle, "--format", "json"))
        #expect(since.count == capture.count - 9)
        #expect(try await Fleet.run("monitor", "events", "--since", middle, "--last", "3").lines.count == 3)
        #expect(try await Fleet.run("monitor", "events", "--since", "-2h", "--max-events", "4").lines.count == 4)
        #expect(try await Fleet.run("monitor", "events", "--module", "edge*").output.isEmpty)
        #expect(try await Fleet.run("monitor", "events", "--module", "", "--last", "5").lines.count == 5)
    }

    @Test func `events of several sources come in the order of their ingest, last and since alike`() async throws {
        _ = try await fill()
        var expected: [String] = (1...18).map { "1:\($0)" }
        for source in 2...4 {
            var capture = FleetCapture(at: Fleet.hourAgo)
            for number in 1...3 { capture.telemetry("extra-\(source)-\(number)", #"{"flow":1}"#) }
            let file = try TemporaryFile(capture.text)
            #expect(try await Fleet.run("ingest", "--capture", file.path, "--name", "extra-\(source)").status == 0)
            expected += (1...3).map { "\(source):\($0)" }
        }
        func positions(_ options: String...) async throws -> [String] {
            try Fleet.objects(try await Fleet.run(["monitor", "events", "--format", "json"] + options))
                .map { "\($0["source"]?.integerValue ?? 0):\($0["offset"]?.integerValue ?? 0)" }
        }
        #expect(try await positions("--last", "100") == expected)
        #expect(try await positions("--since", "2h") == expected)
        #expect(try await positions("--last", "5") == expected.suffix(5))
        #expect(try await positions("--since", "2h", "--last", "5") == expected.suffix(5))
        #expect(try await positions("--last", "2", "--device", "pump-*") == ["1:10", "1:11"])
    }

    @Test func `an id cannot steer the terminal, and stays whole in JSON`() async throws {
        _ = try await fill()
        let text = try await Fleet.run("monitor", "events", "--device", "bad*")
        #expect(text.output.contains("bad\\u{1b}[31mred"))
        #expect(!text.output.contains("\u{1B}"))
        let json = try Fleet.objects(try await Fleet.run("monitor", "events", "--device", "bad*", "--format", "json"))
        #expect(json.first?["device_id"]?.stringValue == "bad\u{1B}[31mred")
        let yaml = try await Fleet.run("monitor", "events", "--device", "bad*", "--format", "yaml")
        #expect(yaml.output.hasPrefix("---") && !yaml.output.contains("\u{1B}"))
    }

    @Test func `properties are told one by one, with how a device acknowledges`() async throws {
        _ = try await fill()
        let rows = try Fleet.objects(try await Fleet.run("monitor", "properties", "--format", "json"))
        #expect(rows.map { $0["section"]?.stringValue } == ["desired", "reported", "reported", "reported"])
        #expect(rows.map { $0["property"]?.stringValue } == ["limit", "serial", "limit", "serial"])
        let limit = try #require(rows.dropFirst(2).first)
        #expect(limit["value"]?.integerValue == 80)
        #expect(limit["ack_code"]?.integerValue == 200)
        #expect(limit["ack_version"]?.integerValue == 1)
        #expect(limit["ack_description"]?.stringValue == "done")
        let text = try await Fleet.run("monitor", "properties", "--device", "Valve-1", "--last", "1")
        #expect(text.lines.count == 1)
        #expect(text.output.contains("reported limit = 80 (acknowledged with 200 at version 1 \"done\")"))
        #expect(try await Fleet.run("monitor", "properties", "--device", "pump-*").output.isEmpty)
    }

    @Test func `findings decide the exit status`() async throws {
        _ = try await fill()
        let found = try await Fleet.run("monitor", "findings", "--format", "json")
        #expect(found.status == 1)
        let rows = try Fleet.objects(found)
        let mismatch = rows.first { $0["rule"]?.stringValue == "schema-mismatch" }
        #expect(mismatch?["device_id"]?.stringValue == "pump-2")
        #expect(mismatch?["count"]?.integerValue == 3)
        let errors = try await Fleet.run("monitor", "findings", "--min-severity", "error", "--device", "pump-2")
        #expect(errors.status == 1 && errors.lines.count == 1, "\(errors.output)")
        let none = try await Fleet.run("monitor", "findings", "--min-severity", "error", "--device", "pump-1")
        #expect(none.status == 0 && none.output.isEmpty)
        #expect(try await Fleet.run("monitor", "findings", "--last", "0").status == 0)
        #expect(try await Fleet.run("monitor", "findings", "--since", "1s").status == 0)
    }

    @Test func `findings of what comes are shown one by one, with the byte`() async throws {
        _ = try await fill()
        let monitor = try Program(
            ["monitor", "findings", "--min-severity", "error", "--follow", "--max-events", "4", "--format", "json"],
            environment: TestDatabase.environment)
        // What was found before is shown once it is settled where what comes begins.
        #expect(await monitor.line(beginning: "{", number: 2) != nil)
        var more = FleetCapture(at: Fleet.hourAgo)
        for _ in 1...2 { more.telemetry("late", #"{"flow":"x"}"#) }
        let file = try TemporaryFile(more.text)
        #expect(try await Fleet.run("ingest", "--capture", file.path, "--name", "late").status == 0)
        #expect(try await Fleet.run("project", "--exit-at-end").status == 0)
        let outcome = try await monitor.outcome()
        #expect(outcome.status == 1)
        let rows = try Fleet.objects(outcome).filter { $0["device_id"]?.stringValue == "late" }
        #expect(rows.map { $0["offset"]?.integerValue } == [1, 2])
        #expect(rows.allSatisfy { ($0["byte_offset"]?.integerValue ?? 0) > 0 && $0["rule"]?.stringValue == "schema-mismatch" })
    }

    @Test func `standard error says why nothing is to be seen`() async throws {
        let empty = try await Fleet.run("monitor", "events")
        #expect(empty.status == 0)
        #expect(empty.errors.contains("nothing was ever ingested"))
        _ = try await fill()
        #expect(try await Fleet.run("monitor", "events", "--device", "valve-1").errors.contains("\"Valve-1\" differs only by case"))
        #expect(try await Fleet.run("monitor", "events", "--device", "pump-11").errors.contains("did you mean \"pump-1\"?"))
        #expect(try await Fleet.run("monitor", "events", "--device", "nobody*").errors.contains("no device has an id that matches"))
        #expect(try await Fleet.run("monitor", "properties", "--device", "pump-3").errors.contains("is blocked by an operator"))
        let begun = ContinuousClock.now
        let quiet = try await Fleet.run("monitor", "events", "--last", "0", "--duration", "600ms")
        #expect(quiet.status == 0)
        #expect(!quiet.errors.isEmpty)
        #expect(ContinuousClock.now - begun >= .milliseconds(600))
    }

    @Test(arguments: [
        ["--since", "yesterday"], ["--since", "2026-06-01"], ["--last", "-1"], ["--max-events", "0"], ["--duration", "5"], ["--duration", ""],
        ["--format", "xml"], ["--last", "99999999999999999999"],
    ]) func `what cannot be meant is refused`(arguments: [String]) async throws {
        for monitor in ["events", "properties", "findings"] {
            let outcome = try await Fleet.run(["monitor", monitor] + arguments)
            #expect(outcome.status == 2, "\(outcome.output)")
            #expect(outcome.output.isEmpty)
        }
    }

    @Test(arguments: ["", "[", "\\", "%", "_", "(((", "*".repeated(300), "\u{1B}[2J", "'; DROP TABLE x; --"])
    func `a glob that matches nobody is no failure`(glob: String) async throws {
        for monitor in ["events", "properties", "findings"] {
            let outcome = try await Fleet.run("monitor", monitor, "--device", glob)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(!outcome.errors.contains("\u{1B}"))
        }
    }
}

extension String {
    fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
