package import Postgres

/// Where a line of a capture was recorded: the record's own place in Kafka.
package struct CaptureOrigin: Equatable, Sendable {
    package let topic: String
    package let partition: Int32
    package let offset: Int64

    package init(topic: String, partition: Int32, offset: Int64) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
    }

    /// The origin of one line; nil when the capture did not tell.
    package static func of(line: Int64, source: Int32, on connection: inout Connection) throws(PostgresError) -> CaptureOrigin? {
        guard let run = try connection.queryOne(SelectOrigin(source: source, line: line)), !run.topic.isEmpty else { return nil }
        return CaptureOrigin(topic: run.topic, partition: run.partition, offset: run.firstOffset + line - run.firstLine)
    }
}

/// Collects origins into runs in which line and offset go together: one row for thousands of lines.
package struct CaptureOriginRuns: Sendable {
    private var runs: [CaptureOriginRun] = []
    private var last: (line: Int64, origin: CaptureOrigin)?

    package init() {}

    /// Takes the next line's origin; a line without one has an empty topic.
    package mutating func append(_ origin: CaptureOrigin, line: Int64) {
        defer { last = (line, origin) }
        if let last, last.origin.topic == origin.topic, last.origin.partition == origin.partition,
            origin.offset - last.origin.offset == line - last.line
        {
            return
        }
        runs.append(CaptureOriginRun(firstLine: line, topic: origin.topic, partition: origin.partition, firstOffset: origin.offset))
    }

    /// Stores the runs that are new since the last call. A line that is stored again, after an append that failed, changes nothing.
    package mutating func store(source: Int32, on connection: inout Connection) throws(PostgresError) {
        for run in runs { try connection.execute(InsertOriginRun(source: source, run: run)) }
        runs.removeAll()
    }
}

private struct CaptureOriginRun: Sendable {
    let firstLine: Int64
    let topic: String
    let partition: Int32
    let firstOffset: Int64
}

private struct InsertOriginRun: Statement {
    let source: Int32
    let run: CaptureOriginRun

    static let sql = """
        INSERT INTO hindcast.capture_origin (source_id, first_line, topic, partition, first_offset) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(run.firstLine)
        parameters.append(run.topic)
        parameters.append(run.partition)
        parameters.append(run.firstOffset)
    }
}

private struct SelectOrigin: Statement {
    let source: Int32
    let line: Int64

    static let sql = """
        SELECT first_line, topic, partition, first_offset FROM hindcast.capture_origin
        WHERE source_id = $1 AND first_line <= $2 ORDER BY first_line DESC LIMIT 1
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(line)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> CaptureOriginRun {
        CaptureOriginRun(firstLine: try row.int64(0), topic: try row.string(1), partition: try row.int32(2), firstOffset: try row.int64(3))
    }
}
