import Diagnostics
import Postgres
import Projections
import TestSupport
import Testing

/// What is judged offline is what a running Hindcast judges.
@Suite(.database) struct ValidateAndLogTests {
    @Test func `validate and the log find the same, by digest`() async throws {
        let template = try TemporaryFile(CaptureText.template)
        let odd = CaptureText.line(key: "k", payload: "{", offset: 4) + CaptureText.line(key: "k", payload: #"{"a":1}"#, offset: 5)
        let capture = try TemporaryFile(CaptureText.faults + odd)
        let environment = TestDatabase.environment
        for arguments in [["template", "publish", template.path], ["ingest", "--capture", capture.path], ["project", "--exit-at-end"]] {
            let outcome = try await Program.run(arguments, environment: environment)
            #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
        }
        let offline = try await Program.run(["validate", "--template", template.path, "--capture", capture.path, "--digest"])
        var connection = try TestDatabase.connect()
        let logged = try ProjectionDigest.read(generation: 1, on: &connection).findings
        #expect(logged.count == 5)
        let lanes = [logged.lane0, logged.lane1].map { (number: UInt64) in
            let text = String(number, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        #expect(offline.errors.contains("digest \(logged.count) \(lanes[0]) \(lanes[1])\n"), "\(offline.errors)")
    }
}
