import Diagnostics
import Hashing
package import Postgres

/// Appends batches: one READ COMMITTED transaction each, the fence first.
///
/// 1. The cursor is moved by compare-and-swap on offset and owner epoch. Not exactly one row means that another writer owns the source; nothing was sent.
/// 2. The rows go in by binary COPY, without ON CONFLICT: a key violation is a bug or a reused offset and must be loud.
/// 3. The batch's link of the hash chain is stored.
/// 4. Commit. Only then may the offset be committed to Kafka, and as a hint only.
package struct LogAppender: Sendable {
    private let fence: AppendFence

    /// An appender; the fence is a parameter for tests alone.
    package init(fence: AppendFence = AppendFence()) { self.fence = fence }

    /// Appends a batch and moves the claim past it.
    ///
    /// - Parameters:
    ///   - endOffset: the broker's end of the partition, as far as known.
    ///   - devices: numbers the batch's new devices, in a transaction of its own before.
    package func append(
        _ batch: inout EventBatch, claim: inout SourceClaim, endOffset: Int64?, devices: inout DeviceDictionary, on connection: inout Connection
    ) throws(AppendError) {
        precondition(batch.source == claim.source && batch.count > 0, "Cannot append an empty batch, or one of another source")
        let next = batch.lastOffset + 1
        let sha256 = batch.sha256()
        do throws(PostgresError) {
            try batch.seal(devices: &devices, on: &connection)
        } catch {
            throw AppendError(error)
        }
        let advance = AdvanceCursor(
            claim: claim, nextOffset: next, segment: batch.segment, chain: sha256, lastEventTime: batch.maxEventTime, endOffset: endOffset,
            fence: fence)
        try begin(with: advance, claim, on: &connection)
        do throws(PostgresError) {
            try batch.copy(on: &connection)
            let link = InsertBatch(
                source: claim.source, firstOffset: batch.firstOffset, lastOffset: batch.lastOffset, count: Int32(batch.count), segment: batch.segment,
                minEventTime: batch.minEventTime, maxEventTime: batch.maxEventTime, ingestTime: batch.ingestTime, previous: claim.chain,
                sha256: sha256)
            _ = try connection.pipeline(link, CommitTransaction())
        } catch {
            connection.rollback()
            throw AppendError(error)
        }
        claim.moved(to: next, segment: batch.segment, chain: sha256)
    }

    /// Moves a claim's cursor over offsets that hold no record: transaction markers, compacted records, the end of the partition.
    package func advance(_ claim: inout SourceClaim, to nextOffset: Int64, endOffset: Int64?, on connection: inout Connection) throws(AppendError) {
        let advance = AdvanceCursor(
            claim: claim, nextOffset: nextOffset, segment: claim.segment, chain: claim.chain, lastEventTime: nil, endOffset: endOffset, fence: fence)
        try begin(with: advance, claim, on: &connection)
        try commit(on: &connection)
        claim.moved(to: nextOffset, segment: claim.segment, chain: claim.chain)
    }

    /// Moves a claim's cursor over offsets whose records can never be read, and records the hole in the same transaction.
    package func skip(_ claim: inout SourceClaim, to nextOffset: Int64, reason: LogHole.Reason, on connection: inout Connection) throws(AppendError) {
        precondition(nextOffset > claim.nextOffset, "Cannot record a hole from \(claim.nextOffset) to \(nextOffset)")
        let advance = AdvanceCursor(
            claim: claim, nextOffset: nextOffset, segment: claim.segment, chain: claim.chain, lastEventTime: nil, endOffset: nil, fence: fence)
        let hole = InsertHole(source: claim.source, firstOffset: claim.nextOffset, lastOffset: nextOffset - 1, reason: reason)
        try begin(with: advance, claim, on: &connection)
        do throws(PostgresError) {
            try connection.execute(hole)
        } catch {
            connection.rollback()
            throw AppendError(error)
        }
        try commit(on: &connection)
        claim.moved(to: nextOffset, segment: claim.segment, chain: claim.chain)
    }

    /// Opens the transaction and passes the fence, in one round trip.
    private func begin(with advance: AdvanceCursor, _ claim: SourceClaim, on connection: inout Connection) throws(AppendError) {
        let moved: Int
        do throws(PostgresError) {
            moved = try connection.pipeline(BeginTransaction(), advance).1.affected
        } catch {
            connection.rollback()
            throw AppendError(error)
        }
        guard moved == 1 else {
            connection.rollback()
            throw AppendError(
                .fenced,
                "source \(claim.source) is not ours to write from offset \(claim.nextOffset) in owner epoch \(claim.ownerEpoch): another writer claimed it or moved its cursor"
            )
        }
    }

    private func commit(on connection: inout Connection) throws(AppendError) {
        do throws(PostgresError) {
            try connection.commit()
        } catch {
            connection.rollback()
            throw AppendError(error)
        }
    }
}

extension SourceClaim {
    /// After an append of ours.
    fileprivate mutating func moved(to nextOffset: Int64, segment: Int16, chain: SHA256Digest) {
        self.nextOffset = nextOffset
        self.segment = segment
        self.chain = chain
    }
}

/// The fence: exactly one row when the claim is ours and the cursor is where we left it.
private struct AdvanceCursor: Statement {
    let claim: SourceClaim
    let nextOffset: Int64
    let segment: Int16
    let chain: SHA256Digest
    let lastEventTime: Timestamp?
    let endOffset: Int64?
    let fence: AppendFence

    static let sql = """
        UPDATE hindcast.source_cursor
        SET next_offset = $2, segment = $3, chain = $4, last_event_time = greatest(last_event_time, $5), end_offset = coalesce($6, end_offset),
            last_advanced = clock_timestamp()
        WHERE source_id = $1 AND (next_offset = $7 OR NOT $9) AND (owner_epoch = $8 OR NOT $10) AND segment <= $3
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(claim.source)
        parameters.append(nextOffset)
        parameters.append(segment)
        parameters.append(chain.bytes)
        parameters.append(lastEventTime.map { PostgresTimestamp($0) })
        parameters.append(endOffset)
        parameters.append(claim.nextOffset)
        parameters.append(claim.ownerEpoch)
        parameters.append(fence.comparesOffset)
        parameters.append(fence.comparesEpoch)
    }
}

private struct InsertBatch: Statement {
    let source: Int32
    let firstOffset: Int64
    let lastOffset: Int64
    let count: Int32
    let segment: Int16
    let minEventTime: Timestamp
    let maxEventTime: Timestamp
    let ingestTime: Timestamp
    let previous: SHA256Digest
    let sha256: SHA256Digest

    static let sql = """
        INSERT INTO hindcast.ingest_batch (source_id, first_offset, last_offset, n, segment, min_event_time, max_event_time, ingest_time, prev_sha256, sha256)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(firstOffset)
        parameters.append(lastOffset)
        parameters.append(count)
        parameters.append(segment)
        parameters.append(PostgresTimestamp(minEventTime))
        parameters.append(PostgresTimestamp(maxEventTime))
        parameters.append(PostgresTimestamp(ingestTime))
        parameters.append(previous.bytes)
        parameters.append(sha256.bytes)
    }
}
