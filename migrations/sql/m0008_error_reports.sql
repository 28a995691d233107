-- Errors that services report about devices, and what is known of their codes.
-- Locks: new tables and views only. Duration: milliseconds.
SET LOCAL ROLE {{role_owner}};

CREATE TABLE hindcast.device_error (
    count        bigint NOT NULL,
    first_time   timestamptz NOT NULL,
    first_offset bigint NOT NULL,
    last_time    timestamptz NOT NULL,
    last_offset  bigint NOT NULL,
    name_hash    bigint NOT NULL,            -- orders codes that nobody knows, of which the smallest are kept; 0 for those that are known
    source_id    int NOT NULL,
    device_key   int NOT NULL,
    status       int NOT NULL,
    origin       text NOT NULL CONSTRAINT device_error_origin_check CHECK (origin IN ('dps', 'hub', 'edge', 'adapter', 'device', 'other')),
    subcode      text NOT NULL,              -- '' for none, '*' with status 0 for codes that are not told apart
    message      text NOT NULL,
    cause        text NOT NULL,              -- '' where the code proves none
    PRIMARY KEY (device_key, source_id, origin, status, subcode)
) WITH (fillfactor = 50);

-- The program's catalogue, which workers write here when they start: views name and explain codes by it.
CREATE TABLE hindcast.error_code (
    status     int NOT NULL,
    origin     text NOT NULL,
    subcode    text NOT NULL,
    name       text NOT NULL,
    meaning    text NOT NULL,
    mitigation text NOT NULL,
    cause      text NOT NULL,
    PRIMARY KEY (origin, status, subcode)
);

CREATE VIEW diagnostics.device_errors AS
SELECT e.tenant, e.device_id, e.origin, e.status, e.subcode, c.name, c.meaning, c.mitigation, e.count, e.first_seen, e.last_seen, e.last_source,
    e.last_offset, e.message, nullif(e.cause, '') AS cause
FROM (
    SELECT d.tenant, d.device_id, r.origin, r.status, r.subcode, sum(r.count)::bigint AS count, min(r.first_time) AS first_seen, max(r.last_time) AS last_seen,
        (array_agg(r.source_id ORDER BY r.last_time DESC, r.source_id DESC, r.last_offset DESC))[1] AS last_source,
        (array_agg(r.last_offset ORDER BY r.last_time DESC, r.source_id DESC, r.last_offset DESC))[1] AS last_offset,
        (array_agg(r.message ORDER BY r.last_time DESC, r.source_id DESC, r.last_offset DESC))[1] AS message,
        (array_agg(r.cause ORDER BY r.last_time DESC, r.source_id DESC, r.last_offset DESC))[1] AS cause
    FROM hindcast.device_error r JOIN hindcast.device d USING (device_key) GROUP BY d.tenant, d.device_id, r.origin, r.status, r.subcode) e
LEFT JOIN LATERAL (
    SELECT k.name, k.meaning, k.mitigation FROM hindcast.error_code k
    WHERE k.origin = e.origin AND k.status = e.status AND k.subcode IN (e.subcode, '') ORDER BY k.subcode DESC LIMIT 1) c ON true;

COMMENT ON VIEW diagnostics.device_errors IS 'One row per device and error that a service reported about it: how often, when, what it means and what to do.';
COMMENT ON COLUMN diagnostics.device_errors.tenant IS 'The namespace of the device id.';
COMMENT ON COLUMN diagnostics.device_errors.device_id IS 'The device.';
COMMENT ON COLUMN diagnostics.device_errors.origin IS 'Who says so: dps, hub, edge, adapter, device or other. One number means different things at different places.';
COMMENT ON COLUMN diagnostics.device_errors.status IS 'The status, as in HTTP; 0 in the row of codes that are not told apart.';
COMMENT ON COLUMN diagnostics.device_errors.subcode IS 'The service''s own code; empty for none, * in the row of codes that are not told apart (at most 64 unknown ones per device are).';
COMMENT ON COLUMN diagnostics.device_errors.name IS 'The service''s name for the error; NULL where nothing is known of it.';
COMMENT ON COLUMN diagnostics.device_errors.meaning IS 'What it means, in one sentence; NULL where nothing is known of it.';
COMMENT ON COLUMN diagnostics.device_errors.mitigation IS 'What to do about it, in one sentence; NULL where nothing is known of it.';
COMMENT ON COLUMN diagnostics.device_errors.count IS 'How often it was reported.';
COMMENT ON COLUMN diagnostics.device_errors.first_seen IS 'The event time of the first report.';
COMMENT ON COLUMN diagnostics.device_errors.last_seen IS 'The event time of the last report.';
COMMENT ON COLUMN diagnostics.device_errors.last_source IS 'The source of the last report.';
COMMENT ON COLUMN diagnostics.device_errors.last_offset IS 'The offset of the last report in its source.';
COMMENT ON COLUMN diagnostics.device_errors.message IS 'What the last report said in words; empty where it said nothing.';
COMMENT ON COLUMN diagnostics.device_errors.cause IS 'The cause that it speaks for in a diagnosis; NULL where it proves none.';

GRANT SELECT, INSERT, UPDATE, DELETE ON hindcast.device_error, hindcast.error_code TO {{role_project}};
GRANT SELECT ON hindcast.device_error, hindcast.error_code TO {{role_admin}};
GRANT SELECT ON diagnostics.device_errors TO {{role_dashboard}}, {{role_admin}}, {{role_project}};
RESET ROLE;
