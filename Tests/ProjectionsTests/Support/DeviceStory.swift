import Diagnostics
import LogSupport
import Postgres
import Projections
import TestSupport

/// What a device tells in native events, with times before the database's clock: health looks at the last day, so a story happens now.
struct DeviceStory {
    let device: String
    var template: String? = pumpID
    let now: Timestamp
    private(set) var records: [SampleRecord] = []

    init(_ device: String, template: String? = pumpID, now: Timestamp) {
        self.device = device
        self.template = template
        self.now = now
    }

    /// Adds an event of a type under `dev.hindcast.`, some minutes ago.
    mutating func tell(_ type: String, _ data: String = "{}", minutesAgo: Double = 0, delayedBy seconds: Double? = nil, id: String? = nil) {
        let time = now - .milliseconds(Int(minutesAgo * 60_000))
        let schema = template.map { #""dataschema":"\#($0)","# } ?? ""
        let clock = seconds.map { #""devicetime":"\#((time - .milliseconds(Int($0 * 1000))).rfc3339)","# } ?? ""
        let text = """
            {"specversion":"1.0","id":"\(id ?? "\(device)-\(time.microseconds)-\(records.count)")","source":"/test","tenant":"app","type":"dev.hindcast.\(type)",\
            "subject":"\(device)","time":"\(time.rfc3339)",\(schema)\(clock)"data":\(data)}
            """
        let headers: [(String, [UInt8]?)] = [("content-type", Array("application/cloudevents+json".utf8))]
        records.append(SampleRecord(key: Array(device.utf8), headers: headers, payload: Array(text.utf8), brokerTime: time))
    }

    /// Adds a record of another format, some minutes ago.
    mutating func add(minutesAgo: Double = 0, _ record: (_ device: String, _ time: Timestamp) -> SampleRecord) {
        records.append(record(device, now - .milliseconds(Int(minutesAgo * 60_000))))
    }

    /// Adds an error report, some minutes ago.
    mutating func report(_ code: ErrorCode, minutesAgo: Double) {
        let subcode = code.subcode.isEmpty ? "" : #","subcode":"\#(code.subcode)""#
        tell("device.error", #"{"origin":"\#(code.origin.rawValue)","status":\#(code.status)\#(subcode)}"#, minutesAgo: minutesAgo)
    }

    /// Adds telemetry that fits the template.
    mutating func send(minutesAgo: Double = 0) { tell("telemetry", #"{"temperature":1.5}"#, minutesAgo: minutesAgo) }
}

extension Timestamp {
    static func - (time: Timestamp, earlier: Duration) -> Timestamp {
        Timestamp(microseconds: time.microseconds - Int64(earlier / .microseconds(1)))
    }

    /// The database's clock.
    static func databaseNow() throws(PostgresError) -> Timestamp {
        Timestamp(microseconds: try number("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"))
    }
}

/// What a test asked for is not there.
struct UntoldStory: Error, CustomStringConvertible {
    let description: String
}

/// Appends stories to a source, projects everything, and brings the snapshot up to date.
///
/// - Parameter tenant: what the source's settings say, for stories whose records name no tenant.
func happen(_ stories: [DeviceStory], partition: Int32 = 0, tenant: String = "") throws {
    var log = try LogFixture(partition: partition, settings: SourceSettings(tenant: tenant))
    let now = try Timestamp.databaseNow()
    try log.append(stories.flatMap(\.records), at: now)
    try project()
}

/// Projects everything, and brings the snapshot up to date.
func project() throws {
    var projector = try worker()
    try projector.turnUntilIdle()
    projector.end()
    try refreshSnapshot()
}

func refreshSnapshot(_ owner: String = "test") throws {
    var connection = try TestDatabase.connect(role: "hindcast_project")
    guard try FleetSnapshot.refresh(owner: owner, lease: .seconds(600), on: &connection) else {
        throw UntoldStory(description: "another one keeps the snapshot")
    }
}

/// Where the event stands that a device's first cause names, as source:offset; empty where it names none.
func evidence(of device: String) throws -> String {
    var connection = try TestDatabase.connect(role: "hindcast_dashboard")
    guard let place = try connection.queryOne(SelectEvidence(device: device)) else { throw UntoldStory(description: "\(device) has no cause") }
    return place
}

private struct SelectEvidence: Statement {
    let device: String

    static let sql = """
        SELECT coalesce(evidence_source || ':' || evidence_offset, '') FROM diagnostics.device_diagnosis
        WHERE tenant = 'app' AND device_id = $1 AND rank = 1
        """

    func bind(to parameters: inout Parameters) { parameters.append(device) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

/// What the views say about a device.
struct Said: Equatable, Sendable {
    let registration: String
    let health: String
    let reasons: [String]
    let causes: [String]

    init(_ device: String) throws {
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        guard let row = try connection.queryOne(SelectSaid(device: device)) else { throw UntoldStory(description: "\(device) is in no view") }
        self = row
    }

    fileprivate init(_ row: borrowing RowView) throws(PostgresError) {
        registration = try row.string(0)
        health = try row.string(1)
        reasons = try row.array(2, of: String.self)
        causes = try row.array(3, of: String.self)
    }
}

private struct SelectSaid: Statement {
    let device: String

    static let sql = """
        SELECT h.registration, h.health, h.reasons,
            ARRAY(SELECT c.cause || '/' || c.confidence FROM diagnostics.device_diagnosis c
                WHERE c.tenant = h.tenant AND c.device_id = h.device_id ORDER BY c.rank)
        FROM diagnostics.device_health h WHERE h.tenant = 'app' AND h.device_id = $1
        """

    func bind(to parameters: inout Parameters) { parameters.append(device) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Said { try Said(row) }
}
