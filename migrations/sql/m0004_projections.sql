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

-- Facts about a device that no template touches, each by itself: what a device was before it was blocked is still there when it is let in again. A fact keeps the
-- time and the offset of the event that set it; the last writer by (time, offset) stays, across sources by (time, source, offset).
-- Counters change with every batch, facts seldom: those that are NULL take no room in the row.
CREATE TABLE hindcast.device_state (
    source_id                int NOT NULL,
    device_key               int NOT NULL,
    first_seen               timestamptz NOT NULL,
    last_seen                timestamptz NOT NULL,
    messages                 bigint NOT NULL,
    bytes                    bigint NOT NULL,
    telemetry                bigint NOT NULL,
    repeated                 bigint NOT NULL,      -- events that stood in the 4,096 offsets before them already
    expired                  bigint NOT NULL,      -- events that had outlived what their sender allows when the log took them
    first_telemetry          timestamptz,
    last_telemetry           timestamptz,
    last_property            timestamptz,
    template_time            timestamptz,
    template_offset          bigint,
    connection_time          timestamptz,
    connection_offset        bigint,
    hub_connection_time      timestamptz,
    hub_connection_offset    bigint,
    presence_time            timestamptz,
    presence_offset          bigint,
    provisioned_time         timestamptz,
    provisioned_offset       bigint,
    approved_time            timestamptz,
    approved_offset          bigint,
    access_time              timestamptz,
    access_offset            bigint,
    simulated_time           timestamptz,
    simulated_offset         bigint,
    template_assigned_time   timestamptz,          -- the last event that says that the device got another template
    template_assigned_offset bigint,
    connection               smallint,             -- 1 connected, 2 disconnected: the last word without a sequence number, by time
    hub_connection           smallint,             -- 1 connected, 2 disconnected: the word with the greatest sequence number, whatever the clocks say
    presence                 smallint,             -- 1 registered, 2 deleted
    provisioned              smallint,             -- 1 provisioned, 2 not
    approved                 smallint,             -- 1 approved, 2 waits for approval
    access                   smallint,             -- 1 enabled, 2 blocked by an operator
    simulated                smallint,             -- 1 simulated, 2 real
    template_ref             text,                 -- the template that a message last named
    hub_sequence             text COLLATE "C",     -- 64 upper-case hexadecimal digits
    PRIMARY KEY (source_id, device_key)
) WITH (fillfactor = 50);
CREATE INDEX device_state_device_index ON hindcast.device_state (device_key);

-- The identities that one device id has had: IoT Hub's generation id changes when a device is deleted and made again. At most 16 per device and source, those
-- that are the greatest byte by byte: IoT Hub's grow with the time of their making.
CREATE TABLE hindcast.device_life (
    source_id   int NOT NULL,
    device_key  int NOT NULL,
    first_time  timestamptz NOT NULL,
    last_time   timestamptz NOT NULL,
    last_offset bigint NOT NULL,
    events      bigint NOT NULL,
    generation  text COLLATE "C" NOT NULL,
    PRIMARY KEY (source_id, device_key, generation)
) WITH (fillfactor = 50);

CREATE TABLE hindcast.device_hour (
    hour        timestamptz NOT NULL,
    messages    bigint NOT NULL,
    telemetry   bigint NOT NULL,
    bytes       bigint NOT NULL,
    repeated    bigint NOT NULL,
    connects    bigint NOT NULL,             -- repeated ones left out. Two in a row hide a disconnect: greatest(connects, disconnects) counts flaps
    disconnects bigint NOT NULL,
    delayed     bigint NOT NULL,             -- events whose device time is at most a day before their event time
    delay_sum   bigint NOT NULL,             -- of those, event time less device time, in microseconds
    delay_max   bigint NOT NULL,             -- 0 where there are none
    exportable  bigint NOT NULL,             -- telemetry that an export without a filter sends: JSON, and not what a backfill sent again
    exportable_bytes bigint NOT NULL,        -- of their payloads
    source_id   int NOT NULL,
    device_key  int NOT NULL,
    PRIMARY KEY (source_id, device_key, hour)
) PARTITION BY RANGE (hour);

-- The same, per tenant: what a fleet sends, without touching its devices.
CREATE TABLE hindcast.source_hour (
    hour      timestamptz NOT NULL,
    messages  bigint NOT NULL,
    telemetry bigint NOT NULL,
    bytes     bigint NOT NULL,
    repeated  bigint NOT NULL,
    source_id int NOT NULL,
    tenant    text NOT NULL,
    PRIMARY KEY (source_id, tenant, hour)
) WITH (fillfactor = 50);

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
    PRIMARY KEY (generation, source_id, device_key, hour)
) PARTITION BY LIST (generation);

-- The same, per tenant.
CREATE TABLE hindcast.source_verdict_hour (
    hour       timestamptz NOT NULL,
    messages   bigint NOT NULL,
    failed     bigint NOT NULL,
    warned     bigint NOT NULL,
    malformed  bigint NOT NULL,
    generation int NOT NULL,
    source_id  int NOT NULL,
    tenant     text NOT NULL,
    PRIMARY KEY (generation, source_id, tenant, hour)
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
    deleted             bigint NOT NULL,     -- beside the devices, not among them
    generation          int NOT NULL,
    tenant              text NOT NULL,
    PRIMARY KEY (generation, tenant)
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

-- What follows from a device's facts. Each rule stands here and nowhere else: views and the commands that fold a past state ask the same functions. They know no
-- clock. A fact that was never said is NULL with a NULL time.

-- Since when the device lives that has the id now; whatever was said before concerns another one.
-- 1. The last time that it was registered or deleted. An id that sends on after a deletion without a word of registration lives since the deletion.
-- 2. The first time of the newest identity generation, where at least two were seen (IoT Hub: "iothub-connection-auth-generation-id" changes when a device
--    is deleted and made again, also where no lifecycle events are routed).
CREATE FUNCTION hindcast.life_start(_presence_time timestamptz, _generations bigint, _generation_first timestamptz)
RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(greatest(_presence_time, CASE WHEN _generations > 1 THEN _generation_first END), '-infinity'::timestamptz);

-- The status that IoT Central shows, out of facts that it shows as one word. Facts from before the life do not count.
-- 1. deleted: that is the last word on the identity, and no telemetry is later.
-- 2. blocked: by an operator. It hides whether the device waits for approval and whether it was provisioned; both come back when it is let in.
-- 3. unapproved ("Waiting for approval"): signed in with valid credentials where approval is not automatic. Enabling a device approves it.
-- 4. provisioned: said so; or telemetry or a word on the connection proves it, unless the service says at the same time or later that it is not
--    (a simulated device sends without).
-- 5. registered: the identity was made; or it is known to be approved, or not to be provisioned.
-- Parameters: _connection_time is the time of the last word on the connection, with or without a sequence number.
CREATE FUNCTION hindcast.registration_label(
    _life_start timestamptz, _presence smallint, _presence_time timestamptz, _access smallint, _access_time timestamptz,
    _approved smallint, _approved_time timestamptz, _provisioned smallint, _provisioned_time timestamptz,
    _connection_time timestamptz, _last_telemetry timestamptz)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN _presence = 2 AND (_last_telemetry > _presence_time) IS NOT TRUE THEN 'deleted'
    WHEN _access = 2 AND _access_time >= _life_start THEN 'blocked'
    WHEN _approved = 2 AND _approved_time >= _life_start THEN 'unapproved'
    WHEN _provisioned = 1 AND _provisioned_time >= _life_start THEN 'provisioned'
    WHEN greatest(_connection_time, _last_telemetry) >= _life_start
        AND (_provisioned = 2 AND _provisioned_time >= greatest(_life_start, _connection_time, _last_telemetry)) IS NOT TRUE THEN 'provisioned'
    WHEN _presence = 1 OR _approved = 1 AND _approved_time >= _life_start OR _provisioned = 2 AND _provisioned_time >= _life_start THEN 'registered'
    ELSE 'unknown'
END;

-- Whether a device is connected, as far as can be told. What services say is sampled, late, and silent about what happens in between.
-- 1. Telemetry after the last word proves a connection, in this life: a disconnect may be told late, or a connect not at all.
-- 2. IoT Hub numbers its words; the greatest number is the last word, whatever the clocks say (its documentation: compare as text, keep the greatest).
-- 3. It is overruled only by a word without a number that is more than 60 s later: both services sample for about a minute, so within that time the two may
--    speak of the same change.
-- 4. Otherwise the word without a number that has the latest time.
-- 5. Words from before the life do not count. unknown: nobody said anything; telemetry alone does not tell until when a connection lasts.
CREATE FUNCTION hindcast.connection_label(
    _life_start timestamptz, _connection smallint, _connection_time timestamptz, _hub_connection smallint, _hub_connection_time timestamptz,
    _last_telemetry timestamptz)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN _last_telemetry >= _life_start AND _last_telemetry > greatest(_connection_time, _hub_connection_time) THEN 'connected'
    WHEN _hub_connection_time >= _life_start AND (_connection_time - _hub_connection_time > interval '60 seconds') IS NOT TRUE
        THEN CASE _hub_connection WHEN 1 THEN 'connected' ELSE 'disconnected' END
    WHEN _connection_time >= _life_start THEN CASE _connection WHEN 1 THEN 'connected' ELSE 'disconnected' END
    ELSE 'unknown'
END;

-- Whether changes of connection are the renewal of a token, which is a pattern and no fault: a device that signs in with a shared access signature is cut off
-- every 60 to 65 minutes. So over a stretch of hours there is about one change per hour, never more than two, and at least four show the pattern.
-- Parameters, over hours of device_hour with greatest(connects, disconnects) > 0: how many hours lie between the first and the last, both counted; the
-- sum of greatest(connects, disconnects); its maximum.
CREATE FUNCTION hindcast.is_token_renewal(_hours bigint, _changes bigint, _most bigint)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(_changes >= 4 AND _most <= 2 AND _changes <= _hours + 1 AND _changes >= _hours * 60 / 65 - 1, false);

-- A generation is a LIST partition of its tables; the hourly ones per device are cut again by UTC day.
CREATE FUNCTION hindcast.make_generation(_generation int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
BEGIN
    EXECUTE format('CREATE TABLE hindcast.%I PARTITION OF hindcast.finding FOR VALUES IN (%s) WITH (fillfactor = 50)', 'finding_g' || _generation, _generation);
    EXECUTE format('CREATE TABLE hindcast.%I PARTITION OF hindcast.device_verdict FOR VALUES IN (%s) WITH (fillfactor = 50)', 'device_verdict_g' || _generation, _generation);
    EXECUTE format('CREATE TABLE hindcast.%I PARTITION OF hindcast.verdict_hour FOR VALUES IN (%s) PARTITION BY RANGE (hour)', 'verdict_hour_g' || _generation, _generation);
    EXECUTE format('CREATE TABLE hindcast.%I PARTITION OF hindcast.source_verdict_hour FOR VALUES IN (%s) WITH (fillfactor = 50)', 'source_verdict_hour_g' || _generation, _generation);
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
REVOKE ALL ON FUNCTION hindcast.life_start, hindcast.registration_label, hindcast.connection_label, hindcast.is_token_renewal FROM PUBLIC;
-- A view runs its functions with the reader's own rights.
GRANT EXECUTE ON FUNCTION hindcast.life_start, hindcast.registration_label, hindcast.connection_label, hindcast.is_token_renewal
    TO {{role_dashboard}}, {{role_project}}, {{role_admin}};
GRANT SELECT, INSERT, UPDATE, DELETE ON hindcast.projection_checkpoint, hindcast.device_state, hindcast.device_life, hindcast.device_hour,
    hindcast.source_hour, hindcast.device_verdict, hindcast.verdict_hour, hindcast.source_verdict_hour, hindcast.finding, hindcast.finding_hour,
    hindcast.fleet_snapshot TO {{role_project}};
GRANT SELECT, INSERT, UPDATE, DELETE ON hindcast.projection_worker TO {{role_project}};
GRANT SELECT, UPDATE ON hindcast.fleet_snapshot_lease TO {{role_project}};
GRANT SELECT ON hindcast.projection_checkpoint, hindcast.device_state, hindcast.device_life, hindcast.device_hour, hindcast.source_hour,
    hindcast.device_verdict, hindcast.verdict_hour, hindcast.source_verdict_hour, hindcast.finding, hindcast.finding_hour, hindcast.fleet_snapshot, hindcast.hour_leaf TO {{role_admin}};
GRANT SELECT ON hindcast.projection_checkpoint TO {{role_ingest}};
GRANT SELECT ON hindcast.hour_leaf TO {{role_project}};
RESET ROLE;
