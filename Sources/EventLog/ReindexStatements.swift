import Diagnostics
import Postgres

/// Stores where a batch's new index columns differ from those in force, and counts what differs.
///
/// The bounds say nothing new; they let the planner leave segments out, and read no more of either table than the batch. Who wrote with a later decoder is left alone. The event is read in the same statement: a segment that retention drops meanwhile takes no rows.
struct WriteReindexed: Statement {
    let batch: ReindexBatch

    static let sql = """
        WITH known AS (
            SELECT w.*,
                CASE WHEN r.decoder IS NULL THEN e.device_key ELSE r.device_key END IS DISTINCT FROM w.device_key AS other_device,
                CASE WHEN r.decoder IS NULL THEN e.kind ELSE r.kind END IS DISTINCT FROM w.kind AS other_kind,
                CASE WHEN r.decoder IS NULL THEN e.envelope ELSE r.envelope END IS DISTINCT FROM w.envelope AS other_envelope,
                CASE WHEN r.decoder IS NULL THEN e.event_time ELSE r.event_time END IS DISTINCT FROM w.event_time
                    OR CASE WHEN r.decoder IS NULL THEN e.device_time ELSE r.device_time END IS DISTINCT FROM w.device_time AS other_time,
                CASE WHEN r.decoder IS NULL THEN e.module ELSE r.module END IS DISTINCT FROM w.module
                    OR CASE WHEN r.decoder IS NULL THEN e.component ELSE r.component END IS DISTINCT FROM w.component AS other_place,
                CASE WHEN r.decoder IS NULL THEN e.template_ref ELSE r.template_ref END IS DISTINCT FROM w.template_ref AS other_template
            FROM unnest($5::smallint[], $6::bigint[], $7::int[], $8::smallint[], $9::smallint[], $10::timestamptz[], $11::timestamptz[], $12::text[],
                $13::text[], $14::text[])
                AS w (segment, source_offset, device_key, kind, envelope, event_time, device_time, module, component, template_ref)
            JOIN hindcast.event e ON e.segment = w.segment AND e.source_id = $1 AND e.source_offset = w.source_offset
                AND e.segment BETWEEN $3 AND $4
            LEFT JOIN hindcast.event_reindex r ON r.segment = w.segment AND r.source_id = $1 AND r.source_offset = w.source_offset
                AND r.segment BETWEEN $3 AND $4 AND r.source_offset BETWEEN $15 AND $16
            WHERE e.decoder < $2 AND coalesce(r.decoder, 0) < $2
        ), changed AS (
            SELECT * FROM known WHERE other_device OR other_kind OR other_envelope OR other_time OR other_place OR other_template
        ), stored AS (
            INSERT INTO hindcast.event_reindex
                (segment, source_id, source_offset, device_key, kind, envelope, decoder, event_time, device_time, module, component, template_ref)
            SELECT segment, $1, source_offset, device_key, kind, envelope, $2, event_time, device_time, module, component, template_ref
            FROM changed ORDER BY segment, source_offset
            ON CONFLICT (segment, source_id, source_offset) DO UPDATE SET device_key = excluded.device_key, kind = excluded.kind,
                envelope = excluded.envelope, decoder = excluded.decoder, event_time = excluded.event_time, device_time = excluded.device_time,
                module = excluded.module, component = excluded.component, template_ref = excluded.template_ref
            WHERE event_reindex.decoder < excluded.decoder
        )
        SELECT count(*), count(*) FILTER (WHERE other_device), count(*) FILTER (WHERE other_kind), count(*) FILTER (WHERE other_envelope),
            count(*) FILTER (WHERE other_time), count(*) FILTER (WHERE other_place), count(*) FILTER (WHERE other_template)
        FROM changed
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(batch.source)
        parameters.append(EventDecoder.version)
        parameters.append(batch.segments.min() ?? 0)
        parameters.append(batch.segments.max() ?? 0)
        parameters.append(batch.segments)
        parameters.append(batch.offsets)
        parameters.append(batch.devices)
        parameters.append(batch.kinds)
        parameters.append(batch.envelopes)
        parameters.append(batch.eventTimes)
        parameters.append(batch.deviceTimes)
        parameters.append(batch.modules)
        parameters.append(batch.components)
        parameters.append(batch.templateRefs)
        parameters.append(batch.offsets.first ?? 0)
        parameters.append(batch.offsets.last ?? 0)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> ReindexChanges {
        var changes = ReindexChanges()
        changes.events = try row.int64(0)
        changes.devices = try row.int64(1)
        changes.kinds = try row.int64(2)
        changes.envelopes = try row.int64(3)
        changes.times = try row.int64(4)
        changes.places = try row.int64(5)
        changes.templates = try row.int64(6)
        return changes
    }
}

/// How far this program's decoder, or a later one, has come through a source.
struct SelectReindexProgress: Statement {
    let source: Int32

    static let sql = "SELECT coalesce(max(next_offset), 0) FROM hindcast.reindex_progress WHERE source_id = $1 AND decoder >= $2"

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(EventDecoder.version)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

/// Moves the progress of this program's decoder; never back, for two runs may cross.
struct AdvanceReindex: Statement {
    let source: Int32
    let nextOffset: Int64

    static let sql = """
        INSERT INTO hindcast.reindex_progress AS p (source_id, decoder, next_offset) VALUES ($1, $2, $3)
        ON CONFLICT (source_id, decoder) DO UPDATE SET next_offset = excluded.next_offset, advanced_at = clock_timestamp()
        WHERE p.next_offset < excluded.next_offset
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(EventDecoder.version)
        parameters.append(nextOffset)
    }
}
