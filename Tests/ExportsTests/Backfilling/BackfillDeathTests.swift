import Diagnostics
import EventLog
import Exports
import LogSupport
import Postgres
import TestSupport
import Testing

/// Workers that die at the moments that matter, and others that take over from them: every missing event arrives, under one id, and counts once.
@Suite(.database) struct BackfillDeathTests {
    /// How many devices send a message each while the export is off; the destination takes ten at a time.
    private static let devices: Int64 = 45

    private let story = BackfillStory()

    /// An export that is off for ten minutes, and its gap.
    private func missSomething(isCompared: Bool = false) throws -> BackfillJob {
        try ExportStory.define("e", to: "d")
        var log = try LogFixture(settings: SourceSettings(tenant: "app"))
        try log.append(
            [ExportStory.toggled("e", false, at: 0)] + (1...Self.devices).map { ExportStory.telemetry("pump-\($0)", at: $0, #"{"t":\#($0)}"#) }
                + [ExportStory.toggled("e", true, at: 600), ExportStory.telemetry("later", at: 700)])
        try ExportStory.project()
        if isCompared { #expect(try story.reconcile(0..<600).missing == Self.devices) }
        try ExportStory.look()
        let gaps = try ExportStory.gaps()
        #expect(gaps.map(\.events) == [Self.devices])
        return try story.job(.gap(try #require(gaps.first).id))
    }

    /// Everything that was missing is there, nothing else, each event under an id of its own, and was counted once.
    private func check(repeats: Int, _ job: BackfillJob) throws {
        let messages = story.destination.messages
        #expect(Set(messages.map(\.offset)) == Set(1...Self.devices))
        #expect(Set(messages.map(\.id)).count == Int(Self.devices) && messages.allSatisfy { $0.id.utf8.count == 32 })
        #expect(Dictionary(grouping: messages, by: \.offset).values.allSatisfy { Set($0.map(\.id)).count == 1 && Set($0.map(\.body)).count == 1 })
        #expect(messages.count == Int(Self.devices) + repeats)
        #expect(try BackfillStory.givenBack() == [try #require(job.plan.gapID): Self.devices])
        #expect(try ExportStory.gaps().map(\.state) == ["filled"])
        let compared = try story.reconcile(0..<600)
        #expect(compared.missing == 0 && compared.unexpected == 0 && compared.delivered == Self.devices && compared.repeated == Int64(repeats))
        try ExportStory.look()
        #expect(try ExportStory.gaps().map(\.state) == ["filled"])
    }

    private func die(at moment: BackfillMoment, _ job: BackfillJob) throws {
        var fence = BackfillFence()
        fence.diesAt = moment
        var worker = try story.worker(job, fence: fence)
        do throws(ExportJobError) {
            let turn = try worker.step()
            Issue.record("it did not die, but \(turn)")
        } catch {
            guard error.code == .died else { throw error }
        }
    }

    @Test(arguments: BackfillMoment.allCases, [false, true])
    func `whoever dies has what was under way sent again, and nothing else`(moment: BackfillMoment, isCompared: Bool) throws {
        let job = try missSomething(isCompared: isCompared)
        var first = try story.worker(job)
        _ = try first.step()
        for _ in 0..<3 { try die(at: moment, job) }
        var last = try story.worker(job)
        while try last.step() != .finished {}
        try check(repeats: moment == .delivered ? 30 : 0, job)
    }

    @Test func `a worker that slept while another one went on counts nothing`() throws {
        let job = try missSomething()
        var slept = try story.worker(job)
        _ = try slept.step()
        var owner = try story.worker(job)
        for _ in 0..<2 { _ = try owner.step() }
        do throws(ExportJobError) {
            let turn = try slept.step()
            Issue.record("it was not fenced, but \(turn)")
        } catch {
            guard error.code == .fenced else { throw error }
        }
        while try owner.step() != .finished {}
        try check(repeats: 10, job)
    }

    @Test func `a process that is not heard of is waited for, for as long as its lease goes`() throws {
        let job = try missSomething()
        var killed = try story.worker(job)
        _ = try killed.step()
        var waits: [Duration] = []
        // Nobody waits here: the lease ends when it would.
        var heir = try story.worker(job, owner: "heir", takesOver: false) { wait in
            waits.append(wait)
            if waits.count == 3 { Self.endLease() }
        }
        #expect(waits.count == 3 && waits.allSatisfy { $0 > .zero && $0 <= .seconds(30) }, "\(waits)")
        while try heir.step() != .finished {}
        try check(repeats: 0, job)
    }

    @Test func `a process that is heard of is left at work`() throws {
        let job = try missSomething()
        let busy = Busy(try story.worker(job, owner: "ada on tellus"))
        do {
            _ = try story.worker(job, owner: "heir", takesOver: false) { _ in busy.step() }
            Issue.record("it was put aside")
        } catch {
            guard let error = error as? ExportJobError else { throw error }
            #expect(error.code == .fenced && error.message.contains("ada on tellus") && error.message.contains("--take-over"), "\(error)")
        }
        while !busy.isFinished { busy.step() }
        try check(repeats: 0, job)
    }

    @Test func `what was given back can be claimed at once`() throws {
        let job = try missSomething()
        var first = try story.worker(job)
        _ = try first.step()
        try first.release()
        var next = try story.worker(job, takesOver: false) { _ in Issue.record("it waited") }
        while try next.step() != .finished {}
        try check(repeats: 0, job)
    }

    private static func endLease() {
        do {
            var connection = try TestDatabase.connect()
            try connection.execute(script: "UPDATE hindcast.export_backfill SET lease_until = clock_timestamp() - interval '1 second'")
        } catch {
            Issue.record(error)
        }
    }
}

/// A worker that another one meets.
private final class Busy {
    private var worker: BackfillWorker<KeptDelivery>
    private(set) var isFinished = false

    init(_ worker: consuming BackfillWorker<KeptDelivery>) { self.worker = worker }

    func step() {
        do {
            isFinished = try worker.step() == .finished
        } catch {
            isFinished = true
            Issue.record(error)
        }
    }
}
