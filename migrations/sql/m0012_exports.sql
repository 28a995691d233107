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
    source_id         int,
    accepted          boolean NOT NULL DEFAULT false,
    tenant            text NOT NULL,
    export_id         text NOT NULL,
    destination_id    text NOT NULL,
    cause             text NOT NULL,
    certainty         text NOT NULL,
    extent            text NOT NULL CONSTRAINT export_gap_extent_check CHECK (extent IN ('time', 'offsets', 'listed')),
    evidence          text NOT NULL,
    accepted_reason   text NOT NULL DEFAULT ''
) WITH (fillfactor = 50);
CREATE INDEX export_gap_export_index ON hindcast.export_gap (tenant, export_id, destination_id);

-- How far a gap's events are counted, per source: exactly the events of the log below next_offset.
CREATE TABLE hindcast.export_gap_count (
    gap_id      text NOT NULL REFERENCES hindcast.export_gap ON DELETE CASCADE,
    source_id   int NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (gap_id, source_id)
) WITH (fillfactor = 50);

CREATE TABLE hindcast.export_gap_device (
    gap_id     text NOT NULL REFERENCES hindcast.export_gap ON DELETE CASCADE,
    events     bigint NOT NULL,
    bytes      bigint NOT NULL,
    source_id  int NOT NULL,
    device_key int NOT NULL,
    PRIMARY KEY (gap_id, source_id, device_key)
) WITH (fillfactor = 50);

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
RESET ROLE;
