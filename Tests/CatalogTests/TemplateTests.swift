import Catalog
import Diagnostics
import Hashing
import JSON
import Logging
import Postgres
import TestSupport
import Testing

@Suite(.database) struct TemplateTests {
    @Test func `the first version of an id is in force, later ones are not`() throws {
        var connection = try admin()
        let first = try Templates.publish(pump(), actor: "ada", on: &connection)
        #expect(first.isNew && first.version.version == 1 && first.version.isInForce)
        let second = try Templates.publish(pump(schema: "integer"), actor: "ada", on: &connection)
        #expect(second.isNew && second.version.version == 2 && !second.version.isInForce)
        #expect(try Templates.list(on: &connection).map(\.isInForce) == [true, false])
        let events = try ControlLog.events(after: 0, on: &connection)
        #expect(events.map(\.seq) == [1, 2])
        #expect(events.map(\.actor) == ["ada", "ada"])
        #expect(
            try events.map { try $0.act() } == [
                .publish(templateID: "dtmi:test:pump;1", versionKey: first.version.key, isFirst: true),
                .publish(templateID: "dtmi:test:pump;1", versionKey: second.version.key, isFirst: false),
            ])
    }

    @Test func `the same model with other white space and order of keys is no new version`() throws {
        var connection = try admin()
        let first = try Templates.publish(pump(), actor: "ada", on: &connection)
        for bytes in [pump(), rearrangedPump] {
            let again = try Templates.publish(bytes, actor: "ada", on: &connection)
            #expect(!again.isNew)
            #expect(again.version == first.version)
        }
        #expect(try Templates.list(on: &connection).count == 1)
        #expect(try ControlLog.last(on: &connection) == 1)
    }

    @Test func `versions are numbered per template`() throws {
        var connection = try admin()
        _ = try Templates.publish(pump(), actor: "ada", on: &connection)
        let other = try Templates.publish(pump(id: "dtmi:test:valve;1"), actor: "ada", on: &connection)
        #expect(other.version.version == 1)
        #expect(other.version.isInForce)
    }

    @Test func `a version is activated by its ordinal or by the beginning of its hash`() throws {
        var connection = try admin()
        let first = try Templates.publish(pump(), actor: "ada", on: &connection).version
        let second = try Templates.publish(pump(schema: "integer"), actor: "ada", on: &connection).version
        let byHash = try Templates.activate(
            second.templateID, version: String(second.sha256.hex.prefix(8)).uppercased(), actor: "ada", on: &connection)
        #expect(byHash.version.key == second.key)
        #expect(byHash.controlSeq == 3)
        #expect(try Templates.list(on: &connection).map(\.isInForce) == [false, true])
        let byOrdinal = try Templates.activate(first.templateID, version: "1", actor: "ada", on: &connection)
        #expect(byOrdinal.controlSeq == 4)
        #expect(try Templates.list(on: &connection).map(\.isInForce) == [true, false])
    }

    @Test func `activating what is in force records nothing`() throws {
        var connection = try admin()
        _ = try Templates.publish(pump(), actor: "ada", on: &connection)
        #expect(try Templates.activate("dtmi:test:pump;1", version: "1", actor: "ada", on: &connection).controlSeq == nil)
        #expect(try ControlLog.last(on: &connection) == 1)
    }

    @Test func `a version that is not there is refused, and those that are there are named`() throws {
        var connection = try admin()
        let only = try Templates.publish(pump(), actor: "ada", on: &connection).version
        for reference in ["2", "ffffffffffff"] {
            let error = refusal(&connection) { (connection: inout Connection) throws(CatalogError) in
                try Templates.activate("dtmi:test:pump;1", version: reference, actor: "ada", on: &connection)
            }
            #expect(error?.code == .versionUnknown)
            #expect(error?.message.contains(only.sha256.hex.prefix(12)) == true)
        }
        #expect(try ControlLog.last(on: &connection) == 1)
    }

    @Test(arguments: ["", "0", "-1", "abcdef1", "zzzzzzzz", "v2"])
    func `what names no version is refused`(reference: String) throws {
        var connection = try admin()
        _ = try Templates.publish(pump(), actor: "ada", on: &connection)
        let error = refusal(&connection) { (connection: inout Connection) throws(CatalogError) in
            try Templates.activate("dtmi:test:pump;1", version: reference, actor: "ada", on: &connection)
        }
        #expect(error?.code == .versionInvalid)
    }

    @Test func `a hash that begins two versions is refused`() throws {
        var connection = try admin()
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: """
                INSERT INTO hindcast.template_version (template_id, version, sha256, document)
                SELECT 'twins', n, decode('0123456789abcdef' || repeat('0', 47) || n, 'hex'), '{}' FROM generate_series(1, 2) n
                """)
        let error = refusal(&connection) { (connection: inout Connection) throws(CatalogError) in
            try Templates.activate("twins", version: "0123456789", actor: "ada", on: &connection)
        }
        #expect(error?.code == .versionAmbiguous)
    }

    @Test func `bytes that are no template are refused with line or reason`() throws {
        var connection = try admin()
        for bytes in [Array("{\"@id\":".utf8), Array("[1]".utf8), [0xC3, 0x28]] {
            let error = refusal(&connection) { (connection: inout Connection) throws(CatalogError) in
                try Templates.publish(bytes, actor: "ada", on: &connection)
            }
            #expect(error?.code == .templateInvalid)
            #expect(error?.message.isEmpty == false)
        }
        #expect(try ControlLog.last(on: &connection) == 0)
    }

    @Test func `what is shown is what was published, byte for byte`() throws {
        var connection = try admin()
        _ = try Templates.publish(rearrangedPump, actor: "ada", on: &connection)
        _ = try Templates.publish(pump(schema: "integer"), actor: "ada", on: &connection)
        #expect(try Templates.show("dtmi:test:pump;1", version: nil, on: &connection).document == rearrangedPump)
        let second = try Templates.show("dtmi:test:pump;1", version: "2", on: &connection)
        #expect(second.document == pump(schema: "integer"))
        #expect(second.version.version == 2)
    }

    @Test func `assigning names the template, the tenant and the patterns`() throws {
        var connection = try admin()
        _ = try Templates.publish(pump(), actor: "ada", on: &connection)
        let seq = try Templates.assign("dtmi:test:pump;1", tenant: "app", devices: ["pump-*", "p?"], actor: "bob", on: &connection)
        let event = try #require(try ControlLog.events(after: seq - 1, on: &connection).first)
        #expect(try event.act() == .assign(templateID: "dtmi:test:pump;1", tenant: "app", devices: ["pump-*", "p?"]))
    }

    @Test func `assigning an unknown template or no device is refused`() throws {
        var connection = try admin()
        let unknown = refusal(&connection) { (connection: inout Connection) throws(CatalogError) in
            try Templates.assign("dtmi:test:pump;1", tenant: "", devices: ["*"], actor: "ada", on: &connection)
        }
        #expect(unknown?.code == .templateUnknown)
        _ = try Templates.publish(pump(), actor: "ada", on: &connection)
        for devices in [[], [""], [String(repeating: "x", count: 129)], ["a\0"]] {
            let error = refusal(&connection) { (connection: inout Connection) throws(CatalogError) in
                try Templates.assign("dtmi:test:pump;1", tenant: "", devices: devices, actor: "ada", on: &connection)
            }
            #expect(error?.code == .patternInvalid)
        }
        #expect(try ControlLog.last(on: &connection) == 1)
    }

    @Test func `of two who publish a template's first version at once, one is first`() async throws {
        let settings = TestDatabase.current.settings.with(role: "hindcast_admin")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for schema in ["double", "integer", "float", "string"] {
                let pool = Pool(settings, size: 1, logger: Logger(label: "hindcast.test"))
                group.addTask {
                    _ = try await pool.withConnection { (connection: inout Connection) throws(CatalogError) in
                        try Templates.publish(pump(schema: schema), actor: schema, on: &connection)
                    }
                    await pool.close()
                }
            }
            try await group.waitForAll()
        }
        var connection = try admin()
        #expect(try Templates.list(on: &connection).map(\.version) == [1, 2, 3, 4])
        let events = try ControlLog.events(after: 0, on: &connection)
        #expect(events.map(\.seq) == [1, 2, 3, 4])
        #expect(events.map { $0.body["first"]?.boolValue } == [true, false, false, false])
    }
}
