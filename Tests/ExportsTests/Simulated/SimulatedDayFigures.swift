import Diagnostics
import ExportSimulation
import Foundation
import Testing
import Threading

/// What `scripts/measure/export_day.py` keeps of the day that was simulated, where it asks for it by naming a file in `HINDCAST_EXPORT_DAY_FIGURES`.
@Suite struct SimulatedDayFigures {
    private static let path = ProcessInfo.processInfo.environment["HINDCAST_EXPORT_DAY_FIGURES"]

    @Test(.enabled(if: path != nil)) func `the day has what it was asked to have`() throws {
        let exported = ExportedDay(.fromEnvironment(endingAt: Timestamp(microseconds: WallClock.microseconds() - 600_000_000)))
        let lost = exported.planted.filter { $0.incident.kind != .flagOnly }
        #expect(lost.count == 40)
        let figures = [
            "devices": exported.day.scale.devices, "hours": exported.day.scale.hours, "events": exported.day.messages.count, "incidents": lost.count,
            "routes": exported.plan.routes.count, "missed": lost.reduce(0) { $0 + $1.messages.count },
        ]
        try JSONEncoder().encode(figures).write(to: URL(filePath: #require(Self.path)))
    }
}
