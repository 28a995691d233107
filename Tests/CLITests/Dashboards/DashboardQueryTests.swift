import Diagnostics
import Foundation
import Logging
import Postgres
import Testing

/// Asks every question of every dashboard of a database that the demo filled, as the data source's user.
@Suite(.serialized, .timeLimit(.minutes(5))) struct DashboardQueryTests {
    @Test func `every query of every panel and variable is answered, and every panel shows what the demo planted`() async throws {
        let directory = try TemporaryDirectory()
        let demo = try Program(["demo", "--devices", "60", "--rate", "1", "--dir", directory.path])
        let isReady = await demo.line(beginning: "sending ") != nil
        if isReady {
            let line = try #require(demo.written.split(separator: "\n").first { $0.hasPrefix("to look further: psql \"") })
            try ask(conninfo: String(line.split(separator: "\"")[1]))
        }
        demo.signal(SIGINT)
        let outcome = try await demo.outcome()
        #expect(isReady && outcome.status == 0, "\(outcome.output)\n\(outcome.errors)")
    }

    private func ask(conninfo: String) throws {
        var connection = try Connection(PostgresSettings(conninfo), logger: Logger(label: "hindcast.test"))
        // As reader.sql does it.
        try connection.execute(script: "CREATE ROLE hindcast_grafana LOGIN; GRANT hindcast_dashboard, hindcast_payload TO hindcast_grafana")
        try connection.execute(script: "SET ROLE hindcast_grafana")
        var empty: Set<String> = []
        for dashboard in try Dashboard.all() {
            var answers = DashboardAnswers(dashboard: dashboard)
            try answers.ask(&connection)
            #expect(answers.problems == [], "\(dashboard.file)")
            empty.formUnion(answers.emptyPanels)
        }
        let allowed = Set(try EmptyPanels.allowed().keys)
        #expect(empty == allowed, "empty or said to be, not both: \(empty.symmetricDifference(allowed).sorted())")
    }

    @Test func `a reason is given for each panel that may be empty`() throws {
        #expect(try EmptyPanels.allowed().allSatisfy { $0.value.count > 10 })
    }
}

/// Panels that may stay empty, as `file | title`, with the reason.
enum EmptyPanels {
    static func allowed() throws -> [String: String] {
        let text = try String(contentsOfFile: "\(Dashboard.folder)/may-be-empty.txt", encoding: .utf8)
        var allowed: [String: String] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 3 else { throw GrafanaQuery.Failure(reason: "not file | panel | reason: \(line)") }
            allowed["\(parts[0]) | \(parts[1])"] = parts[2]
        }
        return allowed
    }
}
