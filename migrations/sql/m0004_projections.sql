-- Read models. Every row carries the source whose worker writes it, so workers never wait for one another and views merge on read.
-- fillfactor 50 and no index on a changing column: updates stay in place (HOT). Locks: new tables only. Duration: milliseconds.
SET LOCAL ROLE {{role_owner}};

-- How far a projection has come in a source, and who may write it. Generation 0 stands for read models that no template touches.
CREATE TABLE hindcast.projection_checkpoint (
    projection    text NOT NULL,
    generation    int NOT NULL,
    source_id     int NOT NULL REFERENCES hindcast.source,
    next_offset   bigint NOT NULL DEFAULT 0,
    control_seq   bigint NOT NULL DEFAULT 0,
    owner_epoch   bigint NOT NULL DEFAULT 0,
    lease_until   timestamptz NOT NULL DEFAULT '-infinity',
    last_polled   timestamptz,
    last_advanced timestamptz,
    owner         text,
    state         text NOT NULL DEFAULT 'waiting' CONSTRAINT projection_checkpoint_state_check CHECK (
        state IN ('waiting', 'running', 'paused')),
    failure       text,
    PRIMARY KEY (projection, generation, source_id)
) WITH (fillfactor = 50);

-- Who is there to share the sources. A worker that holds nothing yet is counted, so that the others make room for it.
CREATE TABLE hindcast.projection_worker (
    worker      text PRIMARY KEY,
    alive_until timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Facts about a device that no template touches. Each registration fact keeps the place that set it: last writer by (time, source, offset).
CREATE TABLE hindcast.device_state (
    source_id          int NOT NULL,
    device_key         int NOT NULL,
    first_seen         timestamptz NOT NULL,
    last_seen          timestamptz NOT NULL,
    messages           bigint NOT NULL,
    bytes              bigint NOT NULL,
    telemetry          bigint NOT NULL,
    first_telemetry    timestamptz,
    last_telemetry     timestamptz,
    last_property      timestamptz,
    template_ref       text,
    template_time      timestamptz,
    template_offset    bigint,
    connection         smallint,             -- 1 connected, 2 disconnected
    connection_time    timestamptz,
    connection_offset  bigint,
    presence           smallint,             -- 1 registered, 2 deleted
    presence_time      timestamptz,
    presence_offset    bigint,
    provisioned        smallint,             -- 1 provisioned
    provisioned_time   timestamptz,
    provisioned_offset bigint,
    access             smallint,             -- 1 enabled, 2 disabled by an operator
    access_time        timestamptz,
    access_offset      bigint,
    PRIMARY KEY (source_id, device_key)
) WITH (fillfactor = 50);
CREATE INDEX device_state_device_index ON hindcast.device_state (device_key);

CREATE TABLE hindcast.device_hour (
    hour       timestamptz NOT NULL,
    messages   bigint NOT NULL,
    telemetry  bigint NOT NULL,
    bytes      bigint NOT NULL,
    source_id  int NOT NULL,
    device_key int NOT NULL,
    PRIMARY KEY (hour, source_id, device_key)
) PARTITION BY RANGE (hour);

-- What a generation last said about a device as a whole.
CREATE TABLE hindcast.device_verdict (
    generation           int NOT NULL,
    source_id            int NOT NULL,
    device_key           int NOT NULL,
    template_version_key int NOT NULL,       -- 0 = none applied
    judged_time          timestamptz NOT NULL,
    judged_offset        bigint NOT NULL,
    messages             bigint NOT NULL,
    failed               bigint NOT NULL,
    PRIMARY KEY (generation, source_id, device_key)
) PARTITION BY LIST (generation);

CREATE TABLE hindcast.verdict_hour (
    hour       timestamptz NOT NULL,
    messages   bigint NOT NULL,
    failed     bigint NOT NULL,              -- with a finding of severity error
    warned     bigint NOT NULL,              -- with a finding of severity warning and none above
    malformed  bigint NOT NULL,              -- not JSON
    generation int NOT NULL,
    source_id  int NOT NULL,
    device_key int NOT NULL,
    PRIMARY KEY (generation, hour, source_id, device_key)
) PARTITION BY LIST (generation);

-- One thing wrong, per device, place and rule. `day` is 0 but for rules whose path a device chooses: those are bounded per day.
-- digest_*: count and two 64-bit lanes, added modulo 2^64, of the hash of every occurrence.
CREATE TABLE hindcast.finding (
    count                bigint NOT NULL,
    lane0                bigint NOT NULL,
    lane1                bigint NOT NULL,
    first_time           timestamptz NOT NULL,
    first_offset         bigint NOT NULL,
    last_time            timestamptz NOT NULL,
    last_offset          bigint NOT NULL,
    name_hash            bigint NOT NULL,    -- orders the names that a device chose; the smallest of a day are kept
    byte_offset          int NOT NULL,
    generation           int NOT NULL,
    source_id            int NOT NULL,
    device_key           int NOT NULL,
    day                  smallint NOT NULL,
    template_version_key int NOT NULL,
    severity             smallint NOT NULL,  -- 1 info, 2 warning, 3 error
    module               text NOT NULL,
    component            text NOT NULL,
    path                 text NOT NULL,
    rule                 text NOT NULL,
    template_ref         text NOT NULL,
    expected             text NOT NULL,
    actual               text NOT NULL,
    message              text NOT NULL,
    suggestion           text,
    -- The device before the source: a worker names both, and whoever asks about one device need not read all the others' findings.
    PRIMARY KEY (generation, device_key, source_id, day, template_version_key, module, component, path, rule)
) PARTITION BY LIST (generation);

CREATE TABLE hindcast.finding_hour (
    hour                 timestamptz NOT NULL,
    count                bigint NOT NULL,
    generation           int NOT NULL,
    source_id            int NOT NULL,
    template_version_key int NOT NULL,
    severity             smallint NOT NULL,
    tenant               text NOT NULL,
    template_ref         text NOT NULL,
    component            text NOT NULL,
    path                 text NOT NULL,
    rule                 text NOT NULL,
    PRIMARY KEY (generation, hour, source_id, tenant, template_version_key, template_ref, component, path, rule)
) PARTITION BY LIST (generation);

-- Counts over the whole fleet are too dear to make on read; one worker refreshes them.
CREATE TABLE hindcast.fleet_snapshot (
    as_of               timestamptz NOT NULL,
    devices             bigint NOT NULL,
    healthy             bigint NOT NULL,
    degraded            bigint NOT NULL,
    failing             bigint NOT NULL,
    silent              bigint NOT NULL,
    blocked             bigint NOT NULL,
    unassigned          bigint NOT NULL,
    unknown             bigint NOT NULL,
    messages_24h        bigint NOT NULL,
    failed_messages_24h bigint NOT NULL,
    tenant              text PRIMARY KEY
) WITH (fillfactor = 50);

CREATE TABLE hindcast.fleet_snapshot_lease (
    only_row    boolean PRIMARY KEY DEFAULT true CONSTRAINT fleet_snapshot_lease_only_row_check CHECK (only_row),
    owner       text,
    lease_until timestamptz NOT NULL
) WITH (fillfactor = 50);
INSERT INTO hindcast.fleet_snapshot_lease (lease_until) VALUES ('-infinity');

-- bigint addition fails on overflow; digests add modulo 2^64.
CREATE FUNCTION hindcast.wrap64(_sum numeric) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (mod(mod(_sum + 9223372036854775808, 18446744073709551616) + 18446744073709551616, 18446744073709551616) - 9223372036854775808)::bigint;

-- A generation is a LIST partition of its tables; the hourly ones are cut again by UTC day.
CREATE FUNCTION hindcast.make_generation(_generation int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
BEGIN
    EXECUTE format('CREATE TABLE hindcast.%I PARTITION OF hindcast.finding FOR VALUES IN (%s) WITH (fillfactor = 50)', 'finding_g' || _generation, _generation);
    EXECUTE format('CREATE TABLE hindcast.%I PARTITION OF hindcast.device_verdict FOR VALUES IN (%s) WITH (fillfactor = 50)', 'device_verdict_g' || _generation, _generation);
    EXECUTE format('CREATE TABLE hindcast.%I PARTITION OF hindcast.verdict_hour FOR VALUES IN (%s) PARTITION BY RANGE (hour)', 'verdict_hour_g' || _generation, _generation);
    EXECUTE format('CREATE TABLE hindcast.%I PARTITION OF hindcast.finding_hour FOR VALUES IN (%s) PARTITION BY RANGE (hour)', 'finding_hour_g' || _generation, _generation);
END $$;

-- One row per leaf of an hourly table: the key that two makers queue on.
CREATE TABLE hindcast.hour_leaf (
    relation text NOT NULL,
    day      smallint NOT NULL,
    PRIMARY KEY (relation, day)
);

CREATE FUNCTION hindcast.make_hour_leaf(_relation text, _day smallint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    _leaf text := _relation || '_' || to_char(date '2000-01-01' + _day::int, 'YYYYMMDD');
    _start timestamptz := hindcast.segment_start(_day);
BEGIN
    IF _relation !~ '^(device_hour|verdict_hour_g[0-9]+|finding_hour_g[0-9]+)$' THEN
        RAISE EXCEPTION '"%" is not an hourly table.', _relation USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO hindcast.hour_leaf (relation, day) VALUES (_relation, _day) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE hindcast.%I (LIKE hindcast.%I INCLUDING ALL) WITH (fillfactor = 50)', _leaf, _relation);
    EXECUTE format('ALTER TABLE hindcast.%I ADD CONSTRAINT %I CHECK (hour >= %L AND hour < %L)', _leaf, _leaf || '_hour_check', _start, _start + interval '1 day');
    EXECUTE format('ALTER TABLE hindcast.%I ATTACH PARTITION hindcast.%I FOR VALUES FROM (%L) TO (%L)', _relation, _leaf, _start, _start + interval '1 day');
END $$;

SELECT hindcast.make_generation(generation) FROM hindcast.live_generation;

REVOKE ALL ON FUNCTION hindcast.make_generation, hindcast.make_hour_leaf, hindcast.wrap64 FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hindcast.make_hour_leaf, hindcast.wrap64 TO {{role_project}}, {{role_admin}};
GRANT EXECUTE ON FUNCTION hindcast.make_generation TO {{role_admin}};
GRANT SELECT, INSERT, UPDATE, DELETE ON hindcast.projection_checkpoint, hindcast.device_state, hindcast.device_hour, hindcast.device_verdict,
    hindcast.verdict_hour, hindcast.finding, hindcast.finding_hour, hindcast.fleet_snapshot TO {{role_project}};
GRANT SELECT, INSERT, UPDATE, DELETE ON hindcast.projection_worker TO {{role_project}};
GRANT SELECT, UPDATE ON hindcast.fleet_snapshot_lease TO {{role_project}};
GRANT SELECT ON hindcast.projection_checkpoint, hindcast.device_state, hindcast.device_hour, hindcast.device_verdict, hindcast.verdict_hour, hindcast.finding,
    hindcast.finding_hour, hindcast.fleet_snapshot, hindcast.hour_leaf TO {{role_admin}};
GRANT SELECT ON hindcast.projection_checkpoint TO {{role_ingest}};
GRANT SELECT ON hindcast.hour_leaf TO {{role_project}};
RESET ROLE;
