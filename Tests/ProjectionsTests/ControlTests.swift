import Catalog
import Diagnostics
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing

@Suite(.database) struct ControlTests {
    private func epochs() throws -> [Epoch] {
        var connection = try TestDatabase.connect()
        return try Epochs.load(generation: try Generations.live(on: &connection), source: 1, on: &connection)
    }

    @Test func `what is decided is in force from the next batch on, and the epochs say so`() throws {
        var log = try LogFixture()
        let first = try publish(pumpTemplate())
        var projector = try worker()
        let message = SampleRecord.telemetry(device: "a", #"{"temperature":"warm"}"#, template: pumpID)
        try log.append([message, message])
        try projector.turnUntilIdle()
        let second = try publish(pumpTemplate("string"))
        try projector.turnUntilIdle()
        try activate("2")
        try log.append([message])
        try projector.turnUntilIdle()
        #expect(
            try epochs() == [
                Epoch(controlSeq: 1, fromOffset: 0, act: .publish(templateID: pumpID, versionKey: first.key, isFirst: true)),
                Epoch(controlSeq: 2, fromOffset: 0, act: .ruleSet(version: Rule.setVersion)),
                Epoch(controlSeq: 4, fromOffset: 2, act: .activate(templateID: pumpID, versionKey: second.key)),
            ])
        #expect(try number("SELECT sum(count)::bigint FROM hindcast.finding") == 2)
        #expect(try checkpoint(.finding)?.controlSeq == 4)
        #expect(try checkpoint(.device)?.controlSeq == 0)
        #expect(try differences() == [])
    }

    @Test func `a decision reaches a source that is idle`() throws {
        var log = try LogFixture()
        try log.append([.telemetry(device: "a", "{}")])
        var projector = try worker()
        try projector.turnUntilIdle()
        try publish(pumpTemplate())
        #expect(try projector.turnUntilIdle().batches == 1)
        #expect(try epochs().last?.fromOffset == 1)
    }

    @Test func `a worker that takes over judges by the stored epochs`() throws {
        var log = try LogFixture()
        try publish(pumpTemplate())
        var first = try worker("first")
        try log.append([.telemetry(device: "a", #"{"temperature":"warm"}"#)])
        try first.turnUntilIdle()
        try assign(["a"])
        try log.append([.telemetry(device: "a", #"{"temperature":"warm"}"#)])
        try first.turnUntilIdle()
        first.end()
        try log.append([.telemetry(device: "a", #"{"temperature":"warm"}"#)])
        var second = try worker("second")
        try second.turnUntilIdle()
        #expect(try number("SELECT sum(count)::bigint FROM hindcast.finding WHERE rule = 'template-unassigned'") == 1)
        #expect(try number("SELECT sum(count)::bigint FROM hindcast.finding WHERE rule = 'schema-mismatch'") == 2)
        #expect(try differences() == [])
    }

    @Test func `a generation that tails is fed from the same read`() throws {
        var log = try LogFixture()
        try publish(pumpTemplate())
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: "INSERT INTO hindcast.generation (state, rule_options) VALUES ('ready', '{}'); SELECT hindcast.make_generation(2)")
        var fleet = SampleFleet(seed: 9)
        try log.append(fleet.records(200))
        var projector = try worker(batchRows: 50)
        #expect(try projector.turnUntilIdle().batches == 4)
        #expect(Set(try checkpoints().map(\.nextOffset)) == [200])
        let live = try ProjectionDigest.read(generation: 1, on: &superuser)
        let other = try ProjectionDigest.read(generation: 2, on: &superuser)
        #expect(live == other)
        #expect(live.findings.count > 0)
    }

    @Test func `a version that this program cannot read gives a finding for every event that it applies to`() throws {
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: """
                INSERT INTO hindcast.template_version (template_id, version, sha256, document) VALUES ('dtmi:test:pump;1', 1, '\\x00', 'not JSON');
                UPDATE hindcast.control_counter SET seq = 1;
                INSERT INTO hindcast.control_event (control_seq, actor, kind, body)
                VALUES (1, 'eve', 'publish', '{"template_id":"dtmi:test:pump;1","version_key":1,"version":1,"sha256":"00","first":true}')
                """)
        var log = try LogFixture()
        try log.append((0..<3).map { .telemetry(device: "dev-\($0)", "{}", template: pumpID) } + [.telemetry(device: "other", "{}")])
        var projector = try worker()
        try projector.turnUntilIdle()
        #expect(try number("SELECT sum(count)::bigint FROM hindcast.finding WHERE rule = 'rule-failed' AND template_ref = 'dtmi:test:pump;1'") == 3)
        #expect(try number("SELECT sum(messages)::bigint FROM hindcast.device_verdict") == 4)
        #expect(try checkpoint(.finding)?.nextOffset == 4)
    }

    @Test func `a program with an older rule set refuses to run, at the start and later`() throws {
        var log = try LogFixture()
        var projector = try worker("running")
        try projector.turnUntilIdle()
        var connection = try TestDatabase.connect(role: "hindcast_project")
        try RuleSets.declare(version: Rule.setVersion + 1, actor: "newer", on: &connection)
        try log.append([.telemetry(device: "a", "{}")])
        do throws(ProjectionError) {
            try projector.turnUntilIdle()
            Issue.record("an older program went on")
        } catch {
            #expect(error.catalog?.code == .ruleSetNewer)
        }
        #expect(try checkpoint(.finding)?.nextOffset == 0)
        do throws(ProjectionError) {
            _ = try worker("starting")
            Issue.record("an older program started")
        } catch {
            #expect(error.catalog?.code == .ruleSetNewer)
        }
    }

    @Test func `a control event that cannot be read pauses findings, and only them`() throws {
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: """
                UPDATE hindcast.control_counter SET seq = 1;
                INSERT INTO hindcast.control_event (control_seq, actor, kind, body) VALUES (1, 'eve', 'publish', '{}')
                """)
        var log = try LogFixture()
        try log.append([.telemetry(device: "a", "{}")])
        var projector = try worker()
        for _ in 0..<6 { _ = try projector.step() }
        #expect(try checkpoint(.device)?.nextOffset == 1)
        #expect(try checkpoint(.finding)?.nextOffset == 0)
        #expect(try checkpoint(.finding)?.failure?.hasPrefix("catalog: Control event 1") == true)
    }
}
