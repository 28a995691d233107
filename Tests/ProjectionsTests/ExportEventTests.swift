import Diagnostics
import EventLog
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing

/// What events say of exports: from the log to the rows of `export_event`.
@Suite(.database) struct ExportEventTests {
    private static func native(_ type: String, _ data: String, second: Int64) -> SampleRecord {
        .native("dev.hindcast.export.\(type)", data, second: second)
    }

    private static let records = [
        native("defined", #"{"export":{"id":"e","enabled":true,"source":"telemetry","destinations":[{"id":"d"}]}}"#, second: 1),
        native("destination-defined", #"{"destination":{"id":"d","type":"webhook@v1","url":"https://example.com/?sig=secret"}}"#, second: 1),
        native("toggled", #"{"export":"e","enabled":false}"#, second: 5), native("toggled", #"{"export":"e","enabled":true}"#, second: 2),
        native("toggled", #"{"export":"","enabled":true}"#, second: 3),
        native(
            "destination-failed",
            #"{"export":"e","destination":"d","since":"2024-01-02T03:04:05Z","code":"Unauthorized","message":"The token was refused"}"#, second: 6),
        native("delivered", #"{"export":"e","destination":"d","topic":"t","partition":3,"first":5,"last":9,"events":4}"#, second: 7),
        native("delivered", #"{"export":"e","destination":"d","topic":"t","partition":3,"first":9,"last":5}"#, second: 7),
    ]

    private func project(batchRows: Int) throws {
        var log = try LogFixture()
        try log.append(Self.records)
        var projector = try worker(batchRows: batchRows)
        try projector.turnUntilIdle()
        #expect(try differences() == [])
    }

    @Test(arguments: [1, 3, 100]) func `each event that says something is one row, whatever the batches are`(batchRows: Int) throws {
        try project(batchRows: batchRows)
        var connection = try TestDatabase.connect()
        let rows = try connection.query(SelectExportEvents())
        #expect(
            rows == [
                "0 defined e/ ", "1 destination-defined /d ", "2 disabled e/ ", "3 enabled e/ ",
                "5 failed e/d Unauthorized: The token was refused", "6 delivered e/d t 3 5-9: 4",
            ])
        #expect(try number("SELECT count(*) FROM hindcast.export_event WHERE body LIKE '%secret%'") == 0)
        #expect(try number("SELECT count(*) FROM hindcast.export_event WHERE body LIKE '%\"destinations\":[{\"id\":\"d\"}]%'") == 1)
        #expect(try number("SELECT count(*) FROM hindcast.export_event WHERE tenant = '/north' AND since IS NOT NULL") == 1)
    }

    @Test func `folding the log again changes nothing`() throws {
        try project(batchRows: 2)
        var connection = try TestDatabase.connect()
        let before = try ProjectionDigest.read(generation: 1, on: &connection)
        try connection.execute(script: "DELETE FROM hindcast.projection_checkpoint WHERE projection = 'export'")
        var projector = try worker("another", batchRows: 5)
        try projector.turnUntilIdle()
        #expect(try ProjectionDigest.read(generation: 1, on: &connection) == before)
    }
}

private struct SelectExportEvents: Statement {
    static let sql = """
        SELECT concat(source_offset, ' ', act, ' ', export_id, '/', destination_id, ' ', code, CASE WHEN message <> '' THEN ': ' || message END,
            CASE WHEN act = 'delivered' THEN concat(topic, ' ', partition, ' ', first_offset, '-', last_offset, ': ', events) END)
        FROM hindcast.export_event ORDER BY source_offset
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}
