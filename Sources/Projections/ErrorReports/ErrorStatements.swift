import Diagnostics
import Postgres

/// Merges a batch into the counts of errors: sums, the first and the last by (time, offset), of the last what it said.
struct MergeErrors: Statement {
    let source: Int32

    static let sql = """
        MERGE INTO hindcast.device_error t USING pg_temp.device_error_delta s
        ON t.device_key = s.device_key AND t.source_id = $1 AND t.origin = s.origin AND t.status = s.status AND t.subcode = s.subcode
        WHEN MATCHED THEN UPDATE SET
            count = t.count + s.count,
            first_time = CASE WHEN (s.first_time, s.first_offset) < (t.first_time, t.first_offset) THEN s.first_time ELSE t.first_time END,
            first_offset = CASE WHEN (s.first_time, s.first_offset) < (t.first_time, t.first_offset) THEN s.first_offset ELSE t.first_offset END,
            last_time = CASE WHEN (s.last_time, s.last_offset) > (t.last_time, t.last_offset) THEN s.last_time ELSE t.last_time END,
            last_offset = CASE WHEN (s.last_time, s.last_offset) > (t.last_time, t.last_offset) THEN s.last_offset ELSE t.last_offset END,
            message = CASE WHEN (s.last_time, s.last_offset) > (t.last_time, t.last_offset) THEN s.message ELSE t.message END,
            cause = s.cause
        WHEN NOT MATCHED THEN INSERT (
            count, first_time, first_offset, last_time, last_offset, name_hash, source_id, device_key, status, origin, subcode, message, cause)
        VALUES (
            s.count, s.first_time, s.first_offset, s.last_time, s.last_offset, s.name_hash, $1, s.device_key, s.status, s.origin, s.subcode,
            s.message, s.cause)
        """

    func bind(to parameters: inout Parameters) { parameters.append(source) }
}

/// Cuts the codes of a device that nobody knows to the smallest hashes, as the fold does; see `ErrorFold.unknownPerDevice`.
struct TrimUnknownErrors: Statement {
    let source: Int32

    // 1. The devices that the batch touched. 2. Their unknown codes, by hash; the row of the rest has the greatest. 3. What is beyond goes, 4. and is added
    // to the row of the rest.
    static let sql = """
        WITH touched AS (
            SELECT DISTINCT device_key FROM pg_temp.device_error_delta WHERE name_hash <> 0 AND name_hash < 9223372036854775807),
        beyond AS MATERIALIZED (
            SELECT r.row_place FROM touched w CROSS JOIN LATERAL (
                SELECT e.ctid AS row_place, dense_rank() OVER (ORDER BY e.name_hash) AS place FROM hindcast.device_error e
                WHERE e.device_key = w.device_key AND e.source_id = $1 AND e.name_hash <> 0 AND e.name_hash < 9223372036854775807) r
            WHERE r.place > $2),
        evicted AS (DELETE FROM hindcast.device_error e USING beyond b WHERE e.ctid = b.row_place RETURNING e.*)
        INSERT INTO hindcast.device_error AS t (
            count, first_time, first_offset, last_time, last_offset, name_hash, source_id, device_key, status, origin, subcode, message, cause)
        SELECT sum(e.count)::bigint, (array_agg(e.first_time ORDER BY e.first_time, e.first_offset))[1],
            (array_agg(e.first_offset ORDER BY e.first_time, e.first_offset))[1],
            (array_agg(e.last_time ORDER BY e.last_time DESC, e.last_offset DESC))[1],
            (array_agg(e.last_offset ORDER BY e.last_time DESC, e.last_offset DESC))[1], 9223372036854775807, $1, e.device_key, 0, 'other', '*',
            (array_agg(e.message ORDER BY e.last_time DESC, e.last_offset DESC))[1], ''
        FROM evicted e GROUP BY e.device_key
        ON CONFLICT (device_key, source_id, origin, status, subcode) DO UPDATE SET
            count = t.count + excluded.count,
            (first_time, first_offset) = (
                SELECT w.first_time, w.first_offset FROM (VALUES (t.first_time, t.first_offset), (excluded.first_time, excluded.first_offset))
                    AS w (first_time, first_offset) ORDER BY w.first_time, w.first_offset LIMIT 1),
            (last_time, last_offset, message) = (
                SELECT w.last_time, w.last_offset, w.message FROM (VALUES
                    (t.last_time, t.last_offset, t.message), (excluded.last_time, excluded.last_offset, excluded.message))
                    AS w (last_time, last_offset, message) ORDER BY w.last_time DESC, w.last_offset DESC LIMIT 1)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(Int64(ErrorFold.unknownPerDevice))
    }
}

/// Brings the catalogue of codes into the database, where views explain by it. Does nothing where it is there already.
struct PublishErrorCodes: Statement {
    // 1. In order, so that two workers that start at once wait for one another instead of locking each other out. 2. What is no code any more goes.
    static let sql = """
        WITH code (origin, status, subcode, name, meaning, mitigation, cause) AS (
            SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])),
        gone AS (
            DELETE FROM hindcast.error_code e WHERE NOT EXISTS (
                SELECT FROM code c WHERE c.origin = e.origin AND c.status = e.status AND c.subcode = e.subcode))
        INSERT INTO hindcast.error_code AS t (origin, status, subcode, name, meaning, mitigation, cause)
        SELECT c.origin, c.status, c.subcode, c.name, c.meaning, c.mitigation, c.cause FROM code c ORDER BY c.origin, c.status, c.subcode
        ON CONFLICT (origin, status, subcode) DO UPDATE SET
            name = excluded.name, meaning = excluded.meaning, mitigation = excluded.mitigation, cause = excluded.cause
        WHERE (t.name, t.meaning, t.mitigation, t.cause) IS DISTINCT FROM (excluded.name, excluded.meaning, excluded.mitigation, excluded.cause)
        """

    func bind(to parameters: inout Parameters) {
        let codes = ErrorCatalogue.codes
        parameters.append(codes.map(\.origin.rawValue))
        parameters.append(codes.map(\.status))
        parameters.append(codes.map(\.subcode))
        parameters.append(codes.map(\.name))
        parameters.append(codes.map(\.meaning))
        parameters.append(codes.map(\.action))
        parameters.append(codes.map(\.cause))
    }
}
