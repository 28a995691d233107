import Diagnostics
import EventLog
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing

/// Error reports: from events to the rows of `diagnostics.device_errors`.
@Suite(.database) struct ErrorViewTests {
    private func project(_ records: [SampleRecord], batchRows: Int = 1) throws {
        var log = try LogFixture()
        try log.append(records)
        var projector = try worker(batchRows: batchRows)
        try projector.turnUntilIdle()
        #expect(try differences() == [])
    }

    private static func hono(_ status: String, _ payload: String) -> SampleRecord {
        let headers = [
            ("device_id", "pump"), ("creation-time", "\(Timestamp.sample.microseconds / 1000)"), ("tenant_id", "north"), ("status", status),
            ("correlation-id", "c"), ("content-type", "application/vnd.eclipse-hono-delivery-failure-notification+json"),
        ]
        return SampleRecord(headers: headers.map { ($0.0, Array($0.1.utf8)) }, payload: Array(payload.utf8), brokerTime: .sample)
    }

    @Test func `an error is named and explained by origin, status and code, an unknown one is counted`() throws {
        let type = "dev.hindcast.device.error"
        try project([
            .native(type, #"{"origin":"dps","status":401,"subcode":"401002","message":"first"}"#, second: 1),
            .native(type, #"{"origin":"iothub","status":401002}"#, second: 2),
            .native(type, #"{"origin":"dps","status":401,"subcode":"401002","message":"last"}"#, second: 5),
            .native(type, #"{"origin":"dps","status":401,"subcode":"401002","message":"between"}"#, second: 3),
            .native(type, #"{"origin":"dps","status":429,"subcode":"never heard of"}"#, second: 4),
            Self.hono("503", #"{"error":"nobody there"}"#),
        ])
        #expect(
            try errorRows() == [
                "adapter 503 '': 1, - (-) 'nobody there'", "dps 401 '401002': 3, InvalidCredentials (credentials-expired) 'last'",
                "dps 429 'never heard of': 1, TooManyRequests (throttled) ''", "hub 401 '401002': 1, IotHubUnauthorizedAccess (-) ''",
            ])
    }

    @Test func `codes that nobody knows are bounded, and none is lost`() throws {
        try project(
            (0..<200).map {
                .native("dev.hindcast.device.error", #"{"origin":"edge","status":500,"subcode":"c\#($0 % 90)"}"#, second: Int64($0 % 7))
            },
            batchRows: 17)
        #expect(try number("SELECT count(*) FROM diagnostics.device_errors") == Int64(ErrorFold.unknownPerDevice + 1))
        #expect(try number("SELECT sum(count)::bigint FROM diagnostics.device_errors") == 200)
    }

    @Test func `the catalogue stands in the database as it is in the program, and an old one is renewed`() throws {
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: "INSERT INTO hindcast.error_code VALUES (401, 'dps', '401002', 'x', 'x', 'x', 'x'), (1, 'dps', 'gone', 'x', 'x', 'x', 'x')")
        for name in ["first", "second"] {
            var projector = try worker(name)
            projector.end()
        }
        #expect(try number("SELECT count(*) FROM hindcast.error_code") == Int64(ErrorCatalogue.codes.count))
        #expect(try number("SELECT count(*) FROM hindcast.error_code WHERE subcode = 'gone' OR name = 'x'") == 0)
    }
}

/// A device's errors as the view shows them to a dashboard, one line each.
private func errorRows() throws(PostgresError) -> [String] {
    var connection = try TestDatabase.connect(role: "hindcast_dashboard")
    return try connection.query(SelectErrorRows())
}

private struct SelectErrorRows: Statement {
    static let sql = """
        SELECT line FROM (SELECT concat(origin, ' ', status, ' ''', subcode, ''': ', count, ', ', coalesce(name, '-'), ' (', coalesce(cause, '-'), ') ''', message, '''') AS line
        FROM diagnostics.device_errors WHERE device_id = 'pump') l ORDER BY line COLLATE "C"
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}
