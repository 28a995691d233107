import Diagnostics
package import Postgres

/// Has events that an older decoder indexed understood anew by this program's, source by source and batch by batch.
///
/// The events themselves never change: where the new answer differs from the one in force, a row of `event_reindex` says so, and views follow it. A batch's
/// rows and the source's progress are one transaction, so it goes on where it was stopped, and where nothing differs nothing is written. Harmless beside
/// ingest, which logs with the program's own decoder, beside projections, which decode for themselves, and beside another run, which writes the same.
package struct LogReindexer: ~Copyable {
    /// What one batch came to.
    package struct Step: Equatable, Sendable {
        /// Every event below this offset has been decoded anew, or needed not to be.
        package let reached: Int64
        /// Events that were decoded anew.
        package let events: Int64
        /// What differs now.
        package let changes: ReindexChanges
    }

    private let source: LogSource
    private let batchRows: Int
    private let reader = LogReader()
    private var decoder = EventDecoder()
    private var event = DecodedEvent()
    private var devices = DeviceDictionary()

    /// A reindexer of one source.
    ///
    /// - Parameter batchRows: how many events a step takes.
    package init(source: LogSource, batchRows: Int = 1_000) {
        self.source = source
        self.batchRows = batchRows
    }

    /// The offset of the first event that this program's decoder has not seen; nil when there is none, and then progress is the log's end.
    package func pending(on connection: inout Connection) throws(PostgresError) -> Int64? {
        let from = try nextOffset(on: &connection)
        var first: Int64?
        let read = try reader.read(source: source.sourceID, from: from, limit: 1, decodedBefore: EventDecoder.version, on: &connection) {
            first = $0.offset
        }
        if first == nil, read.reached > from { try connection.execute(advance(to: read.reached)) }
        return first
    }

    /// Decodes the next batch anew and stores what differs; nil when nothing is left.
    package mutating func step(on connection: inout Connection) throws(PostgresError) -> Step? {
        var batch = ReindexBatch(source: source.sourceID)
        let read = try decodeNext(into: &batch, on: &connection)
        if batch.isEmpty {
            if read.reached > 0 { try connection.execute(advance(to: read.reached)) }
            return nil
        }
        // In a transaction of its own, as before an append: nobody who meets the same new device has to wait for this batch.
        batch.number(by: try devices.resolve(batch.unnumbered, on: &connection))
        let advance = advance(to: read.reached)
        let changes = try connection.withTransaction { (connection: inout Connection) throws(PostgresError) in
            let changes = try connection.queryOne(WriteReindexed(batch: batch))
            try connection.execute(advance)
            return changes
        }
        return Step(reached: read.reached, events: Int64(read.count), changes: changes ?? ReindexChanges())
    }

    // MARK: -

    private mutating func decodeNext(into batch: inout ReindexBatch, on connection: inout Connection) throws(PostgresError) -> LogRead {
        let from = try nextOffset(on: &connection)
        var decoder = self.decoder
        var event = self.event
        var devices = self.devices
        let settings = source.settings
        let read = try reader.read(source: source.sourceID, from: from, limit: batchRows, decodedBefore: EventDecoder.version, on: &connection) {
            logged in
            decoder.decode(logged.record, settings: settings, into: &event)
            batch.append(event, of: logged, devices: &devices)
        }
        self.decoder = decoder
        self.event = event
        self.devices = devices
        return read
    }

    private func nextOffset(on connection: inout Connection) throws(PostgresError) -> Int64 {
        try connection.queryOne(SelectReindexProgress(source: source.sourceID)) ?? 0
    }

    private func advance(to nextOffset: Int64) -> AdvanceReindex { AdvanceReindex(source: source.sourceID, nextOffset: nextOffset) }
}

/// How many events of a batch are understood differently than before, and in what.
package struct ReindexChanges: Equatable, Sendable {
    /// Events that differ in anything.
    package var events: Int64 = 0
    /// Of them, those of another device than was thought.
    package var devices: Int64 = 0
    /// Those of another kind.
    package var kinds: Int64 = 0
    /// Those in another envelope.
    package var envelopes: Int64 = 0
    /// Those with another event time or device time.
    package var times: Int64 = 0
    /// Those of another module or component.
    package var places: Int64 = 0
    /// Those that name another template.
    package var templates: Int64 = 0

    package init() {}

    /// Adds up batches.
    package static func += (sum: inout ReindexChanges, other: ReindexChanges) {
        sum.events += other.events
        sum.devices += other.devices
        sum.kinds += other.kinds
        sum.envelopes += other.envelopes
        sum.times += other.times
        sum.places += other.places
        sum.templates += other.templates
    }
}
