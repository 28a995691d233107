import Catalog
import Diagnostics
import EventLog
import Hashing
import LogSupport
import Logging
import Postgres
import Projections
import Replay
import TestSupport

/// A logger that prints nothing.
let quiet: Logger = {
    var logger = Logger(label: "hindcast.test")
    logger.logLevel = .critical
    return logger
}()

let pumpID = "dtmi:test:pump;1"

/// A template with a telemetry of a name and a schema, another one and a property.
func pumpTemplate(_ schema: String = "double", name: String = "temperature", id: String = pumpID) -> [UInt8] {
    Array(
        """
        {"@context":"dtmi:dtdl:context;2","@id":"\(id)","@type":"Interface","contents":[
        {"@type":"Telemetry","name":"\(name)","schema":"\(schema)"},
        {"@type":"Telemetry","name":"label","schema":"string"},
        {"@type":"Property","name":"target","schema":"integer","writable":true}]}
        """.utf8)
}

/// A connection as `hindcast replay` has it.
func admin() throws(PostgresError) -> Connection { try TestDatabase.connect(role: "hindcast_admin") }

@discardableResult
func publish(_ bytes: [UInt8]) throws -> TemplateVersion {
    var connection = try admin()
    return try Templates.publish(bytes, actor: "ada", on: &connection).version
}

func assign(_ devices: [String]) throws {
    var connection = try admin()
    _ = try Templates.assign(pumpID, tenant: "", devices: devices, actor: "ada", on: &connection)
}

/// Has live workers fold everything that there is.
func project(batchRows: Int = 1000) throws {
    var settings = ProjectionSettings()
    settings.batchRows = batchRows
    settings.lease = .seconds(600)
    var worker = try ProjectionWorker(
        name: "live/\(UInt64.random(in: 0 ... .max))", postgres: TestDatabase.current.settings.with(role: "hindcast_project"), settings: settings,
        logger: quiet)
    while try !worker.isCaughtUp() {
        worker.renewAtOnce()
        _ = try worker.step()
    }
    worker.end()
}

func replayWorker(
    _ run: Int32, name: String = "replay", fence: ReplayFence = ReplayFence(), settings: ReplaySettings = ReplaySettings()
) throws(ReplayError) -> ReplayWorker {
    try ReplayWorker(
        name: name, run: run, postgres: TestDatabase.current.settings.with(role: "hindcast_admin"), settings: settings, fence: fence, logger: quiet)
}

/// Plans a run with small chunks.
func plan(
    _ template: ReplayRequest.Template, purpose: ReplayRun.Purpose = .replay, chunkEvents: Int = 40,
    _ change: (inout ReplayRequest) -> Void = { _ in }
) throws -> ReplayPlan {
    var request = ReplayRequest(purpose, template: template, actor: "ada")
    request.chunkEvents = chunkEvents
    change(&request)
    var connection = try admin()
    return try ReplayPlanner.plan(request, on: &connection)
}

/// Works on a run until it is ready, live workers keeping up with it.
@discardableResult
func carryOut(_ run: Int32, fence: ReplayFence = ReplayFence(), settings: ReplaySettings = ReplaySettings()) throws -> ReplayRun {
    var worker = try replayWorker(run, fence: fence, settings: settings)
    while true {
        switch try worker.step() {
        case .folded, .moved: continue
        case .catchingUp: try project()
        case .waiting: throw ReplayError(.fenced, "a worker alone has nobody to wait for")
        case .ended:
            var connection = try admin()
            return try ReplayRuns.show(run, on: &connection)
        }
    }
}

/// What a generation's tables hold, beside what no template touches.
func digest(_ generation: Int32) throws -> ProjectionDigest {
    var connection = try TestDatabase.connect()
    return try ProjectionDigest.read(generation: generation, on: &connection)
}

func live() throws -> Int32 {
    var connection = try admin()
    return try Generations.live(on: &connection)
}

/// Random messages with every kind of trouble, the same for the same seed. Times jump back and forth within two days.
struct SampleFleet {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func records(_ count: Int) -> [SampleRecord] { (0..<count).map { _ in record() } }

    private mutating func record() -> SampleRecord {
        let device = "dev-\(below(7))"
        let time = Timestamp(microseconds: Timestamp.sample.microseconds - Int64(below(48)) * 3_600_000_000 + Int64(below(3)) * 60_000_000)
        let template = below(3) == 0 ? nil : below(8) == 0 ? "dtmi:test:unheard;1" : pumpID
        switch below(9) {
        case 0, 1, 2: return .telemetry(device: device, #"{"temperature":\#(below(90)),"label":"x"}"#, template: template, at: time)
        case 3: return .telemetry(device: device, #"{"Temperature":1.5}"#, template: template, at: time)
        case 4: return .telemetry(device: device, #"{"temperature":"warm","label":7}"#, template: template, at: time)
        // More names than are kept, all of one device.
        case 5: return .telemetry(device: "dev-names", #"{"made up \#(below(150))":1}"#, template: pumpID, at: time)
        case 6: return SampleRecord(key: Array(device.utf8), payload: Array(#"{"telemetry":{"#.utf8), brokerTime: time)
        // Devices that no change to the pump can touch.
        case 7: return .telemetry(device: "other-\(below(5))", #"{"x":\#(below(5)),"y":"z"}"#, template: "dtmi:test:other;1", at: time)
        default: return SampleRecord(key: Array(device.utf8), payload: below(2) == 0 ? nil : Array("[]".utf8), brokerTime: time)
        }
    }

    private mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ value >> 31) % UInt64(limit))
    }
}

extension LogFixture {
    /// Appends records in batches of a few, as ingest does.
    mutating func append(_ records: [SampleRecord], by size: Int) throws(AppendError) {
        var start = 0
        while start < records.count {
            try append(Array(records[start..<min(start + size, records.count)]))
            start += size
        }
    }
}

/// The tables in which two generations differ.
func differences(_ a: ProjectionDigest, _ b: ProjectionDigest) -> [String] {
    zip(a.tables, b.tables).filter { $0 != $1 }.map { "\($0.name): \($0.rows) rows and \($1.rows)" } + (a.findings == b.findings ? [] : ["findings"])
}

/// What an act is refused with; nil where it is not.
func refusal(_ body: () throws -> Void) throws -> ReplayError? {
    do {
        try body()
        return nil
    } catch let error as ReplayError {
        return error
    }
}

/// What a run that was given up has left behind.
func leftovers(of run: ReplayRun) throws -> [String] {
    var connection = try TestDatabase.connect()
    return try connection.query(SelectLeftovers(run: run.id, generation: run.generation))
}

private struct SelectLeftovers: Statement {
    let run: Int32
    let generation: Int32

    static let sql = """
        SELECT c.relname::text FROM pg_class c
        WHERE c.relnamespace = 'hindcast'::regnamespace AND (c.relname ~ ('_g' || $2 || '($|_)') OR c.relname ~ ('_r' || $1 || '($|_)'))
        UNION ALL SELECT 'hour_leaf' FROM hindcast.hour_leaf WHERE relation ~ ('_g' || $2 || '$')
        UNION ALL SELECT 'epoch' FROM hindcast.epoch WHERE generation = $2
        UNION ALL SELECT 'projection_checkpoint' FROM hindcast.projection_checkpoint WHERE generation = $2
        UNION ALL SELECT 'replay_change' FROM hindcast.replay_change WHERE run_id = $1
        UNION ALL SELECT 'replay_chunk' FROM hindcast.replay_chunk WHERE run_id = $1
        UNION ALL SELECT 'template_draft' FROM hindcast.template_draft
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(run)
        parameters.append(generation)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}
