import Catalog
import Diagnostics
import Hashing
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

    @Test func `a worker claims one chunk however the server plans it`() throws {
        try prepare()
        let planned = try plan(.document(pumpTemplate()))
        var superuser = try TestDatabase.connect()
        // A server that knows the table's size and not its values joins so that the chunk to take is looked for anew for every row.
        try superuser.execute(script: "VACUUM hindcast.replay_chunk")
        try superuser.execute(
            script: """
                DO $$ DECLARE _off text; BEGIN
                    FOREACH _off IN ARRAY ARRAY['hashjoin', 'mergejoin', 'material'] LOOP
                        EXECUTE format('ALTER DATABASE %I SET enable_%s = off', current_database(), _off);
                    END LOOP;
                END $$
                """)
        #expect(try carryOut(planned.run.id).state == .ready)
    }

    @Test func `what was retired cannot be gone back to, and a promoted draft is shown by its version`() throws {
        try prepare()
        let run = try carryOut(try plan(.document(pumpTemplate(name: "Temperature"))).run.id)
        var connection = try admin()
        try Promotions.promote(run.id, diff: try #require(run.summary).digest, budget: nil, actor: "ada", on: &connection)
        try refreshSnapshot()
        let shown = try connection.query(CountShownVersions(version: 2))
        #expect(shown.first ?? 0 > 0)
        try Promotions.retire(run.id, actor: "ada", on: &connection)
        let refused = try refusal {
            var connection = try admin()
            try Promotions.rollback(run.id, actor: "ada", on: &connection)
        }
        #expect(refused?.code == .stateWrong)
        #expect(try live() == run.generation)
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
        try publish(pumpTemplate(name: "Temperature"))
        let partial = try plan(.version(templateID: pumpID, reference: "2"))
        #expect(partial.run.carriedDevices > 0 && !partial.run.readsAll, "\(partial.run)")
        let full = try plan(.version(templateID: pumpID, reference: "2")) { $0.isFull = true }
        let runs = [try carryOut(partial.run.id), try carryOut(full.run.id)]
        #expect(runs[0].summary == runs[1].summary)
        #expect(try #require(runs[0].summary).appeared > 0)
        #expect(differences(try digest(runs[0].generation), try digest(runs[1].generation)) == [])
    }

    @Test(arguments: ["dev-1 dev-2", "dev-?", "other-*"])
    func `a run on some devices leaves what others said, and judges what comes next by its version for all`(_ patterns: String) throws {
        try prepare()
        let devices = patterns.split(separator: " ").map(String.init)
        let version = try publish(pumpTemplate(name: "Temperature"))
        let some = try carryOut(try plan(.version(templateID: pumpID, reference: "2")) { $0.devices = devices }.run.id)
        let full = try carryOut(
            try plan(.version(templateID: pumpID, reference: "2")) { (request) in (request.devices, request.isFull) = (devices, true) }.run.id)
        #expect(some.summary == full.summary)
        #expect(differences(try digest(some.generation), try digest(full.generation)) == [])
        var connection = try admin()
        let changed = Set(try ReplayChange.list(run: some.id, limit: 1000, on: &connection).map(\.deviceID))
        let patterns = devices.map { DevicePattern($0) }
        #expect(changed.allSatisfy { id in patterns.contains { $0.matches(id) } }, "\(changed)")
        // What comes after the cut is judged by the new version, whoever sends it.
        var log = try LogFixture()
        let later = Timestamp(microseconds: Timestamp.sample.microseconds + 3_600_000_000)
        try log.append([.telemetry(device: "dev-6", #"{"Temperature":1}"#, template: pumpID, at: later)])
        try project()
        var everything = try TestDatabase.connect()
        let key = try #require(try everything.queryOne(SelectLastVersion(generation: some.generation, device: "dev-6")))
        #expect(key == version.key)
    }

    @Test func `a version can be in force from a time on`() throws {
        try prepare()
        let late = Timestamp(microseconds: Timestamp.sample.microseconds + 3_600_000_000)
        let run = try carryOut(try plan(.document(pumpTemplate(name: "Temperature"))) { $0.fromTime = late }.run.id)
        #expect(try #require(run.summary).appeared == 0, "no event is that late")
        #expect(run.obstacle == nil)
    }

    @Test func `a stretch of time is compared with itself, and is never promoted`() throws {
        try prepare()
        let run = try carryOut(
            try plan(.document(pumpTemplate(name: "Temperature"))) { request in
                request.toTime = Timestamp(microseconds: Timestamp.sample.microseconds + 3_600_000_000)
            }.run.id)
        let whole = try carryOut(try plan(.document(pumpTemplate(name: "Temperature"))).run.id)
        #expect(run.state == .ready && run.refoldsBase)
        #expect(run.summary?.digest == whole.summary?.digest, "the stretch holds all there is")
        var connection = try admin()
        let summary = try #require(run.summary)
        let refused = try refusal { try Promotions.promote(run.id, diff: summary.digest, budget: nil, actor: "ada", on: &connection) }
        #expect(refused?.code == .notPromotable)
        try ReplayRuns.abort(run.id, actor: "ada", on: &connection)
        #expect(try leftovers(of: run) == [])
    }

    @Test func `devices move to another template with their past`() throws {
        try prepare()
        let planned = try plan(.version(templateID: "dtmi:test:other;1", reference: "1"), purpose: .migrate) { request in
            (request.migratesFrom, request.devices) = (pumpID, ["dev-3"])
        }
        let run = try carryOut(planned.run.id)
        let summary = try #require(run.summary)
        #expect(summary.appeared > 0 && summary.disappeared > 0)
        var connection = try admin()
        let changes = try ReplayChange.list(run: run.id, limit: 1000, on: &connection)
        #expect(Set(changes.map(\.deviceID)) == ["dev-3"])
        #expect(changes.filter { $0.kind == .appeared }.allSatisfy { $0.templateID == "dtmi:test:other;1" })
        try Promotions.promote(run.id, diff: summary.digest, budget: .count(summary.newErrors), actor: "ada", on: &connection)
        #expect(try live() == run.generation)
    }

    @Test func `a draft is published when its run is promoted, under the number that its rows have`() throws {
        try prepare()
        let run = try carryOut(try plan(.document(pumpTemplate(name: "Temperature"))).run.id)
        var connection = try admin()
        #expect(try Templates.list(on: &connection).filter { $0.templateID == pumpID }.count == 1)
        let summary = try #require(run.summary)
        try Promotions.promote(run.id, diff: summary.digest, budget: .percent(100), actor: "ada", on: &connection)
        let versions = try Templates.list(on: &connection).filter { $0.templateID == pumpID }
        #expect(versions.map(\.key) == [1, run.versionKey])
        #expect(versions.map(\.isInForce) == [false, true])
        try project()
        try Promotions.rollback(run.id, actor: "ada", on: &connection)
        #expect(try Templates.list(on: &connection).filter { $0.templateID == pumpID }.map(\.isInForce) == [true, false])
    }

    @Test func `a promotion is bound to the diff that was looked at, and to a budget`() throws {
        try prepare()
        let run = try carryOut(try plan(.document(pumpTemplate("string"))).run.id)
        var connection = try admin()
        let summary = try #require(run.summary)
        let other = SHA256.hash("another diff")
        let refused11 = try refusal { try Promotions.promote(run.id, diff: other, budget: nil, actor: "ada", on: &connection) }
        #expect(refused11?.code == .digestDiffers)
        #expect(summary.newErrors > 0)
        for budget in [ErrorBudget.count(summary.newErrors - 1), .percent(0)] {
            let refused = try refusal { try Promotions.promote(run.id, diff: summary.digest, budget: budget, actor: "ada", on: &connection) }
            #expect(refused?.code == .budgetExceeded)
        }
        #expect(try live() == run.base)
    }
}

private struct SelectLastVersion: Statement {
    let generation: Int32
    let device: String

    static let sql = """
        SELECT v.template_version_key FROM hindcast.device_verdict v JOIN hindcast.device d USING (device_key)
        WHERE v.generation = $1 AND d.device_id = $2 ORDER BY v.judged_time DESC, v.source_id DESC LIMIT 1
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(device)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 { try row.int32(0) }
}

/// How many devices are shown with a version of their template.
private struct CountShownVersions: Statement {
    let version: Int32

    static let sql = "SELECT count(*) FROM diagnostics.device_health WHERE template_version = $1"

    func bind(to parameters: inout Parameters) { parameters.append(version) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

/// Brings what is said about devices up to date.
private func refreshSnapshot() throws {
    var connection = try TestDatabase.connect(role: "hindcast_project")
    try FleetSnapshot.refresh(owner: "test", lease: .seconds(5), on: &connection)
}
