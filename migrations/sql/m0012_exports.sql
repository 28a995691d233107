-- Exports: what they are, what became of them, what they did not deliver.
-- Locks: new tables only. Duration: milliseconds.
SET LOCAL ROLE {{role_owner}};

-- What operators imported. Versions are kept; the newest is in force from valid_from. Bodies are masked before they come here: no secret is ever stored.
CREATE TABLE hindcast.export_version (
    tenant        text NOT NULL,
    object_kind   text NOT NULL CONSTRAINT export_version_object_kind_check CHECK (object_kind IN ('export', 'destination')),
    object_id     text NOT NULL,
    version       int NOT NULL,
    valid_from    timestamptz NOT NULL,
    recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor         text NOT NULL,
    body          text NOT NULL,             -- canonical JSON in the shape of IoT Central's REST API, masked
    PRIMARY KEY (tenant, object_kind, object_id, version)
);

-- A topic of the log that is itself a destination of an export: what that export leaves out, the log does not have.
CREATE TABLE hindcast.export_binding (
    tenant         text NOT NULL,
    export_id      text NOT NULL,
    destination_id text NOT NULL,
    topic          text NOT NULL,
    PRIMARY KEY (tenant, export_id, destination_id, topic)
);

-- What events said about exports: one row per event, written by the source's worker and never changed, so any order gives the same.
CREATE TABLE hindcast.export_event (
    source_id      int NOT NULL,
    source_offset  bigint NOT NULL,
    event_time     timestamptz NOT NULL,
    since          timestamptz,
    first_offset   bigint,                   -- a receipt's range in (topic, partition), both ends included
    last_offset    bigint,
    events         bigint,
    partition      int,
    tenant         text NOT NULL,
    act            text NOT NULL,            -- ExportChange.Act
    export_id      text NOT NULL,
    destination_id text NOT NULL,            -- '' for the whole export
    topic          text NOT NULL,
    code           text NOT NULL,
    message        text NOT NULL,
    body           text NOT NULL,
    PRIMARY KEY (source_id, source_offset)
);
CREATE INDEX export_event_export_index ON hindcast.export_event (tenant, export_id, event_time);
-- For the silence of devices: receipts, which are many, stay out of it.
CREATE INDEX export_event_switch_index ON hindcast.export_event (tenant, event_time, export_id) WHERE act IN ('enabled', 'disabled');
GRANT SELECT, INSERT, UPDATE, DELETE ON hindcast.export_event TO {{role_project}};
GRANT SELECT ON hindcast.export_event TO {{role_admin}};

-- A comparison of the log with what a destination has.
CREATE TABLE hindcast.export_reconciliation (
    reconciliation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant            text NOT NULL,
    export_id         text NOT NULL,
    destination_id    text NOT NULL,
    from_time         timestamptz NOT NULL,
    to_time           timestamptz NOT NULL,  -- the first instant that was not compared
    as_of             timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor             text NOT NULL,
    expected          bigint NOT NULL,
    delivered         bigint NOT NULL,       -- expected events that the destination has, however often
    missing           bigint NOT NULL,
    repeated          bigint NOT NULL,       -- copies beyond the first
    late              bigint NOT NULL,       -- delivered, but more than the grace period after their event time
    unexpected        bigint NOT NULL        -- messages there that match no expected event
);
CREATE INDEX export_reconciliation_export_index ON hindcast.export_reconciliation (tenant, export_id, destination_id, to_time);

-- The events that a reconciliation did not find at the destination, one by one.
CREATE TABLE hindcast.export_missing (
    reconciliation_id bigint NOT NULL REFERENCES hindcast.export_reconciliation ON DELETE CASCADE,
    source_offset     bigint NOT NULL,
    event_time        timestamptz NOT NULL,
    source_id         int NOT NULL,
    device_key        int NOT NULL,
    bytes             int NOT NULL,
    run               int,                   -- runs of missing events with nothing delivered in between; NULL where that is not known
    is_malformed      boolean NOT NULL,      -- the payload is not JSON, which the service does not export
    PRIMARY KEY (reconciliation_id, source_id, source_offset)
);

-- What an export did not deliver. gap_id is made of route, extent and start, so the same evidence finds the same gap again.
CREATE TABLE hindcast.export_gap (
    gap_id            text PRIMARY KEY,      -- 16 hexadecimal digits
    starts_at         timestamptz NOT NULL,
    ends_at           timestamptz,           -- the first instant after it; NULL while it is open
    found_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    counted_at        timestamptz,
    devices           bigint,                -- NULL where they cannot be counted
    events            bigint,
    bytes             bigint,
    backfilled_events bigint NOT NULL DEFAULT 0,
    first_offset      bigint,                -- extent 'offsets', both ends included
    last_offset       bigint,
    reconciliation_id bigint,                -- extent 'listed'
    backfill_deadline timestamptz,           -- until when the service keeps the events itself; NULL where it does not
    partition         int,                   -- extent 'offsets', with topic
    accepted          boolean NOT NULL DEFAULT false,
    filled            boolean NOT NULL DEFAULT false,  -- given back, and a later reconciliation misses none
    tenant            text NOT NULL,
    export_id         text NOT NULL,
    destination_id    text NOT NULL,
    cause             text NOT NULL,
    certainty         text NOT NULL,
    extent            text NOT NULL CONSTRAINT export_gap_extent_check CHECK (extent IN ('time', 'offsets', 'listed')),
    evidence          text NOT NULL,
    topic             text NOT NULL DEFAULT '',
    recovery          text NOT NULL DEFAULT 'none' CONSTRAINT export_gap_recovery_check CHECK (recovery IN ('log', 'service-history', 'none')),
    recovery_reason   text NOT NULL DEFAULT '',
    counted_by        text NOT NULL DEFAULT '',  -- digest of what was expected when the events were counted: another one has them counted anew
    accepted_reason   text NOT NULL DEFAULT ''
) WITH (fillfactor = 50);
CREATE INDEX export_gap_export_index ON hindcast.export_gap (tenant, export_id, destination_id);
CREATE INDEX export_gap_open_index ON hindcast.export_gap (tenant) WHERE ends_at IS NULL AND NOT accepted AND (events IS NULL OR events > 0);

-- How far a gap's events are counted, per source: exactly those of the log's offsets from first_offset to before next_offset, without those from except_first to
-- except_last, with an event time from the gap's start to before ends_at. Of hours that were counted from device_hour it is those of offsets to before
-- tally_next instead, where that is further.
CREATE TABLE hindcast.export_gap_count (
    gap_id       text NOT NULL REFERENCES hindcast.export_gap ON DELETE CASCADE,
    source_id    int NOT NULL,
    first_offset bigint NOT NULL,
    next_offset  bigint NOT NULL,
    except_first bigint,
    except_last  bigint,                     -- included
    ends_at      timestamptz,                -- NULL for no end
    tally_from   timestamptz,                -- the first of such hours; NULL where there were none
    tally_to     timestamptz,                -- the first hour after
    tally_next   bigint,
    PRIMARY KEY (gap_id, source_id)
) WITH (fillfactor = 50);

-- Whether a device is simulated may be learned after its events were counted, so what depends on it is kept apart.
CREATE TABLE hindcast.export_gap_device (
    gap_id      text NOT NULL REFERENCES hindcast.export_gap ON DELETE CASCADE,
    events      bigint NOT NULL,
    bytes       bigint NOT NULL,
    real_events bigint NOT NULL,             -- of them, those that are not expected of a simulated device
    real_bytes  bigint NOT NULL,
    source_id   int NOT NULL,
    device_key  int NOT NULL,
    PRIMARY KEY (gap_id, device_key, source_id)
) WITH (fillfactor = 50);

-- How each route is, as the pass that looks for gaps last saw it.
CREATE TABLE hindcast.export_route (
    as_of           timestamptz NOT NULL,
    status_since    timestamptz,             -- NULL where it always was so
    last_delivered  timestamptz,
    last_event_time timestamptz,             -- of the log
    enabled         boolean,                 -- NULL where nobody said
    tenant          text NOT NULL,
    export_id       text NOT NULL,
    destination_id  text NOT NULL,
    display_name    text NOT NULL,
    source          text NOT NULL,
    kind            text NOT NULL,           -- of the destination
    status          text NOT NULL,           -- ExportTimeline.State
    last_error      text NOT NULL,
    PRIMARY KEY (tenant, export_id, destination_id)
) WITH (fillfactor = 50);

-- Which process looks for gaps and counts them. The epoch rises with every other owner, so that one that lost the lease counts nothing twice.
CREATE TABLE hindcast.export_gap_lease (
    only_row    boolean PRIMARY KEY DEFAULT true CONSTRAINT export_gap_lease_only_row_check CHECK (only_row),
    owner_epoch bigint NOT NULL DEFAULT 0,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    owner       text
) WITH (fillfactor = 50);
INSERT INTO hindcast.export_gap_lease DEFAULT VALUES;

-- What each cause means, in words.
CREATE TABLE hindcast.export_gap_cause (
    cause   text PRIMARY KEY,                -- GapCause
    meaning text NOT NULL
);
INSERT INTO hindcast.export_gap_cause (cause, meaning) VALUES
('not-created', 'The export was not there yet. It sends only what arrives while it is on.'),
('disabled', 'The export was switched off.'),
('removed', 'The export or its destination was removed.'),
('destination-failed', 'The destination failed for longer than the service tries again.'),
('permission-missing', 'The destination refused the export''s identity for longer than the service tries again. `hindcast export check` says which role it needs.'),
('throttled', 'The service, or its quota, stopped sending.'),
('malformed', 'The messages are not JSON, and the service keeps such messages to itself.'),
('not-receipted', 'The destination''s receipts leave these events out, and nothing says why.'),
('not-delivered', 'The destination does not have these events, and nothing says why.'),
('source-silent', 'The log is fed by the export itself and fell silent; nothing says why.');

-- Devices that say they are simulated are few; the index costs nothing where the column does not change.
CREATE INDEX device_state_simulated_index ON hindcast.device_state (device_key) WHERE simulated = 1;

-- Sending what is missing. Each chunk of positions is delivered, then its mark and its counts move together: killed anywhere, the rest is sent again under the
-- same ids.
CREATE TABLE hindcast.export_backfill (
    backfill_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    from_time      timestamptz NOT NULL,
    to_time        timestamptz NOT NULL,
    started_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at    timestamptz,
    sent           bigint NOT NULL DEFAULT 0,
    owner_epoch    bigint NOT NULL DEFAULT 0,
    lease_until    timestamptz NOT NULL DEFAULT '-infinity',
    owner          text,
    tenant         text NOT NULL,
    export_id      text NOT NULL,
    destination_id text NOT NULL,
    gap_id         text,                     -- NULL for a stretch of time that an operator named
    target         text NOT NULL,            -- without credentials
    devices        text NOT NULL DEFAULT '', -- JSON array of patterns; '' for all
    actor          text NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE hindcast.export_backfill_source (
    backfill_id bigint NOT NULL REFERENCES hindcast.export_backfill ON DELETE CASCADE,
    source_id   int NOT NULL,
    next_offset bigint NOT NULL,
    end_offset  bigint NOT NULL,
    sent        bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (backfill_id, source_id)
) WITH (fillfactor = 50);

-- How much of a gap each backfill gave back.
CREATE TABLE hindcast.export_gap_backfill (
    gap_id      text NOT NULL,
    backfill_id bigint NOT NULL REFERENCES hindcast.export_backfill ON DELETE CASCADE,
    events      bigint NOT NULL,
    PRIMARY KEY (gap_id, backfill_id)
) WITH (fillfactor = 50);

ALTER TABLE hindcast.control_event DROP CONSTRAINT control_event_kind_check;
ALTER TABLE hindcast.control_event ADD CONSTRAINT control_event_kind_check CHECK (
    kind IN ('publish', 'activate', 'assign', 'rule_set', 'replay', 'promote', 'retain', 'new_source_life', 'hole', 'reindex', 'export'));

GRANT SELECT ON hindcast.export_version, hindcast.export_binding, hindcast.export_reconciliation, hindcast.export_missing, hindcast.export_gap_backfill
    TO {{role_project}};
GRANT SELECT, INSERT, UPDATE, DELETE ON hindcast.export_gap, hindcast.export_gap_count, hindcast.export_gap_device, hindcast.export_route,
    hindcast.export_gap_lease TO {{role_project}};
GRANT SELECT ON hindcast.export_gap, hindcast.export_gap_count, hindcast.export_gap_device, hindcast.export_route,
    hindcast.export_gap_cause, hindcast.device_state TO {{role_admin}};
-- An operator accepts a gap, and a backfill fills it.
GRANT UPDATE (accepted, accepted_reason, backfilled_events) ON hindcast.export_gap TO {{role_admin}};
GRANT SELECT, INSERT ON hindcast.export_version TO {{role_admin}};
GRANT SELECT, INSERT, DELETE ON hindcast.export_binding TO {{role_admin}};
GRANT SELECT, INSERT, UPDATE, DELETE ON hindcast.export_reconciliation, hindcast.export_missing, hindcast.export_backfill,
    hindcast.export_backfill_source, hindcast.export_gap_backfill TO {{role_admin}};

-- How a gap stands. Accepted by an operator, filled and partly filled by a backfill, else as its end says.
CREATE FUNCTION hindcast.export_gap_state(_ends_at timestamptz, _accepted boolean, _filled boolean, _events bigint, _backfilled bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN _accepted THEN 'accepted'
    WHEN _ends_at IS NULL THEN 'open'
    WHEN _filled OR _events > 0 AND _backfilled >= _events THEN 'filled'
    WHEN _backfilled > 0 THEN 'partly-filled'
    ELSE 'closed'
END;
REVOKE ALL ON FUNCTION hindcast.export_gap_state FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hindcast.export_gap_state TO {{role_project}}, {{role_admin}}, {{role_dashboard}};

-- A gap is shown once it is counted, or can never be; one that holds no event is none, or none yet.
CREATE VIEW diagnostics.export_gaps AS
SELECT g.tenant, g.gap_id, g.export_id, g.destination_id, g.cause, g.certainty, g.starts_at, g.ends_at, g.devices, g.events,
    g.recovery = 'log' OR g.recovery = 'service-history' AND g.backfill_deadline > now() AS recoverable, g.backfill_deadline, g.backfilled_events,
    hindcast.export_gap_state(g.ends_at, g.accepted, g.filled, g.events, g.backfilled_events) AS state,
    c.meaning AS cause_text, g.bytes, g.evidence,
    CASE WHEN g.recovery = 'service-history' AND g.backfill_deadline <= now() THEN 'none' ELSE g.recovery END AS recovery,
    CASE WHEN g.recovery = 'service-history' AND g.backfill_deadline <= now() THEN 'The service no longer keeps the events.' ELSE g.recovery_reason END
        AS recovery_reason,
    g.found_at, g.counted_at, nullif(g.accepted_reason, '') AS accepted_reason
FROM hindcast.export_gap g JOIN hindcast.export_gap_cause c USING (cause)
WHERE g.events IS NULL OR g.accepted OR g.filled OR g.counted_at IS NOT NULL AND g.events > 0;

CREATE VIEW diagnostics.export_status AS
SELECT r.tenant, r.export_id, r.destination_id, r.enabled, r.status, nullif(r.last_error, '') AS last_error, r.last_delivered,
    CASE WHEN r.last_delivered IS NOT NULL THEN greatest(r.last_event_time - r.last_delivered, interval '0') END AS lag,
    r.display_name, r.source, r.kind, r.status_since,
    (SELECT count(*) FROM hindcast.export_gap g
        WHERE g.tenant = r.tenant AND g.export_id = r.export_id AND g.destination_id = r.destination_id AND g.ends_at IS NULL AND NOT g.accepted
            AND (g.events IS NULL OR g.events > 0)) AS open_gaps,
    r.as_of
FROM hindcast.export_route r;

CREATE OR REPLACE VIEW diagnostics.fleet_summary AS
SELECT s.tenant, s.as_of, s.devices, s.healthy, s.degraded, s.failing, s.silent, s.blocked, s.unassigned, s.unknown, s.messages_24h, s.failed_messages_24h,
    (SELECT count(*) FROM hindcast.export_gap g WHERE g.tenant = s.tenant AND g.ends_at IS NULL AND NOT g.accepted
        AND (g.events IS NULL OR g.events > 0)) AS open_gaps,
    s.deleted
FROM hindcast.fleet_snapshot s WHERE s.generation = (SELECT l.generation FROM hindcast.live_generation l);

COMMENT ON COLUMN diagnostics.fleet_summary.open_gaps IS 'Export gaps that are open: they have no end yet, and nobody has accepted them.';
COMMENT ON VIEW diagnostics.export_gaps IS 'One row per stretch of events that an export did not deliver to a destination. `hindcast project` finds and counts them every few seconds.';
COMMENT ON COLUMN diagnostics.export_gaps.tenant IS 'The namespace that the export belongs to.';
COMMENT ON COLUMN diagnostics.export_gaps.gap_id IS 'Names the gap: the same evidence finds it under the same id again.';
COMMENT ON COLUMN diagnostics.export_gaps.export_id IS 'The export.';
COMMENT ON COLUMN diagnostics.export_gaps.destination_id IS 'The destination; empty where all of the export''s are concerned alike.';
COMMENT ON COLUMN diagnostics.export_gaps.cause IS 'Why: not-created, disabled, removed, destination-failed, permission-missing, throttled, malformed, not-receipted, not-delivered or source-silent.';
COMMENT ON COLUMN diagnostics.export_gaps.certainty IS 'How sure its extent is: reconciled, receipted, counted or inferred.';
COMMENT ON COLUMN diagnostics.export_gaps.starts_at IS 'The first instant, by event time.';
COMMENT ON COLUMN diagnostics.export_gaps.ends_at IS 'The first instant after it; NULL while it is open.';
COMMENT ON COLUMN diagnostics.export_gaps.devices IS 'Devices with events in it; NULL where they cannot be counted.';
COMMENT ON COLUMN diagnostics.export_gaps.events IS 'Events that were not delivered; NULL where they cannot be counted.';
COMMENT ON COLUMN diagnostics.export_gaps.recoverable IS 'Whether the events can still be had from somewhere.';
COMMENT ON COLUMN diagnostics.export_gaps.backfill_deadline IS 'Until when the service keeps the first of the events itself (exports.retention-days); NULL where it keeps none.';
COMMENT ON COLUMN diagnostics.export_gaps.backfilled_events IS 'Events that the largest backfill gave back.';
COMMENT ON COLUMN diagnostics.export_gaps.state IS 'open, closed, partly-filled, filled or accepted.';
COMMENT ON COLUMN diagnostics.export_gaps.cause_text IS 'What the cause means.';
COMMENT ON COLUMN diagnostics.export_gaps.bytes IS 'Bytes of the events'' payloads in the log; NULL where they cannot be counted.';
COMMENT ON COLUMN diagnostics.export_gaps.evidence IS 'What shows it, in a sentence.';
COMMENT ON COLUMN diagnostics.export_gaps.recovery IS 'Where the events can be had: log, service-history or none.';
COMMENT ON COLUMN diagnostics.export_gaps.recovery_reason IS 'Why from there, in a sentence.';
COMMENT ON COLUMN diagnostics.export_gaps.found_at IS 'When it was first found.';
COMMENT ON COLUMN diagnostics.export_gaps.counted_at IS 'When its counts last changed; NULL where it cannot be counted.';
COMMENT ON COLUMN diagnostics.export_gaps.accepted_reason IS 'Why an operator accepted it; NULL where nobody did.';
COMMENT ON VIEW diagnostics.export_status IS 'One row per export and destination: how it is, as far as its definition, events and receipts say.';
COMMENT ON COLUMN diagnostics.export_status.tenant IS 'The namespace that the export belongs to.';
COMMENT ON COLUMN diagnostics.export_status.export_id IS 'The export.';
COMMENT ON COLUMN diagnostics.export_status.destination_id IS 'The destination.';
COMMENT ON COLUMN diagnostics.export_status.enabled IS 'Whether the export is on; NULL where nothing says so.';
COMMENT ON COLUMN diagnostics.export_status.status IS 'on, off, failing, failed, absent or unknown.';
COMMENT ON COLUMN diagnostics.export_status.last_error IS 'What the service last held against it; NULL for nothing.';
COMMENT ON COLUMN diagnostics.export_status.last_delivered IS 'The last time that is known to have been delivered; NULL where nothing says so.';
COMMENT ON COLUMN diagnostics.export_status.lag IS 'How much later the log''s last event is than that.';
COMMENT ON COLUMN diagnostics.export_status.display_name IS 'What people call the export.';
COMMENT ON COLUMN diagnostics.export_status.source IS 'What it sends: telemetry, properties, deviceConnectivity, deviceLifecycle, deviceTemplateLifecycle or audit.';
COMMENT ON COLUMN diagnostics.export_status.kind IS 'What the destination is, in the service''s words, such as eventhubs@v1; empty where unknown.';
COMMENT ON COLUMN diagnostics.export_status.status_since IS 'Since when it is so; NULL where it always was, as far as is known.';
COMMENT ON COLUMN diagnostics.export_status.open_gaps IS 'Its gaps that are open.';
COMMENT ON COLUMN diagnostics.export_status.as_of IS 'When this was found.';

GRANT SELECT ON diagnostics.export_gaps, diagnostics.export_status TO {{role_dashboard}}, {{role_admin}};
RESET ROLE;
