import Diagnostics
import EventLog
import Exports
import JSON
import LogSupport
import Logging
import Postgres
import Projections
import TestSupport

/// Exports of a test: what they are, what happened to them, and a fleet that sends.
enum ExportStory {
    static let logger: Logger = {
        var logger = Logger(label: "hindcast.test")
        logger.logLevel = .critical
        return logger
    }()

    /// A time of the story, in seconds.
    static func time(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: Timestamp.sample.microseconds + seconds * 1_000_000) }

    /// An export `id` to destination `to`, in force long before the story begins if nothing else is said.
    static func define(
        _ id: String, to destination: String, source: String = "telemetry", isManaged: Bool = false, filter: String = "",
        from seconds: Int64 = -100_000, isEnabled: Bool = true
    ) throws {
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        let authorization = isManaged ? "systemAssignedManagedIdentity" : "connectionString"
        let text = """
            {"exports": [{"id": "\(id)", "displayName": "\(id)", "enabled": \(isEnabled), "source": "\(source)", "filter": "\(filter)",
                "destinations": [{"id": "\(destination)"}]}],
             "destinations": [{"id": "\(destination)", "type": "eventhubs@v1", "authorization": {"type": "\(authorization)"}}]}
            """
        _ = try ExportStore.import(
            try ExportFile.read(Array(text.utf8), name: "test"), tenant: "app", at: time(seconds), actor: "test", on: &connection)
    }

    /// An event about an export.
    static func happens(_ type: String, _ data: String, at seconds: Int64) -> SampleRecord {
        let headers = [
            ("ce_specversion", "1.0"), ("ce_id", "1"), ("ce_source", "/app"), ("ce_type", "dev.hindcast.\(type)"), ("ce_subject", "export"),
            ("ce_time", time(seconds).rfc3339),
        ]
        return SampleRecord(headers: headers.map { ($0.0, Array($0.1.utf8)) }, payload: Array(data.utf8), brokerTime: time(seconds))
    }

    static func toggled(_ export: String, _ isOn: Bool, at seconds: Int64) -> SampleRecord {
        happens("export.toggled", #"{"export":"\#(export)","enabled":\#(isOn)}"#, at: seconds)
    }

    /// A receipt of export `e`: destination `d` has what was sent of these offsets of the fleet's topic.
    static func receipt(
        _ offsets: ClosedRange<Int64>, events: Int64? = nil, partition: Int32 = 0, topic: String = "telemetry", at seconds: Int64
    ) -> SampleRecord {
        let count = events.map { ",\"events\":\($0)" } ?? ""
        return happens(
            "export.delivered",
            """
            {"export":"e","destination":"d","topic":"\(topic)","partition":\(partition),"first":\(offsets.lowerBound),"last":\(offsets.upperBound)\(count)}
            """, at: seconds)
    }

    /// An audit message about an export, as IoT Central's export writes it.
    static func audit(_ type: String, _ export: String, _ members: String = "", at seconds: Int64) -> SampleRecord {
        let text = """
            {"applicationId":"app","messageSource":"audit","messageType":"\(type)","schema":"default@v1","enqueuedTime":"\(time(seconds).rfc3339)",\
            "actor":{"id":"ada","type":"user"},"resource":{"type":"dataExport","id":"\(export)"},"enrichments":{}\(members)}
            """
        return SampleRecord(payload: Array(text.utf8), brokerTime: time(seconds))
    }

    /// The topic on which the service speaks, so that the fleet's offsets are those of its telemetry alone.
    static func notices() throws(PostgresError) -> LogFixture { try LogFixture(topic: "notices", settings: SourceSettings(tenant: "app")) }

    /// The fleet's topic.
    static func fleet(partition: Int32 = 0) throws(PostgresError) -> LogFixture {
        try LogFixture(partition: partition, settings: SourceSettings(tenant: "app"))
    }

    static func telemetry(_ device: String, at seconds: Int64, _ body: String = #"{"t":1}"#) -> SampleRecord {
        .telemetry(device: device, body, at: time(seconds))
    }

    /// A device says that it is simulated.
    static func simulated(_ device: String, _ isSimulated: Bool = true, at seconds: Int64) -> SampleRecord {
        let headers = [
            ("ce_specversion", "1.0"), ("ce_id", "1"), ("ce_source", "/app"), ("ce_type", "dev.hindcast.device.registered"), ("ce_subject", device),
            ("ce_time", time(seconds).rfc3339),
        ]
        return SampleRecord(
            headers: headers.map { ($0.0, Array($0.1.utf8)) }, payload: Array(#"{"simulated":\#(isSimulated)}"#.utf8), brokerTime: time(seconds))
    }

    static func worker(batchRows: Int = 1000) throws(ProjectionError) -> ProjectionWorker {
        var settings = ProjectionSettings()
        settings.batchRows = batchRows
        settings.lease = .seconds(600)
        return try ProjectionWorker(
            name: "worker", postgres: TestDatabase.current.settings.with(role: "hindcast_project"), settings: settings, fence: ProjectionFence(),
            logger: logger)
    }

    /// Projects all that is logged.
    static func project() throws {
        var worker = try worker()
        while try !worker.step().isIdle {}
        worker.end()
    }

    /// Settings for a story whose present is this many seconds after its beginning.
    static func settings(now seconds: Int64 = 50_000, perCommit: Int64 = 200_000, perPass: Int64 = 2_000_000) -> ExportSettings {
        var settings = ExportSettings()
        settings.now = time(seconds)
        settings.offsetsPerCommit = perCommit
        settings.offsetsPerPass = perPass
        return settings
    }

    /// Finds and counts to the end, in a process of its own.
    static func look(_ settings: ExportSettings = settings(), owner: String = "pass") throws {
        var connection = try TestDatabase.connect(role: "hindcast_project")
        var pass = GapPass(owner: owner, settings: settings)
        guard try pass.run(on: &connection) else { throw LeaseHeld() }
        try pass.end(on: &connection)
    }

    static func gaps() throws(PostgresError) -> [GapRow] {
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        return try connection.query(SelectGapRows())
    }
}

/// A row of `diagnostics.export_gaps`.
struct GapRow: Equatable, Sendable, CustomStringConvertible {
    let id: String
    let export: String
    let cause: String
    let certainty: String
    let start: Timestamp
    let end: Timestamp?
    let events: Int64?
    let devices: Int64?
    let bytes: Int64?
    let state: String
    let recovery: String

    var description: String {
        "\(export) \(cause) \(start.rfc3339) to \(end?.rfc3339 ?? "") \(state): \(events ?? -1) events, \(devices ?? -1) devices, \(bytes ?? -1) bytes"
    }
}

private struct SelectGapRows: Statement {
    static let sql = """
        SELECT gap_id, export_id, cause, certainty, starts_at, ends_at, events, devices, bytes, state, recovery FROM diagnostics.export_gaps
        ORDER BY export_id, starts_at, certainty, gap_id
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> GapRow {
        GapRow(
            id: try row.string(0), export: try row.string(1), cause: try row.string(2), certainty: try row.string(3),
            start: Timestamp(try row.timestamp(4)), end: try row.timestampOrNil(5).map { Timestamp($0) }, events: try row.int64OrNil(6),
            devices: try row.int64OrNil(7), bytes: try row.int64OrNil(8), state: try row.string(9), recovery: try row.string(10))
    }
}

/// Random numbers that a seed decides (SplitMix64), so that a failing run can be run again.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Another process looks for gaps.
struct LeaseHeld: Error {}
