import Diagnostics
import LogSupport
import Postgres
import TestSupport
import Testing

/// What operators say about exports, and what they are told.
@Suite(.database) struct ExportCommandTests {
    private static let exports = """
        {"exports": [{"id": "e", "displayName": "Warehouse", "enabled": true, "source": "telemetry", "destinations": [{"id": "d"}]}],
         "destinations": [{"id": "d", "displayName": "Hub", "type": "eventhubs@v1", "authorization": {"type": "connectionString",
            "connectionString": "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=n;SharedAccessKey=c2VjcmV0;EntityPath=hub"}}]}
        """

    private func run(_ arguments: String...) async throws -> Program.Outcome {
        try await Program.run(["export"] + arguments, environment: TestDatabase.environment)
    }

    private func importSample() async throws {
        let file = try TemporaryFile(Self.exports)
        let outcome = try await run("import", file.path, "--tenant", "app", "--at", "2026-11-01T00:00:00Z")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output == "export e: version 1\ndestination d: version 1\n")
    }

    @Test func `what is imported is listed and shown, without its secrets`() async throws {
        try await importSample()
        let list = try await run("list")
        #expect(list.status == 0 && list.output.contains("Warehouse"), "\(list.errors)")
        for format in ["text", "json"] {
            let shown = try await run("show", "e", "--format", format)
            #expect(shown.status == 0 && shown.output.contains("eventhubs@v1"), "\(shown.errors)")
            #expect(!shown.output.contains("c2VjcmV0"))
        }
        #expect(try await run("show", "unknown").status == 2)
        let check = try await run("check")
        #expect(check.status == 0 && check.output.contains("Send"), "\(check.output)\(check.errors)")
    }

    @Test func `a file with a mistake changes nothing`() async throws {
        let file = try TemporaryFile(#"{"exports": [{"id": "e", "source": "telemetry", "enabled": true, "destinations": []}, {"id": 7}]}"#)
        let outcome = try await run("import", file.path, "--tenant", "app")
        #expect(outcome.status == 2 && outcome.errors.contains(file.path), "\(outcome.errors)")
        #expect(try await run("list").output.hasPrefix("No exports."))
        #expect(try await run("import", "/nowhere", "--tenant", "app").status == 2)
    }

    @Test func `a gap is found by project, listed, and accepted with a reason`() async throws {
        try await importSample()
        var log = try LogFixture(settings: SourceSettings(tenant: "app"))
        try log.append([
            .toggled("e", false, at: .sample),
            .telemetry(device: "pump", #"{"t":1}"#, at: Timestamp(microseconds: Timestamp.sample.microseconds + 60_000_000)),
        ])
        let projected = try await Program.run(["project", "--exit-at-end"], environment: TestDatabase.environment)
        #expect(projected.status == 0, "\(projected.errors)")
        let gaps = try await run("gaps", "--format", "json")
        #expect(gaps.status == 0 && gaps.lines.count == 1, "\(gaps.output)\(gaps.errors)")
        #expect(gaps.output.contains(#""cause":"disabled""#) && gaps.output.contains(#""events":1"#), "\(gaps.output)")
        #expect(try await run("gaps", "--fail").status == 1)
        let status = try await run("status")
        #expect(status.status == 0 && status.output.contains("off"), "\(status.output)\(status.errors)")
        let id = try #require(try await run("gaps").lines.last?.split(separator: " ").first.map(String.init))
        #expect(try await run("accept", id, "--reason", " ").status == 2)
        #expect(try await run("accept", "0000", "--reason", "planned").status == 2)
        #expect(try await run("accept", id, "--reason", "planned").status == 0)
        #expect(try await run("gaps").output == "No gaps.\n")
        #expect(try await run("gaps", "--state", "accepted").output.contains(id))
    }

    @Test func `where nothing is found, a tenant, export or destination that nobody knows is named`() async throws {
        let early = try await run("gaps")
        #expect(early.status == 0 && early.output == "No gaps.\n" && early.errors.contains("has seen no export"), "\(early.errors)")
        try await importSample()
        #expect(try await Program.run(["project", "--exit-at-end"], environment: TestDatabase.environment).status == 0)
        let none = try await run("gaps", "--tenant", "app", "--export", "e", "--destination", "d")
        #expect(none.status == 0 && none.output == "No gaps.\n" && none.errors.isEmpty, "\(none.errors)")
        for arguments in [
            ["gaps", "--tenant", "apq"], ["gaps", "--export", "f"], ["gaps", "--tenant", "app", "--destination", "e", "--fail"],
            ["status", "--tenant", "apq"],
        ] {
            let outcome = try await Program.run(["export"] + arguments, environment: TestDatabase.environment)
            #expect(
                outcome.status == 3 && outcome.output.isEmpty && outcome.errors.contains("\"\(arguments[arguments.count > 3 ? 4 : 2])\""),
                "\(outcome.errors)")
        }
        #expect(try await run("gaps", "--tenant", "apq").errors.contains("did you mean \"app\"?"))
    }

    @Test func `a topic is bound to an export, and no longer`() async throws {
        let binding = ["--export", "e", "--destination", "d", "--tenant", "app", "--topic", "telemetry"]
        let environment = TestDatabase.environment
        for expected in ["bound to", "bound already to"] {
            #expect(try await Program.run(["export", "bind"] + binding, environment: environment).output.contains(expected))
        }
        #expect(try await Program.run(["export", "unbind"] + binding, environment: environment).status == 0)
        #expect(try await Program.run(["export", "unbind"] + binding, environment: environment).status == 2)
    }
}
