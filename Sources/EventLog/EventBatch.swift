package import Diagnostics
import Hashing
import JSON
import Postgres

/// Records of one source on their way into the log: encoded rows, the hash under way, and the devices that have no number yet.
///
/// Rows are encoded once, as they come; device numbers are put in later, in place. Reused from batch to batch, so its memory is bounded by the largest one.
package struct EventBatch: ~Copyable {
    package let source: Int32
    private var rows = CopyBuffer(capacity: 64 * 1024)
    private var chain: RecordChain
    private var unnumbered: [(position: Int, name: DeviceDictionary.Name)] = []
    private var digest: SHA256Digest?
    private let decoder: Int16

    /// The first record's offset.
    package private(set) var firstOffset: Int64 = 0
    /// The last record's offset.
    package private(set) var lastOffset: Int64 = 0
    /// The time at which the batch was begun: its records' time of ingest.
    package private(set) var ingestTime = Timestamp(microseconds: 0)
    private(set) var segment: Int16 = 0
    private(set) var minEventTime = Timestamp.latest
    private(set) var maxEventTime = Timestamp.earliest

    /// An empty batch for one source. The rule, and the version of the decoder that the rows name, are parameters for tests alone.
    package init(source: Int32, rule: ChainRule = ChainRule(), decoder: Int16 = EventDecoder.version) {
        self.source = source
        self.decoder = decoder
        chain = RecordChain(rule: rule)
    }

    /// How many records it holds.
    package var count: Int { rows.rowCount }
    /// Bytes that the rows take.
    package var byteCount: Int { rows.byteCount }

    /// Forgets the records, keeps the memory.
    package mutating func removeAll() {
        // One large batch per source must not stay in memory for each of a thousand sources.
        if rows.byteCount > 1 << 20 { rows = CopyBuffer(capacity: 64 * 1024) } else { rows.removeAll() }
        unnumbered.removeAll(keepingCapacity: true)
        digest = nil
        minEventTime = .latest
        maxEventTime = .earliest
    }

    /// Begins a batch after the last append of a claim. Its time is not before the claim's segment, so that a clock set back cannot put a record into a
    /// segment that is past.
    package mutating func begin(after claim: SourceClaim, at now: Timestamp) {
        removeAll()
        segment = max(claim.segment, now.day)
        ingestTime = max(now, Timestamp(startOfDay: segment))
        chain.begin(previous: claim.chain, source: source)
    }

    /// Adds a record. Offsets rise.
    package mutating func append(
        _ record: borrowing RecordView, event: borrowing DecodedEvent, offset: Int64, timestampType: TimestampType, devices: inout DeviceDictionary
    ) {
        precondition(count == 0 || offset > lastOffset, "Cannot add offset \(offset) after \(lastOffset)")
        precondition(digest == nil, "Cannot add a record to a batch whose hash has ended")
        if count == 0 { firstOffset = offset }
        lastOffset = offset
        minEventTime = min(minEventTime, event.eventTime)
        maxEventTime = max(maxEventTime, event.eventTime)
        chain.append(record, offset: offset, timestampType: timestampType)

        rows.beginRow(columns: EventTable.columnCount)
        rows.int64(offset)
        rows.timestamp(PostgresTimestamp(event.eventTime))
        rows.timestamp(PostgresTimestamp(ingestTime))
        if let time = event.deviceTime { rows.timestamp(PostgresTimestamp(time)) } else { rows.null() }
        if let time = record.brokerTime { rows.timestamp(PostgresTimestamp(time)) } else { rows.null() }
        rows.int32(source)
        if let key = devices.key(of: event) {
            rows.int32(key)
        } else {
            unnumbered.append((rows.int32(0), devices.name(of: event)))
        }
        rows.int16(segment)
        rows.int16(Int16(event.kind.rawValue))
        rows.int16(Int16(event.envelope.rawValue))
        rows.int16(decoder)
        rows.int16(timestampType.rawValue)
        text(event.module, of: event)
        text(event.component, of: event)
        text(event.templateRef, of: event)
        if let key = record.key { rows.bytes(key) } else { rows.null() }
        rows.bytes(record.headers)
        if let payload = record.payload { rows.bytes(payload) } else { rows.null() }
    }

    private mutating func text(_ field: DecodedEvent.Field, of event: borrowing DecodedEvent) {
        if field.isEmpty { rows.null() } else { rows.text(event.bytes(field)) }
    }

    /// Puts in the numbers of devices that were new. A second call, when an append is tried again, finds nothing to do.
    mutating func seal(devices: inout DeviceDictionary, on connection: inout Connection) throws(PostgresError) {
        guard !unnumbered.isEmpty else { return }
        let keys = try devices.resolve(Set(unnumbered.map(\.name)), on: &connection)
        for (position, name) in unnumbered {
            guard let key = keys[name] else { preconditionFailure("Cannot number a device that was just resolved") }
            rows.patch(key, at: position)
        }
        unnumbered.removeAll(keepingCapacity: true)
    }

    /// The batch's link in the chain; no record can be added after it was asked for.
    mutating func sha256() -> SHA256Digest {
        if let digest { return digest }
        let digest = chain.finish()
        self.digest = digest
        return digest
    }

    /// Sends the rows.
    borrowing func copy(on connection: inout Connection) throws(PostgresError) {
        try connection.copyIn(EventTable.copy, rows)
    }
}

/// The column order of the log's table for COPY.
enum EventTable {
    static let columnCount: Int16 = 18
    static let copy = CopyIn(
        sql: """
            COPY hindcast.event (source_offset, event_time, ingest_time, device_time, broker_time, source_id, device_key, segment, kind, envelope, decoder,
                timestamp_type, module, component, template_ref, key, headers, payload) FROM STDIN (FORMAT binary)
            """)
}
