import Catalog
import LogSupport
import Postgres
import Projections
import Replay
import TestSupport
import Testing

/// A run from its plan to its promotion and back.
@Suite(.database) struct ReplayTests {
    /// A log of two sources, judged live by the first version of the pump.
    private func prepare(seed: UInt64 = 7, count: Int = 300) throws {
        try publish(pumpTemplate())
        try publish(pumpTemplate(name: "x", id: "dtmi:test:other;1"))
        var fleet = SampleFleet(seed: seed)
        for partition in 0..<2 as Range<Int32> {
            var log = try LogFixture(partition: partition)
            try log.append(fleet.records(count), by: 25)
        }
        try project()
    }

    @Test func `the live generation built again by chunks holds the same`() throws {
        try prepare()
        let planned = try plan(.asLive, purpose: .verify)
        #expect(planned.sources.map(\.events) == [300, 300])
        #expect(planned.sources.allSatisfy { $0.chunks > 5 })
        let run = try carryOut(planned.run.id)
        #expect(run.state == .ready)
        let summary = try #require(run.summary)
        #expect(summary.appeared + summary.disappeared + summary.changed == 0, "\(summary)")
    }

    @Test func `a run that tries what is in force says what is live, and can be promoted and rolled back`() throws {
        try prepare()
        let planned = try plan(.document(pumpTemplate()))
        #expect(planned.run.versionKey == 1, "published content keeps its number")
        let run = try carryOut(planned.run.id)
        #expect(run.state == .ready)
        let before = try digest(run.base)
        #expect(try digest(run.generation) == before)
        var connection = try admin()
        let digest = try #require(run.summary?.digest)
        try Promotions.promote(run.id, diff: digest, budget: .count(0), actor: "ada", on: &connection)
        #expect(try live() == run.generation)
        try Promotions.rollback(run.id, actor: "ada", on: &connection)
        #expect(try live() == run.base)
        try Promotions.retire(run.id, actor: "ada", on: &connection)
        #expect(try ReplayRuns.show(run.id, on: &connection).state == .retired)
    }

    @Test func `a run that reads only what a change can touch says the same as one that reads all`() throws {
        try prepare()
        let partial = try plan(.document(pumpTemplate("integer")))
        #expect(partial.run.carriedDevices > 0 && !partial.run.readsAll, "\(partial.run)")
        let full = try plan(.document(pumpTemplate("integer"))) { $0.isFull = true }
        let runs = [try carryOut(partial.run.id), try carryOut(full.run.id)]
        #expect(runs[0].summary == runs[1].summary)
        #expect(try #require(runs[0].summary).appeared > 0)
        #expect(try digest(runs[0].generation).findings == digest(runs[1].generation).findings)
    }
}
