import Diagnostics
import EventLog
import Postgres

/// Merges a batch into the findings: counts, digests modulo 2⁶⁴, the first and the last by (time, offset, byte offset), of the last what its row shows.
struct MergeFindings: Statement {
    let generation: Int32
    let source: Int32

    // 1. A batch with a later occurrence brings its texts along. 2. An earlier one only adds. 3. Else the row is new.
    static let sql = """
        MERGE INTO hindcast.finding t USING pg_temp.finding_delta s
        ON t.generation = $1 AND t.source_id = $2 AND t.device_key = s.device_key AND t.day = s.day AND t.template_version_key = s.template_version_key
            AND t.module = s.module AND t.component = s.component AND t.path = s.path AND t.rule = s.rule
        WHEN MATCHED AND (s.last_time, s.last_offset, s.byte_offset) > (t.last_time, t.last_offset, t.byte_offset) THEN UPDATE SET
            count = t.count + s.count, lane0 = hindcast.wrap64(t.lane0::numeric + s.lane0), lane1 = hindcast.wrap64(t.lane1::numeric + s.lane1),
            first_time = CASE WHEN (s.first_time, s.first_offset) < (t.first_time, t.first_offset) THEN s.first_time ELSE t.first_time END,
            first_offset = CASE WHEN (s.first_time, s.first_offset) < (t.first_time, t.first_offset) THEN s.first_offset ELSE t.first_offset END,
            last_time = s.last_time, last_offset = s.last_offset, byte_offset = s.byte_offset, severity = s.severity, template_ref = s.template_ref,
            expected = s.expected, actual = s.actual, message = s.message, suggestion = s.suggestion
        WHEN MATCHED THEN UPDATE SET
            count = t.count + s.count, lane0 = hindcast.wrap64(t.lane0::numeric + s.lane0), lane1 = hindcast.wrap64(t.lane1::numeric + s.lane1),
            first_time = CASE WHEN (s.first_time, s.first_offset) < (t.first_time, t.first_offset) THEN s.first_time ELSE t.first_time END,
            first_offset = CASE WHEN (s.first_time, s.first_offset) < (t.first_time, t.first_offset) THEN s.first_offset ELSE t.first_offset END
        WHEN NOT MATCHED THEN INSERT (
            count, lane0, lane1, first_time, first_offset, last_time, last_offset, name_hash, byte_offset, generation, source_id, device_key, day,
            template_version_key, severity, module, component, path, rule, template_ref, expected, actual, message, suggestion)
        VALUES (
            s.count, s.lane0, s.lane1, s.first_time, s.first_offset, s.last_time, s.last_offset, s.name_hash, s.byte_offset, $1, $2, s.device_key, s.day,
            s.template_version_key, s.severity, s.module, s.component, s.path, s.rule, s.template_ref, s.expected, s.actual, s.message, s.suggestion)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(source)
    }
}

/// Whether a device's day that the batch touched has more names than are kept. Looked at before ``TrimOpenNames``, which is dearer and seldom needed.
struct SelectIsCrowded: Statement {
    let generation: Int32
    let source: Int32

    // Counted per device and day in a subquery of its own, so that each is one range of the key.
    static let sql = """
        SELECT EXISTS (
            SELECT FROM (SELECT DISTINCT device_key, day FROM pg_temp.finding_delta WHERE name_hash <> 0 AND name_hash < 9223372036854775807) w
            CROSS JOIN LATERAL (
                SELECT count(DISTINCT f.name_hash) AS names FROM hindcast.finding f
                WHERE f.generation = $1 AND f.source_id = $2 AND f.device_key = w.device_key AND f.day = w.day
                    AND f.name_hash <> 0 AND f.name_hash < 9223372036854775807) k
            WHERE k.names > $3)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(source)
        parameters.append(Int64(FindingFold.namesPerDay))
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Bool { try row.bool(0) }
}

/// Cuts the names that devices chose to the smallest hashes of each device's day, as the fold does; see `FindingFold.namesPerDay`.
struct TrimOpenNames: Statement {
    let generation: Int32
    let source: Int32

    // 1. The devices' days that the batch touched. 2. Their names, by hash; rows of closed rules have the hash 0, the row of the rest the greatest.
    // 3. What is beyond goes. A row's place is good for one statement, since nobody else writes these rows; naming the source too would tempt the planner to
    // walk through all of its findings. 4. It is added to the row of the rest of its
    // template version.
    static let sql = """
        WITH touched AS (
            SELECT DISTINCT device_key, day FROM pg_temp.finding_delta WHERE name_hash <> 0 AND name_hash < 9223372036854775807),
        beyond AS MATERIALIZED (
            SELECT r.row_place FROM touched w CROSS JOIN LATERAL (
                SELECT f.ctid AS row_place, dense_rank() OVER (ORDER BY f.name_hash) AS place FROM hindcast.finding f
                WHERE f.generation = $1 AND f.source_id = $2 AND f.device_key = w.device_key AND f.day = w.day
                    AND f.name_hash <> 0 AND f.name_hash < 9223372036854775807) r
            WHERE r.place > $3),
        evicted AS (
            DELETE FROM hindcast.finding f USING beyond b WHERE f.generation = $1 AND f.ctid = b.row_place RETURNING f.*)
        INSERT INTO hindcast.finding AS t (
            count, lane0, lane1, first_time, first_offset, last_time, last_offset, name_hash, byte_offset, generation, source_id, device_key, day,
            template_version_key, severity, module, component, path, rule, template_ref, expected, actual, message, suggestion)
        SELECT sum(e.count)::bigint, hindcast.wrap64(sum(e.lane0)), hindcast.wrap64(sum(e.lane1)),
            (array_agg(e.first_time ORDER BY e.first_time, e.first_offset))[1], (array_agg(e.first_offset ORDER BY e.first_time, e.first_offset))[1],
            (array_agg(e.last_time ORDER BY e.last_time DESC, e.last_offset DESC, e.byte_offset DESC))[1],
            (array_agg(e.last_offset ORDER BY e.last_time DESC, e.last_offset DESC, e.byte_offset DESC))[1], 9223372036854775807,
            (array_agg(e.byte_offset ORDER BY e.last_time DESC, e.last_offset DESC, e.byte_offset DESC))[1], $1, $2, e.device_key, e.day, e.template_version_key,
            (array_agg(e.severity ORDER BY e.last_time DESC, e.last_offset DESC, e.byte_offset DESC))[1], '', '*', '/*', 'capability-undefined',
            (array_agg(e.template_ref ORDER BY e.last_time DESC, e.last_offset DESC, e.byte_offset DESC))[1],
            (array_agg(e.expected ORDER BY e.last_time DESC, e.last_offset DESC, e.byte_offset DESC))[1],
            (array_agg(e.actual ORDER BY e.last_time DESC, e.last_offset DESC, e.byte_offset DESC))[1],
            (array_agg(e.message ORDER BY e.last_time DESC, e.last_offset DESC, e.byte_offset DESC))[1],
            (array_agg(e.suggestion ORDER BY e.last_time DESC, e.last_offset DESC, e.byte_offset DESC))[1]
        FROM evicted e GROUP BY e.device_key, e.day, e.template_version_key
        ON CONFLICT (generation, source_id, device_key, day, template_version_key, module, component, path, rule) DO UPDATE SET
            count = t.count + excluded.count, lane0 = hindcast.wrap64(t.lane0::numeric + excluded.lane0),
            lane1 = hindcast.wrap64(t.lane1::numeric + excluded.lane1),
            (first_time, first_offset) = (
                SELECT w.first_time, w.first_offset FROM (VALUES (t.first_time, t.first_offset), (excluded.first_time, excluded.first_offset))
                    AS w (first_time, first_offset) ORDER BY w.first_time, w.first_offset LIMIT 1),
            (last_time, last_offset, byte_offset, severity, template_ref, expected, actual, message, suggestion) = (
                SELECT w.* FROM (VALUES
                    (t.last_time, t.last_offset, t.byte_offset, t.severity, t.template_ref, t.expected, t.actual, t.message, t.suggestion),
                    (excluded.last_time, excluded.last_offset, excluded.byte_offset, excluded.severity, excluded.template_ref, excluded.expected,
                        excluded.actual, excluded.message, excluded.suggestion)) AS w (last_time, last_offset, byte_offset)
                ORDER BY w.last_time DESC, w.last_offset DESC, w.byte_offset DESC LIMIT 1)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(source)
        parameters.append(Int64(FindingFold.namesPerDay))
    }
}

/// Adds a batch to the hourly counts of findings.
struct MergeFindingHours: Statement {
    let generation: Int32
    let source: Int32
    let hours: ClosedRange<Timestamp>

    static let sql = """
        MERGE INTO hindcast.finding_hour t USING pg_temp.finding_hour_delta s
        ON t.generation = $1 AND t.hour = s.hour AND t.hour >= $3 AND t.hour <= $4 AND t.source_id = $2 AND t.tenant = s.tenant
            AND t.template_version_key = s.template_version_key AND t.template_ref = s.template_ref AND t.component = s.component AND t.path = s.path
            AND t.rule = s.rule
        WHEN MATCHED THEN UPDATE SET count = t.count + s.count
        WHEN NOT MATCHED THEN INSERT (hour, count, generation, source_id, template_version_key, severity, tenant, template_ref, component, path, rule)
        VALUES (s.hour, s.count, $1, $2, s.template_version_key, s.severity, s.tenant, s.template_ref, s.component, s.path, s.rule)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(source)
        parameters.append(PostgresTimestamp(hours.lowerBound))
        parameters.append(PostgresTimestamp(hours.upperBound))
    }
}

/// Merges a batch into what was last said of each device as a whole.
struct MergeDeviceVerdicts: Statement {
    let generation: Int32
    let source: Int32

    static let sql = """
        MERGE INTO hindcast.device_verdict t USING pg_temp.device_verdict_delta s
        ON t.generation = $1 AND t.source_id = $2 AND t.device_key = s.device_key
        WHEN MATCHED THEN UPDATE SET messages = t.messages + s.messages, failed = t.failed + s.failed,
            template_version_key = CASE WHEN (s.judged_time, s.judged_offset) > (t.judged_time, t.judged_offset)
                THEN s.template_version_key ELSE t.template_version_key END,
            judged_time = CASE WHEN (s.judged_time, s.judged_offset) > (t.judged_time, t.judged_offset) THEN s.judged_time ELSE t.judged_time END,
            judged_offset = CASE WHEN (s.judged_time, s.judged_offset) > (t.judged_time, t.judged_offset) THEN s.judged_offset ELSE t.judged_offset END
        WHEN NOT MATCHED THEN INSERT (generation, source_id, device_key, template_version_key, judged_time, judged_offset, messages, failed)
        VALUES ($1, $2, s.device_key, s.template_version_key, s.judged_time, s.judged_offset, s.messages, s.failed)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(source)
    }
}

/// Adds a batch to the verdicts per device and hour.
struct MergeVerdictHours: Statement {
    let generation: Int32
    let source: Int32
    let hours: ClosedRange<Timestamp>

    static let sql = """
        MERGE INTO hindcast.verdict_hour t USING pg_temp.verdict_hour_delta s
        ON t.generation = $1 AND t.hour = s.hour AND t.hour >= $3 AND t.hour <= $4 AND t.source_id = $2 AND t.device_key = s.device_key
        WHEN MATCHED THEN UPDATE SET messages = t.messages + s.messages, failed = t.failed + s.failed, warned = t.warned + s.warned,
            malformed = t.malformed + s.malformed
        WHEN NOT MATCHED THEN INSERT (hour, messages, failed, warned, malformed, generation, source_id, device_key)
        VALUES (s.hour, s.messages, s.failed, s.warned, s.malformed, $1, $2, s.device_key)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(source)
        parameters.append(PostgresTimestamp(hours.lowerBound))
        parameters.append(PostgresTimestamp(hours.upperBound))
    }
}

/// Adds a batch to the verdicts per tenant and hour.
struct MergeSourceVerdictHours: Statement {
    let generation: Int32
    let source: Int32

    static let sql = """
        MERGE INTO hindcast.source_verdict_hour t USING pg_temp.source_verdict_hour_delta s
        ON t.generation = $1 AND t.source_id = $2 AND t.tenant = s.tenant AND t.hour = s.hour
        WHEN MATCHED THEN UPDATE SET messages = t.messages + s.messages, failed = t.failed + s.failed, warned = t.warned + s.warned,
            malformed = t.malformed + s.malformed
        WHEN NOT MATCHED THEN INSERT (hour, messages, failed, warned, malformed, generation, source_id, tenant)
        VALUES (s.hour, s.messages, s.failed, s.warned, s.malformed, $1, $2, s.tenant)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(source)
    }
}
