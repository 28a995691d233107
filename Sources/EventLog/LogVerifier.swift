import Diagnostics
import Hashing
package import Postgres

/// Walks a source's hash chain over the stored bytes and names the first batch that does not match.
package struct LogVerifier: Sendable {
    /// What a walk over one source saw.
    package struct Report: Equatable, Sendable {
        package let source: Int32
        /// Batches whose bytes were hashed again.
        package var batches: Int64 = 0
        /// Batches whose segment was dropped by retention: their link in the chain was checked, their bytes are gone.
        package var droppedBatches: Int64 = 0
        /// Events whose bytes were hashed.
        package var events: Int64 = 0
        /// The first thing that does not match; nil when all does.
        package var fault: Fault?
    }

    /// The first batch that does not match.
    package struct Fault: Equatable, Sendable {
        package let firstOffset: Int64
        package let lastOffset: Int64
        package let segment: Int16
        /// What does not match, in a sentence.
        package let description: String
    }

    private let rule: ChainRule

    /// A verifier. The rule is a parameter for tests alone.
    package init(rule: ChainRule = ChainRule()) { self.rule = rule }

    /// Verifies one source from its first batch to its cursor.
    ///
    /// Checked per batch: it begins after the one before, its link names the one before, its rows are all there, none stands in another segment, and their
    /// bytes hash to what was stored. At the end: the cursor's chain is that of the last batch.
    package func verify(source: Int32, on connection: inout Connection) throws(PostgresError) -> Report {
        var report = Report(source: source)
        var previous = SHA256Digest.zero
        var last: Int64 = -1
        var segment = Int16.min
        var after: Int64 = -1
        // The cursor first: batches that are appended during the walk are not part of it.
        guard let cursor = try connection.queryOne(SelectCursor(source: source)) else {
            throw PostgresError(.unexpectedValue, "source \(source) is unknown", advice: "see `hindcast source list`")
        }
        while report.fault == nil {
            let page = try connection.query(SelectBatches(source: source, after: after, before: cursor.nextOffset))
            if page.isEmpty { break }
            for batch in page {
                var problem: String?
                if batch.firstOffset <= last {
                    problem = "it begins at offset \(batch.firstOffset), which is not after \(last), where the batch before ends"
                } else if batch.segment < segment {
                    problem = "its segment \(batch.segment) is before segment \(segment) of the batch before"
                } else if batch.previous != previous {
                    problem = "its link names \(batch.previous), expected \(previous), the SHA-256 of the batch before"
                } else if batch.isDropped {
                    report.droppedBatches += 1
                } else {
                    problem = try check(batch, source: source, on: &connection)
                    report.batches += 1
                    report.events += Int64(batch.count)
                }
                if let problem {
                    report.fault = Fault(firstOffset: batch.firstOffset, lastOffset: batch.lastOffset, segment: batch.segment, description: problem)
                    break
                }
                previous = batch.sha256
                last = batch.lastOffset
                segment = batch.segment
                after = batch.firstOffset
            }
        }
        if report.fault == nil, cursor.chain != previous {
            report.fault = Fault(
                firstOffset: cursor.nextOffset, lastOffset: cursor.nextOffset, segment: segment,
                description: "the cursor's chain is \(cursor.chain), expected \(previous), the SHA-256 of the last batch")
        }
        if report.fault == nil, let stray = try connection.queryOne(SelectStray(source: source, nextOffset: cursor.nextOffset)) {
            report.fault = Fault(
                firstOffset: stray.offset, lastOffset: stray.offset, segment: stray.segment,
                description: "an event stands at offset \(stray.offset) in segment \(stray.segment), where no batch accounts for it")
        }
        return report
    }

    /// Hashes a batch's stored rows again; nil when they match.
    private func check(_ batch: BatchLink, source: Int32, on connection: inout Connection) throws(PostgresError) -> String? {
        var chain = RecordChain(rule: rule)
        chain.begin(previous: batch.previous, source: source)
        var count: Int32 = 0
        let statement = SelectRecords(source: source, segment: batch.segment, first: batch.firstOffset, last: batch.lastOffset)
        try connection.forEachRow(statement) { (row: borrowing RowView) throws(PostgresError) in
            let record = RecordView(
                key: row.bytesOrNil(3), headers: try row.bytes(4), payload: row.bytesOrNil(5),
                brokerTime: try row.timestampOrNil(2).map { Timestamp($0) }, ingestTime: Timestamp(microseconds: 0))
            let type = TimestampType(rawValue: try row.int16(1)) ?? .notAvailable
            chain.append(record, offset: try row.int64(0), timestampType: type)
            count += 1
        }
        if count != batch.count { return "it holds \(count) events, expected \(batch.count)" }
        let sha256 = chain.finish()
        return sha256 == batch.sha256 ? nil : "its bytes hash to \(sha256), expected \(batch.sha256)"
    }
}

private struct BatchLink: Sendable {
    let firstOffset: Int64
    let lastOffset: Int64
    let count: Int32
    let segment: Int16
    let previous: SHA256Digest
    let sha256: SHA256Digest
    let isDropped: Bool
}

private struct SelectCursor: Statement {
    struct Row: Sendable {
        let nextOffset: Int64
        let chain: SHA256Digest
    }

    let source: Int32

    static let sql = "SELECT next_offset, chain FROM hindcast.source_cursor WHERE source_id = $1"

    func bind(to parameters: inout Parameters) { parameters.append(source) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(nextOffset: try row.int64(0), chain: SHA256Digest(bytes: try row.byteArray(1)) ?? .zero)
    }
}

private struct SelectBatches: Statement {
    let source: Int32
    let after: Int64
    let before: Int64

    static let sql = """
        SELECT b.first_offset, b.last_offset, b.n, b.segment, b.prev_sha256, b.sha256, s.dropped_at IS NOT NULL
        FROM hindcast.ingest_batch b JOIN hindcast.segment s USING (segment)
        WHERE b.source_id = $1 AND b.first_offset > $2 AND b.first_offset < $3 ORDER BY b.first_offset LIMIT 1000
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(after)
        parameters.append(before)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> BatchLink {
        // A digest of another length cannot match anything: zero stands for it.
        BatchLink(
            firstOffset: try row.int64(0), lastOffset: try row.int64(1), count: try row.int32(2), segment: try row.int16(3),
            previous: SHA256Digest(bytes: try row.byteArray(4)) ?? .zero, sha256: SHA256Digest(bytes: try row.byteArray(5)) ?? .zero,
            isDropped: try row.bool(6))
    }
}

private struct SelectRecords: Statement {
    let source: Int32
    let segment: Int16
    let first: Int64
    let last: Int64

    static let sql = """
        SELECT source_offset, timestamp_type, broker_time, key, headers, payload FROM hindcast.event
        WHERE segment = $2 AND source_id = $1 AND source_offset BETWEEN $3 AND $4 ORDER BY source_offset
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(segment)
        parameters.append(first)
        parameters.append(last)
    }
}

/// An event that no batch of its segment covers: a row added behind the chain's back, or one that stands in two segments.
private struct SelectStray: Statement {
    struct Row: Sendable {
        let offset: Int64
        let segment: Int16
    }

    let source: Int32
    let nextOffset: Int64

    // Counting per segment is enough: within the ranges of its batches the hash has spoken.
    static let sql = """
        SELECT e.source_offset, e.segment FROM hindcast.event e
        WHERE e.source_id = $1 AND e.source_offset < $2 AND NOT EXISTS (
            SELECT FROM hindcast.ingest_batch b
            WHERE b.source_id = $1 AND b.segment = e.segment AND b.last_offset >= e.source_offset
                AND b.first_offset = (SELECT max(p.first_offset) FROM hindcast.ingest_batch p WHERE p.source_id = $1 AND p.first_offset <= e.source_offset))
        ORDER BY e.segment, e.source_offset LIMIT 1
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(nextOffset)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row { Row(offset: try row.int64(0), segment: try row.int16(1)) }
}
