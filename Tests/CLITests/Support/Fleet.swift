import Diagnostics
import JSON
import TestSupport
import Testing
import Threading

/// A database filled from a capture, through the commands alone.
enum Fleet {
    static func run(_ arguments: String...) async throws -> Program.Outcome { try await run(arguments) }

    static func run(_ arguments: [String]) async throws -> Program.Outcome {
        try await Program.run(arguments, environment: TestDatabase.environment)
    }

    /// Publishes the template, appends the capture, projects.
    static func fill(_ capture: FleetCapture) async throws {
        let template = try TemporaryFile(FleetCapture.template)
        let file = try TemporaryFile(capture.text)
        for arguments in [
            ["template", "publish", template.path], ["ingest", "--capture", file.path, "--name", "fleet"], ["project", "--exit-at-end"],
        ] {
            let outcome = try await run(arguments)
            #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
        }
    }

    /// An hour ago, on a whole second.
    static var hourAgo: Timestamp {
        let now = WallClock.microseconds()
        return Timestamp(microseconds: (now - 3_600_000_000) / 1_000_000 * 1_000_000)
    }

    /// The lines of standard output as JSON.
    static func objects(_ outcome: Program.Outcome) throws -> [JSONTree] { try outcome.lines.map { try JSONTree.parse(Array($0.utf8)) } }
}
