import Diagnostics
import ExportSimulation
import LogSupport
import TestSupport
import Testing
import Threading

/// A day with forty incidents of every cause, seen through each set of evidence, held cell by cell to the table in `docs/exports.md`.
///
/// `HINDCAST_EXPORT_DAY=2000x24` makes it the whole day of a fleet of 2,000 devices.
@Suite(.database, .serialized) struct SimulatedDayTests {
    private static let exported = ExportedDay(
        .fromEnvironment(endingAt: Timestamp(microseconds: WallClock.microseconds() - 600_000_000)))

    @Test func `the table has a row for whatever can befall an export`() throws {
        let rows = try EvidenceTable("evidence").rows.union(EvidenceTable("bound").rows)
        #expect(rows == Set(Incident.Kind.allCases.map(\.rawValue)))
    }

    @Test(
        arguments: [
            [.timeline, .receipts, .reconciliation], [.timeline, .reconciliation], [.receipts, .reconciliation], [.reconciliation],
            [.timeline, .receipts], [.timeline], [.receipts],
        ] as [Evidence])
    func `each planted gap is seen as the table says, and there are no others`(evidence: Evidence) async throws {
        let exported = Self.exported
        let gaps = try await SimulatedWorld(exported, evidence).play()
        let judge = EvidenceJudge(exported: exported, gaps: gaps)
        let (table, bound) = (try EvidenceTable("evidence"), try EvidenceTable("bound"))
        var explained: Set<Int> = []
        for planted in exported.planted {
            let kind = planted.incident.kind
            explained.formUnion(judge.matches(planted))
            let expected: String?
            if planted.route.isBound {
                expected = bound[kind, evidence.contains(.timeline) ? "timeline and silence" : "silence alone"]
            } else {
                let had = planted.route.isReadable ? evidence : evidence.subtracting(.reconciliation)
                expected = had.isEmpty ? planted.messages.isEmpty ? "no gap" : "not seen" : table[kind, had.description]
            }
            let word = judge.word(for: planted, hasTimeline: evidence.contains(.timeline))
            #expect(word == expected, "\(kind.rawValue) of \(planted.route.exportID) to \(planted.route.destinationID)")
        }
        let others = gaps.indices.filter { !explained.contains($0) }.map { gaps[$0] }
        #expect(others.isEmpty, "gaps that nobody planted: \(others)")
    }
}
