package import Diagnostics
package import Postgres

/// One event as it lies in a row of the log.
package struct LoggedEvent: ~Escapable {
    package let offset: Int64
    /// The device by the decoder that was in force when the event was logged.
    package let deviceKey: Int32
    package let decoder: Int16
    package let timestampType: TimestampType
    /// The bytes and times that everything else is made from.
    package let record: RecordView

    @_lifetime(copy record)
    init(offset: Int64, deviceKey: Int32, decoder: Int16, timestampType: TimestampType, record: RecordView) {
        self.offset = offset
        self.deviceKey = deviceKey
        self.decoder = decoder
        self.timestampType = timestampType
        self.record = record
    }
}

/// How far a read came.
package struct LogRead: Equatable, Sendable {
    /// Every event below this offset was handed out, or does not exist.
    package let reached: Int64
    /// How many events were handed out.
    package let count: Int
}

/// Reads a source in the order of its offsets, by key ranges: restartable anywhere, and no snapshot lives longer than one read.
///
/// The cursor is read first, and only events below it: they were committed with it or before, so what is seen is a prefix of the source.
package struct LogReader: Sendable {
    package init() {}

    /// Hands out at most `limit` events of a source from an offset on. Rows are lent one by one as they arrive, so memory does not grow with their size.
    ///
    /// - Parameter decodedBefore: hands out only events that a decoder older than this one indexed; every event where nil.
    package func read(
        source: Int32, from offset: Int64, limit: Int, decodedBefore decoder: Int16? = nil, on connection: inout Connection,
        _ body: (borrowing LoggedEvent) -> Void
    ) throws(PostgresError) -> LogRead {
        guard let end = try connection.queryOne(SelectNextOffset(source: source)), end > offset else { return LogRead(reached: offset, count: 0) }
        var from = offset
        var count = 0
        while count < limit {
            guard let segment = try connection.queryOne(SelectSegmentOfOffset(source: source, offset: from)) else { break }
            if segment.isDropped {
                // Retention's hole: what lay there is gone, and the next segment begins after it.
                from = segment.lastOffset + 1
                continue
            }
            let wanted = limit - count
            var seen = 0
            var last = from - 1
            let events = SelectEvents(source: source, segment: segment.segment, from: from, before: end, decodedBefore: decoder, limit: Int64(wanted))
            try connection.forEachRow(events) {
                (row: borrowing RowView) throws(PostgresError) in
                seen += 1
                last = try Self.lend(row, to: body)
            }
            count += seen
            if seen == wanted { return LogRead(reached: last + 1, count: count) }
            // Fewer rows than asked for: the segment holds no more of this source.
            from = max(segment.lastOffset, last) + 1
            if from >= end { break }
        }
        return LogRead(reached: end, count: count)
    }

    static func lend(_ row: borrowing RowView, to body: (borrowing LoggedEvent) -> Void) throws(PostgresError) -> Int64 {
        let offset = try row.int64(0)
        guard let type = TimestampType(rawValue: try row.int16(3)) else {
            throw PostgresError(.unexpectedValue, "event \(offset) has timestamp type \(try row.int16(3)), expected 0, 1 or 2")
        }
        let record = RecordView(
            key: row.bytesOrNil(6), headers: try row.bytes(7), payload: row.bytesOrNil(8),
            brokerTime: try row.timestampOrNil(4).map { Timestamp($0) }, ingestTime: Timestamp(try row.timestamp(5)))
        body(LoggedEvent(offset: offset, deviceKey: try row.int32(1), decoder: try row.int16(2), timestampType: type, record: record))
        return offset
    }

    /// The devices that the events of an offset range touched, by their index columns: those of the decoder that logged an event, and of a later one where
    /// it was understood anew.
    ///
    /// - Parameter end: the offset behind the range; what lies below it has to be committed.
    package func devices(
        source: Int32, from offset: Int64, before end: Int64, on connection: inout Connection
    ) throws(PostgresError) -> Set<Int32> {
        var keys: Set<Int32> = []
        var from = offset
        while from < end, let segment = try connection.queryOne(SelectSegmentOfOffset(source: source, offset: from)) {
            var last = segment.lastOffset
            if !segment.isDropped {
                try connection.forEach(SelectDevices(source: source, segment: segment.segment, from: from, before: end)) {
                    (row: SelectDevices.Row) throws(PostgresError) in
                    keys.insert(row.device)
                    last = max(last, row.lastOffset)
                }
            }
            from = last + 1
        }
        return keys
    }

    /// The offset of a source's last event, where its bytes are still there.
    package func lastOffset(of source: Int32, on connection: inout Connection) throws(PostgresError) -> Int64? {
        try connection.queryOne(SelectLastOffset(source: source))
    }

    /// Whether an event is there, and its bytes: one position.
    package func read(
        source: Int32, at offset: Int64, on connection: inout Connection, _ body: (borrowing LoggedEvent) -> Void
    ) throws(PostgresError) -> Bool {
        guard let segment = try connection.queryOne(SelectSegmentOfOffset(source: source, offset: offset)), !segment.isDropped else { return false }
        var isFound = false
        try connection.forEachRow(
            SelectEvents(source: source, segment: segment.segment, from: offset, before: offset + 1, decodedBefore: nil, limit: 1)
        ) {
            (row: borrowing RowView) throws(PostgresError) in
            isFound = true
            _ = try Self.lend(row, to: body)
        }
        return isFound
    }
}

private struct SelectNextOffset: Statement {
    let source: Int32

    static let sql = "SELECT next_offset FROM hindcast.source_cursor WHERE source_id = $1"

    func bind(to parameters: inout Parameters) { parameters.append(source) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

private struct SelectLastOffset: Statement {
    let source: Int32

    static let sql = """
        SELECT l.last_offset
        FROM (SELECT b.last_offset, b.segment FROM hindcast.ingest_batch b WHERE b.source_id = $1 ORDER BY b.first_offset DESC LIMIT 1) l
        JOIN hindcast.segment s ON s.segment = l.segment AND s.dropped_at IS NULL
        """

    func bind(to parameters: inout Parameters) { parameters.append(source) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

/// The segment that holds the first event at or after an offset, and an offset up to which nothing else has to be looked for.
private struct SelectSegmentOfOffset: Statement {
    struct Row: Sendable {
        let segment: Int16
        let lastOffset: Int64
        let isDropped: Bool
    }

    let source: Int32
    let offset: Int64

    // 1. The batch that holds the offset, else the first one after it. 2. Of a segment that was dropped, the end of the hole it left.
    static let sql = """
        SELECT b.segment,
            CASE WHEN s.dropped_at IS NULL THEN b.last_offset ELSE greatest(b.last_offset, (
                SELECT h.last_offset FROM hindcast.log_hole h
                WHERE h.source_id = $1 AND h.reason = 'retention' AND h.first_offset <= b.first_offset ORDER BY h.first_offset DESC LIMIT 1)) END,
            s.dropped_at IS NOT NULL
        FROM hindcast.ingest_batch b JOIN hindcast.segment s USING (segment)
        WHERE b.source_id = $1 AND b.last_offset >= $2
            AND b.first_offset >= coalesce((SELECT max(p.first_offset) FROM hindcast.ingest_batch p WHERE p.source_id = $1 AND p.first_offset <= $2), 0)
        ORDER BY b.first_offset LIMIT 1
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(offset)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(segment: try row.int16(0), lastOffset: try row.int64(1), isDropped: try row.bool(2))
    }
}

private struct SelectEvents: Statement {
    let source: Int32
    let segment: Int16
    let from: Int64
    let before: Int64
    let decodedBefore: Int16?
    let limit: Int64

    static let sql = """
        SELECT source_offset, device_key, decoder, timestamp_type, broker_time, ingest_time, key, headers, payload
        FROM hindcast.event
        WHERE segment = $2 AND source_id = $1 AND source_offset >= $3 AND source_offset < $4 AND decoder <= $6
        ORDER BY source_offset LIMIT $5
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(segment)
        parameters.append(from)
        parameters.append(before)
        parameters.append(limit)
        parameters.append(decodedBefore.map { $0 - 1 } ?? .max)
    }
}

private struct SelectDevices: Statement {
    struct Row: Sendable {
        let device: Int32
        let lastOffset: Int64
    }

    let source: Int32
    let segment: Int16
    let from: Int64
    let before: Int64

    static let sql = """
        SELECT device_key, max(source_offset) FROM (
            SELECT device_key, source_offset FROM hindcast.event
            WHERE segment = $2 AND source_id = $1 AND source_offset >= $3 AND source_offset < $4
            UNION ALL
            SELECT device_key, source_offset FROM hindcast.event_reindex
            WHERE segment = $2 AND source_id = $1 AND source_offset >= $3 AND source_offset < $4) e
        GROUP BY device_key
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(segment)
        parameters.append(from)
        parameters.append(before)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row { Row(device: try row.int32(0), lastOffset: try row.int64(1)) }
}
