import Diagnostics
import Testing

@testable import Exports

@Suite("Runs of missing events")
struct MissingRunsTests {
    private static func time(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }

    @Test("A run goes on over a quiet time, and ends where something arrived for longer than the grace period")
    func ends() {
        var runs = MissingRuns(grace: 60_000_000)
        #expect(runs.missing(at: Self.time(0), isMalformed: false) == 1)
        #expect(runs.missing(at: Self.time(3600), isMalformed: false) == 1)
        runs.delivered()
        #expect(runs.missing(at: Self.time(3650), isMalformed: false) == 1)
        runs.delivered()
        #expect(runs.missing(at: Self.time(3711), isMalformed: false) == 2)
    }

    @Test("Events that are not JSON are runs beside the others")
    func malformed() {
        var runs = MissingRuns(grace: 60_000_000)
        #expect(runs.missing(at: Self.time(0), isMalformed: false) == 1)
        #expect(runs.missing(at: Self.time(1), isMalformed: true) == 2)
        #expect(runs.missing(at: Self.time(2), isMalformed: false) == 1)
        runs.delivered()
        #expect(runs.missing(at: Self.time(200), isMalformed: true) == 3)
        #expect(runs.missing(at: Self.time(200), isMalformed: false) == 4)
    }
}
