import Diagnostics
import Exports
import Postgres
import TestSupport
import Testing

@Suite("What operators say about exports", .database) struct ExportStoreTests {
    private func store(_ text: String, at time: Timestamp? = nil) throws -> [ExportStore.Imported] {
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        return try ExportStore.import(
            try ExportFile.read(Array(text.utf8), name: "test"), tenant: "app", at: time, actor: "test", on: &connection)
    }

    private func text(_ name: String) -> String {
        """
        {"exports": [{"id": "e", "displayName": "\(name)", "enabled": true, "source": "telemetry", "destinations": [{"id": "d"}]}],
         "destinations": [{"id": "d", "type": "eventhubs@v1", "authorization": {"type": "connectionString",
            "connectionString": "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=n;SharedAccessKey=c2VjcmV0;EntityPath=hub"}}]}
        """
    }

    @Test func `an import keeps versions, and stores nothing where nothing changed`() throws {
        #expect(try store(text("one")).map(\.version) == [1, 1])
        #expect(try store(text("one")).map(\.isNew) == [false, false])
        let second = try store(text("two"))
        #expect(second.map(\.version) == [2, 1] && second.map(\.isNew) == [true, false])
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        let known = try #require(try KnownExports.all(on: &connection)["app"])
        #expect(known.exports["e"]?.map(\.value.displayName) == ["one", "two"])
        #expect(known.destination("d")?.topic == "hub")
        #expect(known.routes == [ExportRoute(tenant: "app", exportID: "e", destinationID: "d")])
        #expect(try connection.query(SelectControlKinds()) == ["export import", "export import"])
    }

    @Test func `no secret reaches any table`() throws {
        _ = try store(text("one"))
        var connection = try TestDatabase.connect()
        #expect(
            try connection.query(SelectSecrets()) == [0],
            "the key of the connection string was stored")
    }

    @Test func `a binding is said and taken back once`() throws {
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        let route = ExportRoute(tenant: "app", exportID: "e", destinationID: "d")
        #expect(try ExportStore.bind(route, topic: "t", actor: "test", on: &connection))
        #expect(try !ExportStore.bind(route, topic: "t", actor: "test", on: &connection))
        #expect(try ExportBinding.all(on: &connection) == [ExportBinding(route: route, topic: "t")])
        #expect(try ExportStore.unbind(route, topic: "t", actor: "test", on: &connection))
        #expect(try !ExportStore.unbind(route, topic: "t", actor: "test", on: &connection))
        #expect(try connection.query(SelectControlKinds()) == ["export bind", "export unbind"])
    }
}

private struct SelectControlKinds: Statement {
    static let sql = "SELECT kind || ' ' || (body ->> 'act') FROM hindcast.control_event ORDER BY control_seq"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

private struct SelectSecrets: Statement {
    static let sql = """
        SELECT (SELECT count(*) FROM hindcast.export_version v WHERE v::text LIKE '%c2VjcmV0%')
            + (SELECT count(*) FROM hindcast.control_event c WHERE c::text LIKE '%c2VjcmV0%')
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
