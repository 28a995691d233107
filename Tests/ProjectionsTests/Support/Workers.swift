import Catalog
import Diagnostics
import EventLog
import LogSupport
import Logging
import Postgres
import Projections
import TestSupport
import Threading

/// A logger that prints nothing.
let quiet: Logger = {
    var logger = Logger(label: "hindcast.test")
    logger.logLevel = .critical
    return logger
}()

/// A worker as `hindcast project` runs it, that the test turns by hand.
func worker(
    _ name: String = "worker", batchRows: Int = 1000, lease: Duration = .seconds(600), fence: ProjectionFence = ProjectionFence()
) throws(ProjectionError) -> ProjectionWorker {
    var settings = ProjectionSettings()
    settings.batchRows = batchRows
    settings.lease = lease
    return try ProjectionWorker(name: name, postgres: projecting, settings: settings, fence: fence, logger: quiet)
}

/// How workers connect: by a name of their own, so that a test can cut them off.
var projecting: PostgresSettings {
    var settings = TestDatabase.current.settings.with(role: "hindcast_project")
    settings.applicationName = "projecting"
    return settings
}

extension ProjectionWorker {
    /// Turns until there is nothing to do, and says what was done.
    @discardableResult
    mutating func turnUntilIdle() throws(ProjectionError) -> Turn {
        var total = Turn()
        while true {
            let turn = try step()
            total.events += turn.events
            total.batches += turn.batches
            if turn.isIdle { return total }
        }
    }
}

/// Has every lease end now, on the clock that counts: the database's. This is what time does to the leases of a process that was killed.
func expireLeases(of owner: String) throws(PostgresError) {
    var connection = try TestDatabase.connect()
    try connection.execute(ExpireLeases(owner: owner))
    try connection.execute(ExpireWorker(owner: owner))
}

private struct ExpireLeases: Statement {
    let owner: String

    static let sql = "UPDATE hindcast.projection_checkpoint SET lease_until = clock_timestamp() - interval '1 second' WHERE owner = $1"

    func bind(to parameters: inout Parameters) { parameters.append(owner) }
}

private struct ExpireWorker: Statement {
    let owner: String

    static let sql = "UPDATE hindcast.projection_worker SET alive_until = clock_timestamp() - interval '1 second' WHERE worker = $1"

    func bind(to parameters: inout Parameters) { parameters.append(owner) }
}

/// All checkpoints, and the one of a projection in a source.
func checkpoints() throws(PostgresError) -> [Checkpoint] {
    var connection = try TestDatabase.connect()
    return try Checkpoints.all(on: &connection)
}

func checkpoint(_ projection: ProjectionName, source: Int32 = 1) throws(PostgresError) -> Checkpoint? {
    try checkpoints().first { $0.key.projection == projection && $0.key.source == source }
}

/// Whether every projection of so many sources stands at an offset.
func isReached(_ offset: Int64, sources: Int = 1) throws(PostgresError) -> Bool {
    let all = try checkpoints()
    return all.count == sources * ProjectionName.allCases.count && all.allSatisfy { $0.nextOffset == offset }
}

/// The digest of the live generation.
func liveDigest() throws -> ProjectionDigest {
    var connection = try TestDatabase.connect()
    return try ProjectionDigest.read(generation: try Generations.live(on: &connection), on: &connection)
}

/// One number.
func number(_ sql: StaticString) throws(PostgresError) -> Int64 {
    var connection = try TestDatabase.connect()
    var value: Int64 = -1
    try connection.copyOut(CopyOut(query: sql)) { (row: borrowing RowView) throws(PostgresError) in value = try row.int64(0) }
    return value
}
