import JSON
import TestSupport
import Testing

/// From a capture file to findings, through the commands alone.
@Suite(.database) struct CaptureAndFindingsTests {
    private func run(_ arguments: [String]) async throws -> Program.Outcome {
        try await Program.run(arguments, environment: TestDatabase.environment)
    }

    /// Publishes the template, appends the capture, projects.
    private func prepare() async throws {
        let template = try TemporaryFile(CaptureText.template)
        let capture = try TemporaryFile(CaptureText.faults)
        for arguments in [
            ["template", "publish", template.path], ["ingest", "--capture", capture.path, "--name", "case-1"], ["project", "--exit-at-end"],
        ] {
            let outcome = try await run(arguments)
            #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
        }
    }

    @Test func `a capture is appended once, and a second run says so`() async throws {
        let capture = try TemporaryFile(CaptureText.faults)
        let first = try await run(["ingest", "--capture", capture.path])
        #expect(first.output.contains("appended 4 of 4 records\n"), "\(first.errors)")
        let second = try await run(["ingest", "--capture", capture.path])
        #expect(second.status == 0)
        #expect(second.output.contains("appended 0 of 4 records; all of it was there already\n"))
        #expect(try await run(["ingest", "--capture", "/nowhere.jsonl"]).status == 2)
        #expect(try await run(["ingest", "--name", "x"]).status == 2)
    }

    @Test func `findings are printed as text, JSON and CSV, the most frequent first`() async throws {
        try await prepare()
        let text = try await run(["findings"]).lines
        #expect(text.count == 3)
        #expect(text[1].contains("pump-1") && text[1].contains("schema-mismatch") && text[1].contains(" 2 "))
        #expect(text[2].contains("capability-case") && text[2].contains("Did you mean \"flow\"?"))

        let json = try JSONTree.parse(Array(try await run(["findings", "--format", "json"]).output.utf8)).elements
        #expect(json.map { $0["rule"]?.stringValue } == ["schema-mismatch", "capability-case"])
        #expect(json.first?["count"]?.integerValue == 2)
        #expect(json.first?["path"]?.stringValue == "/flow")
        #expect(json.first?["first_seen"]?.stringValue == "2026-06-01T12:00:01Z")

        let csv = try await run(["findings", "--format", "csv"]).output.split(separator: "\r\n")
        #expect(csv.count == 3)
        #expect(
            csv.first
                == "tenant,device_id,template_id,template_version,module,component,path,rule,severity,count,first_seen,last_seen,last_source,last_offset,message"
        )
    }

    @Test func `findings are chosen by device and tenant, and can decide the exit status`() async throws {
        try await prepare()
        #expect(try await run(["findings", "--device", "pump-2"]).lines.count == 2)
        #expect(try await run(["findings", "--device", "pump-?"]).lines.count == 3)
        // A name that the log does not have says nothing about whether something is wrong.
        #expect(try await run(["findings", "--device", "nobody"]).status == 3)
        #expect(try await run(["findings", "--tenant", "elsewhere"]).status == 3)
        #expect(try await run(["findings"]).status == 0)
        #expect(try await run(["findings", "--fail-on", "error"]).status == 1)
        #expect(try await run(["findings", "--fail-on", "error", "--device", "nobody"]).status == 3)
    }

    @Test func `the event that a finding names is shown byte for byte`() async throws {
        try await prepare()
        let json = try JSONTree.parse(Array(try await run(["findings", "--format", "json", "--device", "pump-2"]).output.utf8)).elements
        let finding = try #require(json.first)
        let position = "\(finding["last_source"]?.integerValue ?? 0):\(finding["last_offset"]?.integerValue ?? 0)"
        let payload = try await run(["events", "show", position, "--payload"])
        #expect(payload.output.hasSuffix(#""telemetry":{"Flow":2}}"#))
        let whole = try await run(["events", "show", position])
        #expect(whole.output.contains("pump-2"))
        #expect(whole.output.contains(position))
        #expect(try await run(["events", "show", "1:999"]).status == 3)
    }

    @Test func `monitors show the last events and findings`() async throws {
        try await prepare()
        let events = try await run(["monitor", "events", "--last", "2"])
        #expect(events.lines.count == 2, "\(events.errors)")
        #expect(events.lines.last?.contains("pump-2") == true)
        #expect(try await run(["monitor", "events", "--device", "pump-1"]).lines.count == 3)
        let findings = try await run(["monitor", "findings"])
        #expect(findings.lines.count == 2, "\(findings.errors)")
    }

    @Test func `a following monitor shows what comes, and ends on a signal`() async throws {
        try await prepare()
        let monitor = try Program(["monitor", "events", "--follow", "--device", "late-*"], environment: TestDatabase.environment)
        let capture = try TemporaryFile(CaptureText.line(key: "late-1", payload: "x", offset: 0))
        #expect(try await run(["ingest", "--capture", capture.path]).status == 0)
        let line = await monitor.line(beginning: "20")
        #expect(line?.contains("late-1") == true)
        monitor.signal(15)
        #expect(try await monitor.outcome().status == -15)
    }

    @Test func `status tells how far everything came`() async throws {
        try await prepare()
        let text = try await run(["status"])
        #expect(text.status == 0, "\(text.errors)")
        for title in ["Sources", "Projections", "Log", "Holes"] { #expect(text.lines.contains(title)) }
        let json = try JSONTree.parse(Array(try await run(["status", "--format", "json"]).output.utf8))
        #expect(json["sources"]?.elements.first?["topic"]?.stringValue == "case-1")
        let projections = json["projections"]?.elements ?? []
        #expect(!projections.isEmpty)
        #expect(projections.allSatisfy { $0["lag"]?.integerValue == 0 })
        #expect(json["days"]?.elements.isEmpty == false)
    }
}
