import Diagnostics
import EventLog
import Exports
import LogSupport
import Postgres
import TestSupport
import Testing

/// What events told of exports, read back from its table.
@Suite("What happened to exports, as the table has it", .database) struct ExportChangesTests {
    private func changes() throws -> [String: [ExportChange]] {
        try ExportStory.project()
        var connection = try TestDatabase.connect(role: "hindcast_project")
        return try ExportChanges.all(on: &connection).mapValues { $0.sorted() }
    }

    @Test func `each change comes back as the fold made it`() throws {
        var notices = try ExportStory.notices()
        try notices.append([
            ExportStory.toggled("e", false, at: 10), ExportStory.receipt(5...9, events: 4, partition: 3, at: 20), ExportStory.receipt(7...7, at: 21),
            ExportStory.happens(
                "export.destination-failed",
                """
                {"export":"e","destination":"d","since":"\(ExportStory.time(1).rfc3339)","code":"Unauthorized","message":"no"}
                """, at: 30),
            ExportStory.audit("deleted", "x", at: 40), ExportStory.audit("created", "x", at: 50),
            ExportStory.happens("export.removed", #"{"export":""}"#, at: 60),
        ])
        func range(_ first: Int64, _ last: Int64, _ partition: Int32) -> ReceiptRange {
            ReceiptRange(topic: "telemetry", partition: partition, firstOffset: first, lastOffset: last)
        }
        let time = ExportStory.time
        #expect(
            try changes() == [
                "app": [
                    ExportChange(.disabled, time: time(10), exportID: "e"),
                    ExportChange(.delivered, time: time(20), exportID: "e", destinationID: "d", range: range(5, 9, 3), events: 4),
                    ExportChange(.delivered, time: time(21), exportID: "e", destinationID: "d", range: range(7, 7, 0)),
                    ExportChange(
                        .failed, time: time(30), exportID: "e", destinationID: "d", since: time(1), code: "Unauthorized", message: "no"),
                    ExportChange(.removed, time: time(40), exportID: "x"),
                    ExportChange(.defined, time: time(50), exportID: "x", since: time(50)),
                ]
            ])
    }

    @Test func `tenants are kept apart, and an act of a later program is passed over`() throws {
        var mixed = try LogFixture(topic: "mixed")
        var ours = ExportStory.toggled("e", true, at: 10)
        ours.headers.append(("ce_tenant", Array("ours".utf8)))
        try mixed.append([ours, ExportStory.toggled("e", false, at: 10), ExportStory.toggled("e", false, at: 20)])
        _ = try changes()
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: "UPDATE hindcast.export_event SET act = 'enchanted' WHERE event_time = '\(ExportStory.time(20).rfc3339)'")
        #expect(try changes().mapValues { $0.map(\.act) } == ["ours": [.enabled], "/app": [.disabled]])
    }
}
