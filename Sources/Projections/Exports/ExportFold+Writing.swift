import Diagnostics
import EventLog
import Postgres

extension ExportFold {
    /// The temporary tables that its changes go through.
    static let tables: [DeltaTable] = [.exportEvent]

    /// Writes the changes of a batch, in its transaction.
    func write(source: Int32, rows: inout CopyBuffer, on connection: inout Connection) throws(PostgresError) {
        guard !changes.isEmpty else { return }
        rows.removeAll()
        rows.append(changes)
        try connection.copyIn(DeltaTable.exportEvent.copy, rows)
        try connection.execute(KeepExportEvents(source: source))
    }
}

/// Keeps what events said of exports. A row is what its event says and never changes, so one that is there already is the same.
struct KeepExportEvents: Statement {
    let source: Int32

    static let sql = """
        INSERT INTO hindcast.export_event (
            source_id, source_offset, event_time, since, first_offset, last_offset, events, partition, tenant, act, export_id, destination_id, topic,
            code, message, body)
        SELECT $1, s.source_offset, s.event_time, s.since, s.first_offset, s.last_offset, s.events, s.partition, s.tenant, s.act, s.export_id,
            s.destination_id, s.topic, s.code, s.message, s.body
        FROM pg_temp.export_event_delta s ON CONFLICT (source_id, source_offset) DO NOTHING
        """

    func bind(to parameters: inout Parameters) { parameters.append(source) }
}

extension DeltaTable {
    static let exportEvent = DeltaTable(
        definition: """
            CREATE TEMPORARY TABLE IF NOT EXISTS export_event_delta (
                source_offset bigint, event_time timestamptz, since timestamptz, first_offset bigint, last_offset bigint, events bigint, partition int,
                tenant text, act text, export_id text, destination_id text, topic text, code text, message text, body text
            ) ON COMMIT DELETE ROWS
            """,
        copy: CopyIn(
            schema: "pg_temp", table: "export_event_delta",
            columns: [
                "source_offset", "event_time", "since", "first_offset", "last_offset", "events", "partition", "tenant", "act", "export_id",
                "destination_id", "topic", "code", "message", "body",
            ]), columns: 15)
}

extension CopyBuffer {
    /// Writes one row per change.
    mutating func append(_ changes: [(offset: Int64, tenant: String, change: ExportChange)]) {
        for (offset, tenant, change) in changes {
            beginRow(columns: DeltaTable.exportEvent.columns)
            int64(offset)
            timestamp(PostgresTimestamp(change.time))
            timestamp(change.since.map { PostgresTimestamp($0) })
            int64(change.range?.firstOffset)
            int64(change.range?.lastOffset)
            int64(change.events)
            int32(change.range?.partition)
            text(tenant)
            text(change.act.rawValue)
            text(change.exportID)
            text(change.destinationID)
            text(change.range?.topic ?? "")
            text(change.code)
            text(change.message)
            text(change.body)
        }
    }
}
