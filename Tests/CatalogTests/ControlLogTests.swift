import Catalog
import Diagnostics
import JSON
import Postgres
import TestSupport
import Testing

@Suite(.database) struct ControlLogTests {
    @Test func `a number that was rolled back is given again, so there are no gaps`() throws {
        var connection = try admin()
        try connection.begin()
        #expect(try ControlLog.append(.retain, actor: "ada", body: .object([:]), on: &connection) == 1)
        connection.rollback()
        try connection.begin()
        #expect(try ControlLog.append(.hole, actor: "ada", body: .object([:]), on: &connection) == 1)
        try connection.commit()
        #expect(try ControlLog.events(after: 0, on: &connection).map(\.kind) == [.hole])
    }

    @Test func `an event outside of a transaction is refused`() throws {
        var connection = try admin()
        do throws(PostgresError) {
            _ = try ControlLog.append(.hole, actor: "ada", body: .object([:]), on: &connection)
            Issue.record("an event was appended that could become visible out of order")
        } catch {
            #expect(error.code == .misuse)
        }
    }

    @Test func `a decision cannot be changed afterwards`() throws {
        var connection = try admin()
        _ = try Templates.publish(pump(), actor: "ada", on: &connection)
        var superuser = try TestDatabase.connect()
        for change in [
            "UPDATE hindcast.control_event SET actor = 'eve'", "DELETE FROM hindcast.template_version", "TRUNCATE hindcast.control_event CASCADE",
            "TRUNCATE hindcast.template_version",
        ] {
            do throws(PostgresError) {
                try superuser.execute(script: change)
                Issue.record("\(change) went through")
            } catch {
                #expect(error.sqlState == .insufficientPrivilege)
            }
        }
    }

    @Test func `kinds that folds need not know mean nothing to them`() throws {
        var connection = try admin()
        try connection.begin()
        for kind in [ControlEvent.Kind.replay, .promote, .retain, .newSourceLife, .hole, .reindex] {
            _ = try ControlLog.append(kind, actor: "ada", body: .object(["anything": .null]), on: &connection)
        }
        try connection.commit()
        #expect(try ControlLog.events(after: 0, on: &connection).map { try $0.act() } == [.other, .other, .other, .other, .other, .other])
    }

    @Test(arguments: [
        (ControlEvent.Kind.publish, #"{"template_id":"t","version_key":1}"#),
        (.publish, #"{"template_id":"t","version_key":5000000000,"first":true}"#),
        (.activate, #"{"template_id":7,"version_key":1}"#), (.assign, #"{"template_id":"t","tenant":"","devices":["a",1]}"#),
        (.ruleSet, #"{"version":"1"}"#),
    ]) func `a body that lacks what its kind asks for is named`(kind: ControlEvent.Kind, body: String) throws {
        let event = ControlEvent(
            seq: 12, at: Timestamp(microseconds: 0), actor: "eve", kind: kind, body: try JSONTree.parse(Array(body.utf8)))
        do throws(CatalogError) {
            _ = try event.act()
            Issue.record("the body was taken")
        } catch {
            #expect(error.code == .controlEventInvalid)
            #expect(error.message.contains("12"))
        }
    }

    @Test func `a rule set is declared once, and an older program refuses to go on`() throws {
        var connection = try TestDatabase.connect(role: "hindcast_project")
        try RuleSets.declare(version: 3, actor: "worker", on: &connection)
        try RuleSets.declare(version: 3, actor: "worker", on: &connection)
        #expect(try ControlLog.events(after: 0, on: &connection).map { try $0.act() } == [.ruleSet(version: 3)])
        let error = refusal(&connection) { (connection: inout Connection) throws(CatalogError) in
            try RuleSets.declare(version: 2, actor: "worker", on: &connection)
        }
        #expect(error?.code == .ruleSetNewer)
        try RuleSets.declare(version: 4, actor: "worker", on: &connection)
        #expect(try RuleSets.newest(on: &connection) == 4)
    }

    @Test func `epochs come back as they were recorded`() throws {
        var operators = try admin()
        let version = try Templates.publish(pump(), actor: "ada", on: &operators).version
        _ = try Templates.assign(version.templateID, tenant: "", devices: ["*"], actor: "ada", on: &operators)
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: "SELECT hindcast.open_source('kafka', 'c', 't', 0, '', 'auto')")
        var connection = try TestDatabase.connect(role: "hindcast_project")
        let live = try Generations.live(on: &connection)
        let epochs = [
            Epoch(controlSeq: 1, fromOffset: 0, act: .publish(templateID: version.templateID, versionKey: version.key, isFirst: true)),
            Epoch(controlSeq: 2, fromOffset: 41, act: .assign(templateID: version.templateID, tenant: "", devices: ["*"])),
        ]
        try Epochs.record(generation: live, source: 1, epochs, on: &connection)
        #expect(try Epochs.load(generation: live, source: 1, on: &connection) == epochs)
        #expect(try Epochs.load(generation: live, source: 2, on: &connection) == [])
    }

    @Test func `the first generation is live and tails`() throws {
        var connection = try TestDatabase.connect(role: "hindcast_project")
        let live = try Generations.live(on: &connection)
        let tailing = try Generations.tailing(on: &connection)
        #expect(tailing.map(\.number) == [live])
        #expect(tailing.map(\.state) == [.live])
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: "INSERT INTO hindcast.generation (state, rule_options) VALUES ('loading', '{}'), ('ready', '{\"a\":1}'), ('retired', '{}')")
        #expect(try Generations.tailing(on: &connection).map(\.state) == [.live, .ready])
    }

    @Test func `a stored version is compiled once, and one that cannot be compiled says why`() throws {
        var operators = try admin()
        let version = try Templates.publish(pump(), actor: "ada", on: &operators).version
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: "INSERT INTO hindcast.template_version (template_id, version, sha256, document) VALUES ('dtmi:old;1', 1, '\\x00', '[1]')")
        var connection = try TestDatabase.connect(role: "hindcast_project")
        let store = TemplateStore()
        guard case .ready(let template) = try store.template(version.key, on: &connection) else {
            Issue.record("the version was not ready")
            return
        }
        #expect(template.templateID == version.templateID)
        guard case .ready(let again) = try store.template(version.key, on: &connection) else { return }
        #expect(again === template)
        guard case .broken(let templateID, 1, let reason) = try store.template(version.key + 1, on: &connection) else {
            Issue.record("a document that is no template was taken for one")
            return
        }
        #expect(templateID == "dtmi:old;1")
        #expect(!reason.isEmpty)
        guard case .missing = try store.template(99, on: &connection) else {
            Issue.record("a version was found that is not there")
            return
        }
    }
}
