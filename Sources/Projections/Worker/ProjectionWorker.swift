package import Catalog
import Diagnostics
import EventLog
package import Logging
package import Postgres
package import Threading

/// One thread's share of the projections: it holds the leases of some sources, reads their events and moves their checkpoints.
///
/// ``step()`` is synchronous and blocks; a worker belongs to one thread.
package struct ProjectionWorker: ~Copyable {
    /// What one turn did.
    package struct Turn: Equatable, Sendable {
        /// Events folded in.
        package var events = 0
        /// Batches committed.
        package var batches = 0
        /// Whether there was nothing to do.
        package var isIdle = true

        /// A turn that has done nothing yet.
        package init() {}
    }

    /// What the worker's leases are held under; unique.
    package let name: String

    let settings: ProjectionSettings
    let fence: ProjectionFence
    let templates: TemplateStore
    let metrics: ProjectionMetrics
    let logger: Logger
    var connection: Connection

    var held: [Int32: HeldSource] = [:]
    var sources: [Int32: LogSource] = [:]
    /// Sources that nobody holds, with the end of their log when that was seen: one that grows has to be taken.
    var unheld: [Int32: Int64] = [:]
    /// Sources that somebody else holds.
    var heldElsewhere: Set<Int32> = []
    var controls = ControlTail()
    /// Whose trials count in the generations that tail.
    var lineages: [Int32: Set<Int32>] = [:]
    var leaves = HourLeaves()
    var batchFold = BatchFold()
    var rows = CopyBuffer(capacity: 64 * 1024)
    /// When leases are renewed and shared out again.
    var refreshDue = ContinuousClock.now

    /// Connects, and says what rules this program has.
    ///
    /// - Parameters:
    ///   - name: unique among all workers that ever ran: whoever has the name owns the leases under it.
    ///   - templates: shared by the workers of a process.
    ///   - fence: what keeps a second writer out; a parameter for tests alone.
    /// - Throws: also where a program with newer rules was here.
    package init(
        name: String, postgres: PostgresSettings, settings: ProjectionSettings, templates: TemplateStore = TemplateStore(),
        fence: ProjectionFence = ProjectionFence(), logger: Logger
    ) throws(ProjectionError) {
        self.name = name
        self.settings = settings
        self.fence = fence
        self.templates = templates
        self.logger = logger
        metrics = ProjectionMetrics(worker: name)
        connection = try Self.connect(name, postgres, logger)
    }

    /// One turn: renews and shares out leases when that is due, looks how far the log goes, and moves every source that lags by one batch.
    ///
    /// - Throws: when the connection is gone, or no attempt of this program can succeed. What concerns one projection alone is kept with it instead.
    package mutating func step() throws(ProjectionError) -> Turn {
        if ContinuousClock.now >= refreshDue { try refresh() }
        try look()
        var turn = Turn()
        for source in held.keys.sorted() {
            guard let log = sources[source],
                let group = held[source]?.nextGroup(logEnd: log.nextOffset, controlSeq: controls.last, now: .now), !group.isEmpty
            else { continue }
            turn.isIdle = false
            // Leases come first, or a long backlog would cost them.
            if ContinuousClock.now >= refreshDue { break }
            if let events = try advance(source, group, log) {
                turn.events += events
                turn.batches += 1
            }
        }
        return turn
    }

    /// Blocks until there may be something to do: a notification, the next look, a retry, or the stop.
    package mutating func wait(stop: borrowing StopSignal) throws(ProjectionError) {
        let now = ContinuousClock.now
        let retry = held.values.compactMap(\.nextRetry).min() ?? refreshDue
        let end = min(now + settings.pollInterval, refreshDue, retry)
        guard end > now else { return }
        let descriptor = stop.fileDescriptor
        try connection.projecting { (connection: inout Connection) throws(PostgresError) in
            var notification = try connection.waitForNotification(timeout: now.duration(to: end), wakeDescriptor: descriptor)
            // One look answers all of them.
            while notification != nil { notification = try connection.waitForNotification(timeout: .zero) }
        }
    }

    /// Gives all leases back. Does not fail: where the connection is gone, the leases end by themselves.
    package mutating func end() {
        connection.rollback()
        do throws(PostgresError) {
            try Checkpoints.release(held.values.flatMap { $0.checkpoints.map(\.checkpoint) }, owner: name, on: &connection)
            try WorkerPresence.end(name, on: &connection)
        } catch {
            logger.debug("Failed to release leases", metadata: [LogKey.worker: "\(name)", LogKey.error: "\(error)"])
        }
        held = [:]
    }

    /// Connects again after a failure, and forgets everything that has to be read again; false when it was stopped.
    mutating func recover(stop: borrowing StopSignal) throws(ProjectionError) -> Bool {
        held = [:]
        leaves.forget()
        // A standby that took over may lack the last transactions: what was decided is read again too.
        controls = ControlTail()
        batchFold.devices = DeviceDictionary()
        refreshDue = .now
        let signal = copy stop
        let isConnected = try connection.projecting { (connection: inout Connection) throws(PostgresError) in
            try connection.reconnect(backoff: Backoff(), stop: signal)
        }
        if isConnected { try Self.prepare(&connection, name) }
        return isConnected
    }

    private static func connect(_ name: String, _ postgres: PostgresSettings, _ logger: Logger) throws(ProjectionError) -> Connection {
        var connection: Connection
        do throws(PostgresError) {
            connection = try Connection(postgres, logger: logger)
        } catch {
            throw ProjectionError(error)
        }
        try prepare(&connection, name)
        return connection
    }

    /// The temporary tables and the planner's settings of a session, the codes that views explain, and the channel that ends its waits.
    private static func prepare(_ connection: inout Connection, _ name: String) throws(ProjectionError) {
        try connection.deciding { (connection: inout Connection) throws(CatalogError) in
            try RuleSets.declare(actor: name, on: &connection)
        }
        try connection.projecting { (connection: inout Connection) throws(PostgresError) in
            try connection.execute(script: DeltaTable.sessionScript)
            try connection.execute(PublishErrorCodes())
            try connection.listen(SQLIdentifier(checking: LogSignal.channel))
        }
    }
}
