-- What is said about each device: its health, the causes of its trouble, and the counts over the fleet. Kept per generation by one worker, for the devices
-- that were touched and those whose time has come; derived here, by reads that go by index, so that a device among a thousand costs about 0.2 ms.
-- Locks: new tables, functions and views only. Duration: milliseconds.
SET LOCAL ROLE {{role_owner}};

-- Why a device's data may not show up: the closed list. `rank` orders causes of the same confidence. `confidence`: 1 certain, 2 likely, 3 possible; where
-- evidence says less, it says so. `ends`: it is over as soon as the device sends telemetry again. docs/diagnosis.md shows this table.
CREATE TABLE hindcast.cause (
    rank       smallint NOT NULL CONSTRAINT cause_rank_key UNIQUE,
    confidence smallint NOT NULL CONSTRAINT cause_confidence_check CHECK (confidence IN (1, 2, 3)),
    ends       boolean NOT NULL,
    cause      text PRIMARY KEY,
    meaning    text NOT NULL,
    mitigation text NOT NULL
);
INSERT INTO hindcast.cause (rank, cause, confidence, ends, meaning, mitigation) VALUES
(1, 'blocked', 1, true, 'An operator keeps the device from connecting.',
    'Unblock the device if it should send; until then every connection is refused.'),
(2, 'not-approved', 1, true, 'The device has asked to join and nobody has approved it.',
    'Approve the device, or let its enrollment group approve devices by itself.'),
(3, 'deleted', 1, true, 'The device''s identity was removed from the service.',
    'Create the device again if it should send; else switch it off, or take its credentials away.'),
(4, 'moved-hub', 1, true, 'The device signs in to a hub that it was moved away from.',
    'Let the device provision itself anew: it has to ask for its hub again when a connection is refused.'),
(5, 'credentials-expired', 1, true, 'The service refuses the device''s credentials: an expired token, a replaced key or certificate, or a device clock that is off.',
    'Renew the token, key or certificate of the device, and check its clock: a token is refused when clocks differ by minutes.'),
(6, 'two-clients', 1, false, 'Two clients use this device''s identity and push each other off the connection.',
    'Find the second client (a copied image, a test program, an old gateway) and give it an identity of its own.'),
(7, 'not-provisioned', 2, true, 'The device is registered and has never signed in.',
    'Check that it is powered, has a network, the right scope id and credentials, and that it runs its provisioning step.'),
(8, 'quota-exceeded', 1, true, 'The hub has taken its daily number of messages and refuses the rest until midnight UTC.',
    'Send less or larger messages, or raise the hub''s units. Messages of the rest of the day are lost unless devices keep them.'),
(9, 'throttled', 1, false, 'The service slows messages down or refuses them, because they come too fast.',
    'Send less often or in batches, back off with jitter after a refusal, or raise the hub''s units.'),
(10, 'not-assigned', 1, false, 'No device template applies to the device, so nothing that it sends can be understood.',
    'Assign a template: in the service, or with `hindcast template assign` where messages name none.'),
(11, 'template-unknown', 1, false, 'The device names a template that Hindcast does not have.',
    'Publish that template with `hindcast template publish`.'),
(12, 'malformed-json', 1, false, 'Payloads are not JSON objects: the service keeps none of their values.',
    'Correct how the device writes its payload; `hindcast explain SOURCE:OFFSET` marks the byte. Truncation at a buffer''s size and unescaped text are usual.'),
(13, 'envelope-broken', 1, false, 'Records cannot be understood as what their format says: wrong or missing parts around the payload.',
    'Compare the record with the wire format, and set content type `application/json` and encoding `utf-8` on the device.'),
(14, 'old-edge-runtime', 1, false, 'An edge runtime of an old version sends messages without the names of their module and component.',
    'Update the edge hub and edge agent of the device.'),
(15, 'wrong-component', 1, false, 'Values arrive under a component or module that the template does not have, or without theirs.',
    'Name the component as the template does (`dt-subject` for telemetry, the component''s object for properties), or change the template.'),
(16, 'wrong-case', 1, false, 'Names differ from the template''s only in upper and lower case, and names are compared exactly.',
    'Spell the name as the template does, on the device or in a new version of the template.'),
(17, 'wrong-name', 1, false, 'The device sends names that the template does not define.',
    'Correct the name on the device, or add it to the template; the finding suggests the nearest name.'),
(18, 'wrong-kind', 1, false, 'A name is sent as another kind than the template says: telemetry for a property, or a property that only the cloud keeps.',
    'Send it as the template''s kind, or change the kind in the template.'),
(19, 'wrong-type', 1, false, 'Values do not fit the schema that the template gives them.',
    'Send the schema''s type (a number is no text, an enumeration''s value must be one of its values), or change the schema.'),
(20, 'wrong-property', 1, false, 'Somebody sets a property that the template does not let be written.',
    'Make the property writable in the template, or stop setting it.'),
(21, 'acknowledgement-wrong', 1, false, 'The device acknowledges writable properties in a wrong form, or a version that nobody asked for.',
    'Answer with value, `ac`, `av` and `ad`, and repeat as `av` the version that was received.'),
(22, 'message-too-large', 1, false, 'Messages are larger than the service takes.',
    'Split or compress messages, or upload files instead.'),
(23, 'clock-wrong', 1, false, 'The device''s clock is off, or times are written so that they cannot be right.',
    'Set the clock (NTP) and let the device send UTC; if it stores messages and sends them later, that is the delay.'),
(24, 'file-upload-failed', 1, false, 'File uploads fail: no storage is set up, uploads are not reported as complete, or too many are open.',
    'Check the storage account of the hub, and let the device report the end of every upload.'),
(25, 'export-off', 2, false, 'The export that carries the device''s data was switched off about when its data stopped.',
    'Switch the export on. It does not send what it missed.'),
(26, 'source-silent', 2, false, 'The whole source is silent: nothing arrives from any device in it.',
    'Look at the export, the broker and `hindcast status` first; the devices are not to blame for it.'),
(27, 'not-connected', 2, true, 'The service saw the device disconnect, and nothing came since.',
    'Check the device''s power and network, and its own log.'),
(28, 'silent', 3, true, 'The device used to send and has stopped, and nothing says why.',
    'Check the device''s power and network; look at what it sent last with `hindcast device show`.'),
(29, 'unstable-connection', 2, false, 'The connection breaks again and again, more often than tokens are renewed.',
    'Check signal and network, the keep-alive interval (shorter than what any gateway cuts off), and whether two clients share the identity.'),
(30, 'repeated-messages', 2, false, 'The same messages arrive several times.',
    'Let the device wait for the acknowledgement before it sends again, and do not send a stored message twice; consumers should drop repeats by message id.'),
(31, 'platform-error', 3, true, 'The service reports errors of its own.',
    'They pass by themselves: let the device try again with growing waits, and ask the service''s support if they stay.');

-- Which cause a rule's finding is evidence of. Every rule of a severity above info has one.
CREATE TABLE hindcast.rule_cause (
    rule  text PRIMARY KEY,
    cause text NOT NULL REFERENCES hindcast.cause
);
INSERT INTO hindcast.rule_cause (cause, rule)
SELECT c.cause, unnest(c.rules) FROM (VALUES
    ('malformed-json', ARRAY['json-invalid', 'json-not-object', 'payload-empty', 'json-duplicate-key']),
    ('envelope-broken', ARRAY['envelope-invalid', 'schema-unsupported', 'device-id-missing', 'content-type-unexpected', 'content-encoding-unexpected',
        'rule-failed']),
    ('old-edge-runtime', ARRAY['edge-runtime-outdated']),
    ('wrong-component', ARRAY['component-unknown', 'component-missing', 'component-wrapped', 'module-unknown']),
    ('wrong-case', ARRAY['capability-case']),
    ('wrong-name', ARRAY['capability-undefined', 'capability-ambiguous', 'name-invalid', 'name-reserved']),
    ('wrong-kind', ARRAY['capability-kind', 'capability-cloud']),
    ('wrong-type', ARRAY['schema-mismatch', 'number-not-integer', 'number-out-of-range', 'datetime-without-offset', 'enum-unknown', 'field-undefined',
        'field-required', 'value-null', 'value-constraint']),
    ('wrong-property', ARRAY['property-not-writable']),
    ('acknowledgement-wrong', ARRAY['ack-malformed']),
    ('message-too-large', ARRAY['payload-too-large']),
    ('clock-wrong', ARRAY['clock-skew', 'event-time-implausible']),
    ('not-assigned', ARRAY['template-unassigned']),
    ('template-unknown', ARRAY['template-unknown'])) AS c (cause, rules);

-- What a registration status means for an operator.
CREATE TABLE hindcast.registration_status (
    status     text PRIMARY KEY,
    meaning    text NOT NULL,
    mitigation text                          -- NULL = nothing to do
);
INSERT INTO hindcast.registration_status (status, meaning, mitigation) VALUES
('provisioned', 'The device has signed in and may send.', NULL),
('registered', 'The device''s identity exists; it has never signed in.', 'Start the device, and check its scope id, credentials and network.'),
('unapproved', 'The device has asked to join and waits for approval.', 'Approve the device, or let its enrollment group approve devices by itself.'),
('blocked', 'An operator keeps the device from connecting.', 'Unblock the device if it should send; it then is what it was before.'),
('deleted', 'The device''s identity was removed.', 'Create the device again if it should send.'),
('unknown', 'Nothing was reported about the device''s registration.', 'Export device lifecycle events too, so that they can be shown here.');

-- How regularly a source brings anything at all. One that stops is one cause, not thousands of silent devices.
CREATE TABLE hindcast.source_pulse (
    silent_after timestamptz NOT NULL,       -- infinity: too few devices to tell
    devices      bigint NOT NULL,
    source_id    int PRIMARY KEY
) WITH (fillfactor = 50);

-- What is said about a device in a generation, as of `as_of`. `health` holds until `silent_after`, when it turns into 'silent' by itself; infinity for labels
-- that do not. `next_due`: when the passing of time alone asks for another look. `score`: greater is worse.
-- Not scanned in parallel: what dashboards ask for is a hundred rows by index, and starting workers would cost them more.
CREATE TABLE hindcast.device_snapshot (
    as_of               timestamptz NOT NULL,
    since               timestamptz NOT NULL,
    silent_after        timestamptz NOT NULL,
    next_due            timestamptz NOT NULL,
    last_seen           timestamptz NOT NULL,
    last_telemetry      timestamptz,
    status_since        timestamptz NOT NULL,
    registered_at       timestamptz,
    approved_at         timestamptz,
    access_at           timestamptz,
    provisioned_at      timestamptz,
    connection_at       timestamptz,
    expected_interval   interval,
    messages_24h        bigint NOT NULL,
    failed_messages_24h bigint NOT NULL,
    malformed_24h       bigint NOT NULL,
    repeated_24h        bigint NOT NULL,
    flaps_24h           bigint NOT NULL,
    generation          int NOT NULL,
    device_key          int NOT NULL,
    score               int NOT NULL,
    template_version    int,
    last_source         int,                 -- where its last telemetry came from
    is_silent           boolean NOT NULL,
    source_silent       boolean NOT NULL,
    export_off          boolean NOT NULL,    -- it is silent, and an export of its tenant was switched off about when its data stopped
    approved            boolean,
    blocked             boolean,
    provisioned         boolean,
    simulated           boolean,
    tenant              text NOT NULL,
    health              text NOT NULL,
    registration        text NOT NULL,
    connection          text NOT NULL,
    template_id         text,
    reasons             text[] NOT NULL,
    PRIMARY KEY (generation, device_key)
) WITH (fillfactor = 80, parallel_workers = 0);
-- More labels than there are: so the planner takes any one for rare, and reads those that have it by index. Guessing that each is a seventh of the fleet, it would
-- look through the table for a label that no device has.
ALTER TABLE hindcast.device_snapshot ALTER COLUMN health SET (n_distinct = 50);
CREATE INDEX device_snapshot_score_index ON hindcast.device_snapshot (generation, score DESC);
CREATE INDEX device_snapshot_tenant_score_index ON hindcast.device_snapshot (generation, tenant, score DESC);
CREATE INDEX device_snapshot_failed_index ON hindcast.device_snapshot (generation, failed_messages_24h DESC);
CREATE INDEX device_snapshot_tenant_failed_index ON hindcast.device_snapshot (generation, tenant, failed_messages_24h DESC);
CREATE INDEX device_snapshot_health_index ON hindcast.device_snapshot (generation, health, score DESC);
CREATE INDEX device_snapshot_due_index ON hindcast.device_snapshot (generation, next_due);
CREATE INDEX device_snapshot_source_index ON hindcast.device_snapshot (generation, last_source, source_silent) WHERE is_silent;
CREATE INDEX device_snapshot_export_index ON hindcast.device_snapshot (generation, tenant, export_off, last_telemetry) WHERE is_silent;

-- The causes of a device's trouble; `rank` 1 is the first to look at.
CREATE TABLE hindcast.device_cause (
    since           timestamptz NOT NULL,
    evidence_offset bigint,
    messages        bigint NOT NULL,
    generation      int NOT NULL,
    device_key      int NOT NULL,
    evidence_source int,
    rank            smallint NOT NULL,
    confidence      smallint NOT NULL,
    cause           text NOT NULL,
    PRIMARY KEY (generation, device_key, cause)
) WITH (fillfactor = 80);
CREATE INDEX device_cause_cause_index ON hindcast.device_cause (generation, cause);

-- How far the worker has come in a generation: which version of the derivation made its rows, and where the pass over all devices stands.
CREATE TABLE hindcast.snapshot_progress (
    generation  int PRIMARY KEY,
    derivation  int NOT NULL,
    next_device int                          -- NULL: the pass is through
) WITH (fillfactor = 50);

-- How far the devices that a source's events touched were looked at.
CREATE TABLE hindcast.snapshot_position (
    next_offset bigint NOT NULL,
    generation  int NOT NULL,
    source_id   int NOT NULL,
    PRIMARY KEY (generation, source_id)
) WITH (fillfactor = 50);

-- The causes over the whole fleet, counted with `fleet_snapshot`.
CREATE TABLE hindcast.fleet_cause (
    as_of      timestamptz NOT NULL,
    first_seen timestamptz NOT NULL,
    devices    bigint NOT NULL,
    messages   bigint NOT NULL,
    generation int NOT NULL,
    confidence smallint NOT NULL,
    tenant     text NOT NULL,
    cause      text NOT NULL,
    PRIMARY KEY (generation, tenant, cause)
) WITH (fillfactor = 50);

-- The first of the hours that "the last 24 hours" are made of.
CREATE FUNCTION hindcast.day_start(_now timestamptz) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN date_trunc('hour', _now - interval '24 hours', 'UTC') + interval '1 hour';

-- Up to when the last telemetry of a tenant's devices may be for their silence to be explained by an export that is switched off: 15 minutes behind the last
-- switch; NULL where no export is off.
-- plpgsql, because the table comes with a later migration.
CREATE FUNCTION hindcast.exports_off_until(_tenant text) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT max(x.event_time) + interval '15 minutes' FROM hindcast.export_event x
        WHERE x.tenant = _tenant AND x.act = 'disabled' AND NOT EXISTS (
            SELECT FROM hindcast.export_event y WHERE y.tenant = x.tenant AND y.export_id = x.export_id AND y.act = 'enabled'
            AND (y.event_time, y.source_id, y.source_offset) > (x.event_time, x.source_id, x.source_offset)));
END $$;

-- Orders the fleet, worst first: by label, then by how much it concerns. Silence comes after what is wrong with data, being blocked is somebody's intention.
CREATE FUNCTION hindcast.health_score(_health text, _detail bigint) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE _health
    WHEN 'healthy' THEN 0
    ELSE array_position(ARRAY['blocked', 'unknown', 'silent', 'degraded', 'unassigned', 'failing'], _health) * 1000000 + least(_detail, 999999)
END::int;

-- What holds of devices in their current lives, with the labels and the event that set each fact; no row for a device without facts. A fact of an earlier life
-- is NULL here. `link` is the last word on the connection. Takes the keys at once: asked for one after the other, the planner may merge all facts there are.
CREATE FUNCTION hindcast.device_present(_devices int[]) RETURNS TABLE (
    device_key int, first_seen timestamptz, last_seen timestamptz, life_start timestamptz, first_telemetry timestamptz, last_telemetry timestamptz,
    telemetry bigint, telemetry_source int, template_ref text, presence smallint, presence_time timestamptz, presence_place hindcast.place, approved boolean,
    approved_time timestamptz, approved_place hindcast.place, blocked boolean, access_time timestamptz, access_place hindcast.place, provisioned boolean,
    provisioned_time timestamptz, simulated boolean, link_time timestamptz, link_place hindcast.place, registration text, connection text)
LANGUAGE sql STABLE AS $$
    SELECT f.device_key, f.first_seen, f.last_seen, f.life_start, greatest(f.first_telemetry, f.life_start),
        CASE WHEN f.last_telemetry >= f.life_start THEN f.last_telemetry END, f.telemetry, f.telemetry_source, f.template_ref,
        f.presence, f.presence_time, f.presence_place,
        CASE WHEN f.approved_time >= f.life_start THEN f.approved = 1 END, f.approved_time, f.approved_place,
        CASE WHEN f.access_time >= f.life_start THEN f.access = 2 END, f.access_time, f.access_place,
        CASE WHEN f.provisioned_time >= f.life_start THEN f.provisioned = 1 END, f.provisioned_time,
        CASE WHEN f.simulated_time >= f.life_start THEN f.simulated = 1 END,
        greatest(f.connection_time, f.hub_connection_time),
        CASE WHEN f.hub_connection_time >= coalesce(f.connection_time, '-infinity') THEN f.hub_connection_place ELSE f.connection_place END,
        hindcast.registration_label(
            f.life_start, f.presence, f.presence_time, f.access, f.access_time, f.approved, f.approved_time, f.provisioned, f.provisioned_time,
            greatest(f.connection_time, f.hub_connection_time), f.last_telemetry),
        hindcast.connection_label(
            f.life_start, f.connection, f.connection_time, f.hub_connection, f.hub_connection_time, f.last_telemetry)
    FROM hindcast.device_fact f WHERE f.device_key = ANY (_devices)
$$;

-- A device's hours from `_week` on: how often it sent from the hour `_life` on, the last day's hours from `_day` on, and those since `_recent` against the ones
-- before. Of its connection: how often it changed in the last day, where that is not the renewal of a token, and by how much connects and disconnects differ:
-- more than one hides changes that the service did not report. Give it columns: an expression would be evaluated again for every hour.
CREATE FUNCTION hindcast.device_traffic(_device int, _life timestamptz, _week timestamptz, _day timestamptz, _recent timestamptz) RETURNS TABLE (
    first_hour timestamptz, messages_24h bigint, repeated_24h bigint, flaps_24h bigint, hidden_24h bigint, active_hours bigint, telemetry_7d bigint,
    recent_messages bigint, recent_delayed bigint, recent_delay numeric, past_hours bigint, past_messages bigint, past_delayed bigint, past_delay numeric)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT t.first_hour, t.messages_24h, t.repeated_24h,
        CASE WHEN hindcast.is_token_renewal(extract(epoch FROM t.last_change - t.first_change)::bigint / 3600 + 1, t.changes, t.most) THEN 0 ELSE t.changes END,
        t.hidden, t.active_hours, t.telemetry_7d, t.recent_messages, t.recent_delayed, t.recent_delay, t.past_hours, t.past_messages, t.past_delayed,
        t.past_delay
    FROM (
        SELECT min(h.hour) FILTER (WHERE h.hour >= _day) AS first_hour,
            coalesce(sum(h.messages) FILTER (WHERE h.hour >= _day), 0)::bigint AS messages_24h,
            coalesce(sum(h.repeated) FILTER (WHERE h.hour >= _day), 0)::bigint AS repeated_24h,
            min(h.hour) FILTER (WHERE h.hour >= _day AND h.connects + h.disconnects > 0) AS first_change,
            max(h.hour) FILTER (WHERE h.hour >= _day AND h.connects + h.disconnects > 0) AS last_change,
            coalesce(sum(greatest(h.connects, h.disconnects)) FILTER (WHERE h.hour >= _day), 0)::bigint AS changes,
            coalesce(max(greatest(h.connects, h.disconnects)) FILTER (WHERE h.hour >= _day), 0) AS most,
            coalesce(abs(sum(h.connects - h.disconnects) FILTER (WHERE h.hour >= _day)), 0)::bigint AS hidden,
            count(DISTINCT h.hour) FILTER (WHERE h.telemetry > 0 AND h.hour >= _life) AS active_hours,
            coalesce(sum(h.telemetry) FILTER (WHERE h.hour >= _life), 0)::bigint AS telemetry_7d,
            coalesce(sum(h.messages) FILTER (WHERE h.hour >= _recent), 0)::bigint AS recent_messages,
            coalesce(sum(h.delayed) FILTER (WHERE h.hour >= _recent), 0)::bigint AS recent_delayed,
            sum(h.delay_sum) FILTER (WHERE h.hour >= _recent) AS recent_delay,
            count(DISTINCT h.hour) FILTER (WHERE h.hour < _recent) AS past_hours,
            coalesce(sum(h.messages) FILTER (WHERE h.hour < _recent), 0)::bigint AS past_messages,
            coalesce(sum(h.delayed) FILTER (WHERE h.hour < _recent), 0)::bigint AS past_delayed,
            sum(h.delay_sum) FILTER (WHERE h.hour < _recent) AS past_delay
        FROM hindcast.device_state s
        CROSS JOIN LATERAL (
            SELECT h.* FROM hindcast.device_hour h
            WHERE h.source_id = s.source_id AND h.device_key = s.device_key AND h.hour >= _week OFFSET 0) h
        WHERE s.device_key = _device) t
$$;

-- What a generation says about a device: the template that applied last, the last event judged, and the verdicts of the last day.
CREATE FUNCTION hindcast.device_judgement(_generation int, _device int, _day timestamptz) RETURNS TABLE (
    template_version_key int, judged_source int, judged_offset bigint, judged_24h bigint, failed_24h bigint, warned_24h bigint, malformed_24h bigint)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT (array_agg(v.template_version_key ORDER BY v.judged_time DESC NULLS LAST, v.source_id DESC, v.judged_offset DESC))[1],
        (array_agg(v.source_id ORDER BY v.judged_time DESC NULLS LAST, v.source_id DESC, v.judged_offset DESC))[1],
        (array_agg(v.judged_offset ORDER BY v.judged_time DESC NULLS LAST, v.source_id DESC, v.judged_offset DESC))[1],
        coalesce(sum(h.messages), 0)::bigint, coalesce(sum(h.failed), 0)::bigint, coalesce(sum(h.warned), 0)::bigint,
        coalesce(sum(h.malformed), 0)::bigint
    FROM hindcast.device_state s
    LEFT JOIN LATERAL (
        SELECT v.* FROM hindcast.device_verdict v
        WHERE v.generation = _generation AND v.source_id = s.source_id AND v.device_key = s.device_key OFFSET 0) v ON true
    CROSS JOIN LATERAL (
        SELECT sum(h.messages) AS messages, sum(h.failed) AS failed, sum(h.warned) AS warned, sum(h.malformed) AS malformed
        FROM hindcast.verdict_hour h
        WHERE h.generation = _generation AND h.source_id = s.source_id AND h.device_key = s.device_key AND h.hour >= _day) h
    WHERE s.device_key = _device
$$;

-- Derives what is said about some devices in a generation, and stores it. Idempotent; one statement, so that it sees one state of the tables.
-- The planner's settings: tables without statistics are read by key all the same.
CREATE FUNCTION hindcast.refresh_device_snapshot(_generation int, _devices int[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    _now timestamptz := now();
    _day timestamptz := hindcast.day_start(now());
BEGIN
    WITH
    -- 1. The devices. Every table is asked by key, device by device or for these keys by number, and never joined to a list of them: the planner, which
    -- takes a fleet for as large as statistics say, might read it whole.
    present AS MATERIALIZED (
        SELECT d.*, f.*, date_trunc('hour', f.life_start, 'UTC') AS life_hour, least(_day, f.last_seen) - interval '7 days' AS week,
            date_trunc('hour', f.last_seen, 'UTC') - interval '2 hours' AS recent
        FROM hindcast.device_present(_devices) AS f
        CROSS JOIN LATERAL (SELECT d.tenant, d.device_id FROM hindcast.device d WHERE d.device_key = f.device_key AND d.device_id <> '' OFFSET 0) d),
    -- 2. What is known: one row per device.
    known AS MATERIALIZED (
        SELECT f.*, t.*, v.*, coalesce(r.template_id, f.template_ref) AS template_id, r.version AS template_version,
            -- Evidence counts from here on: a day back from now, or from when the device was last heard of.
            CASE WHEN f.last_seen >= _day THEN _day ELSE f.last_seen - interval '24 hours' END AS window_start
        FROM present f
        CROSS JOIN LATERAL hindcast.device_traffic(f.device_key, f.life_hour, f.week, _day, f.recent) AS t
        CROSS JOIN LATERAL hindcast.device_judgement(_generation, f.device_key, _day) AS v
        LEFT JOIN hindcast.template_version r ON r.template_version_key = v.template_version_key),
    -- 3. How often it sends, by its own history, and whether it is overdue.
    paced AS MATERIALIZED (
        SELECT k.*, e.expected_interval, k.last_telemetry + greatest(e.expected_interval * 3, interval '15 minutes') AS overdue_at,
            coalesce(k.last_telemetry + greatest(e.expected_interval * 3, interval '15 minutes') < _now, false) AS is_silent,
            EXISTS (SELECT FROM hindcast.source_pulse p WHERE p.source_id = k.telemetry_source AND p.silent_after < _now) AS source_silent,
            k.registration NOT IN ('blocked', 'unapproved', 'deleted') AS may_send,
            k.recent_delayed >= 3 AND k.past_delayed >= 20 AND k.recent_delay / nullif(k.recent_delayed, 0) >= 60e6
                AND k.recent_delay / nullif(k.recent_delayed, 0) >= 5 * k.past_delay / nullif(k.past_delayed, 0) AS is_delay_growing,
            -- More per hour, over the last three, than twice what is usual.
            k.recent_messages > 6 * k.past_messages / nullif(k.past_hours, 0) AS is_rate_growing
        FROM known k CROSS JOIN LATERAL (
            SELECT CASE
                WHEN k.telemetry_7d >= 2 * k.active_hours AND k.active_hours > 0 THEN interval '1 hour' * k.active_hours / k.telemetry_7d
                WHEN k.telemetry > 1 AND k.last_telemetry IS NOT NULL THEN (k.last_telemetry - k.first_telemetry) / (k.telemetry - 1)
            END AS expected_interval OFFSET 0) e),
    -- 4. What is wrong with its messages.
    wrong AS MATERIALIZED (
        SELECT k.device_key, k.template_version, x.* FROM paced k
        CROSS JOIN LATERAL (
            SELECT x.rule, x.severity, x.first_time, x.last_time, x.source_id, x.last_offset, x.count FROM hindcast.finding x
            WHERE x.generation = _generation AND x.device_key = k.device_key AND x.last_time >= k.window_start AND x.severity >= 2 OFFSET 0) x),
    -- 5. The decision table: from facts to causes. `confidence` NULL is the cause's own.
    evidence AS MATERIALIZED (
        -- Findings. A template that is missing no more explains what was, not what is.
        SELECT w.device_key, r.cause, CASE WHEN r.cause IN ('not-assigned', 'template-unknown') AND w.template_version IS NOT NULL THEN 3 END AS confidence,
            w.first_time AS since, w.last_time AS at, w.source_id, w.last_offset AS source_offset, w.count AS messages
        FROM wrong w JOIN hindcast.rule_cause r USING (rule)
        UNION ALL
        -- Error reports of this life that no telemetry has proven over. What services call blocked may also be waiting for approval.
        SELECT k.device_key, x.cause, CASE WHEN x.cause = 'blocked' THEN 2 END, x.first_time, x.last_time, x.source_id, x.last_offset, x.count
        FROM paced k
        CROSS JOIN LATERAL (
            SELECT x.* FROM hindcast.device_error x
            WHERE x.device_key = k.device_key AND x.last_time >= greatest(k.window_start, k.life_start) AND x.cause <> '' OFFSET 0) x
        JOIN hindcast.cause c ON c.cause = x.cause
        WHERE NOT (c.ends AND x.last_time < coalesce(k.last_telemetry, '-infinity'))
            AND NOT (c.cause IN ('blocked', 'not-approved') AND k.blocked IS FALSE AND k.access_time > x.last_time)
        UNION ALL
        -- Acknowledgements of versions that nobody asked for. Few devices acknowledge at all, so that is asked first.
        SELECT k.device_key, 'acknowledgement-wrong', NULL, x.changed_at, x.changed_at, k.judged_source, k.judged_offset, 1
        FROM (
            SELECT DISTINCT x.device_key FROM hindcast.device_property x
            WHERE x.device_key = ANY (_devices) AND coalesce(x.latest_ack_version, x.versioned_ack_version) IS NOT NULL) a
        JOIN paced k USING (device_key)
        CROSS JOIN LATERAL (
            SELECT p.changed_at FROM diagnostics.device_properties p
            WHERE p.tenant = k.tenant AND p.device_id = k.device_id AND p.acknowledged_ahead AND p.changed_at >= k.window_start OFFSET 0) x
        UNION ALL
        -- State. Each line: cause, confidence, rule, since, evidence, messages.
        SELECT k.device_key, s.cause, s.confidence, coalesce(s.since, k.first_seen), coalesce(s.since, k.first_seen), s.source_id, s.source_offset, s.messages
        FROM paced k
        LEFT JOIN LATERAL (
            SELECT x.event_time AS at, x.source_id, x.source_offset FROM hindcast.export_event x
            WHERE x.tenant = k.tenant AND x.act = 'disabled' AND x.event_time >= k.last_telemetry - interval '15 minutes' AND NOT EXISTS (
                SELECT FROM hindcast.export_event y WHERE y.tenant = x.tenant AND y.export_id = x.export_id AND y.act = 'enabled'
                AND (y.event_time, y.source_id, y.source_offset) > (x.event_time, x.source_id, x.source_offset))
            ORDER BY x.event_time DESC, x.source_id DESC, x.source_offset DESC LIMIT 1) o ON k.is_silent
        CROSS JOIN LATERAL (VALUES
            ('blocked', NULL, k.registration = 'blocked', k.access_time, (k.access_place).source_id, (k.access_place).source_offset, 0),
            ('not-approved', NULL, k.registration = 'unapproved', k.approved_time, (k.approved_place).source_id, (k.approved_place).source_offset,
                0),
            ('deleted', NULL, k.registration = 'deleted', k.presence_time, (k.presence_place).source_id, (k.presence_place).source_offset, 0),
            ('not-provisioned', NULL, k.registration = 'registered', k.presence_time, (k.presence_place).source_id, (k.presence_place).source_offset, 0),
            ('throttled', CASE WHEN k.is_rate_growing THEN 2 ELSE 3 END, k.is_delay_growing, k.recent, k.judged_source, k.judged_offset, k.recent_delayed),
            ('not-assigned', CASE WHEN k.last_telemetry IS NULL THEN 3 END, k.template_id IS NULL AND k.registration <> 'deleted', nullif(k.life_start, '-infinity'),
                k.judged_source, k.judged_offset, k.judged_24h),
            ('clock-wrong', 3, NOT k.is_delay_growing AND k.recent_delayed >= 3 AND k.recent_delay / nullif(k.recent_delayed, 0) >= 3600e6,
                k.recent, k.judged_source, k.judged_offset, k.recent_delayed),
            ('export-off', NULL, k.is_silent AND k.may_send AND o.at IS NOT NULL, o.at, o.source_id, o.source_offset, 0),
            ('source-silent', NULL, k.is_silent AND k.may_send AND k.source_silent, k.last_telemetry, k.judged_source, k.judged_offset, 0),
            ('not-connected', NULL, (k.is_silent OR k.last_telemetry IS NULL) AND k.may_send AND k.connection = 'disconnected', k.link_time,
                (k.link_place).source_id, (k.link_place).source_offset, 0),
            ('silent', NULL, k.is_silent AND k.may_send AND NOT k.source_silent, k.last_telemetry, k.judged_source, k.judged_offset, 0),
            ('unstable-connection', CASE WHEN k.flaps_24h < 4 THEN 3 END, k.flaps_24h >= 4 OR k.hidden_24h > 1, k.first_hour, (k.link_place).source_id,
                (k.link_place).source_offset, k.flaps_24h),
            ('repeated-messages', NULL, k.repeated_24h >= 3 AND k.repeated_24h * 100 >= k.messages_24h, k.first_hour, k.judged_source, k.judged_offset,
                k.repeated_24h)
        ) AS s (cause, confidence, holds, since, source_id, source_offset, messages)
        WHERE s.holds),
    -- 6. One row per device and cause, ranked by confidence, then by the cause's rank.
    found AS MATERIALIZED (
        SELECT e.device_key, e.cause, min(coalesce(e.confidence, c.confidence))::smallint AS confidence, min(e.since) AS since,
            (array_agg(ROW(e.source_id, e.source_offset)::hindcast.place ORDER BY e.at DESC, e.source_id DESC, e.source_offset DESC))[1] AS place,
            sum(e.messages)::bigint AS messages,
            (row_number() OVER (PARTITION BY e.device_key ORDER BY min(coalesce(e.confidence, c.confidence)), c.rank))::smallint AS rank
        FROM evidence e JOIN hindcast.cause c USING (cause) GROUP BY e.device_key, e.cause, c.rank),
    -- 7. The label: the first that holds.
    labelled AS MATERIALIZED (
        SELECT k.*, c.causes, c.since AS trouble_since, r.rules,
            CASE
                WHEN k.registration = 'deleted' THEN 'unknown'
                WHEN NOT k.may_send THEN 'blocked'
                WHEN k.template_id IS NULL THEN 'unassigned'
                WHEN k.failed_24h > 0 AND k.failed_24h * 2 >= k.judged_24h THEN 'failing'
                WHEN k.failed_24h > 0 OR k.warned_24h > 0 THEN 'degraded'
                WHEN k.is_silent AND k.source_silent THEN 'unknown'
                WHEN k.is_silent THEN 'silent'
                WHEN k.last_telemetry IS NOT NULL AND c.causes IS NOT NULL THEN 'degraded'
                WHEN k.last_telemetry IS NOT NULL THEN 'healthy'
                ELSE 'unknown'
            END AS health
        FROM paced k
        LEFT JOIN (SELECT f.device_key, array_agg(f.cause ORDER BY f.rank) AS causes, min(f.since) AS since FROM found f GROUP BY f.device_key) c USING (device_key)
        LEFT JOIN (
            SELECT x.device_key, array_agg(x.rule ORDER BY x.severity DESC, x.rule) AS rules FROM (
                SELECT w.device_key, w.rule, max(w.severity) AS severity FROM wrong w WHERE w.last_time >= _day GROUP BY w.device_key, w.rule) x
            GROUP BY x.device_key) r USING (device_key)),
    -- 8. Stored: devices, and those that are there no more. What goes is looked up by key and deleted by its place in the table: joined with it, another index
    -- may seem cheaper while the table grows and has no statistics, and the whole generation would be read.
    gone AS (
        DELETE FROM hindcast.device_snapshot s WHERE s.ctid = ANY (ARRAY(
            SELECT o.ctid FROM (SELECT unnest(_devices) EXCEPT SELECT l.device_key FROM labelled l) AS k (device_key)
            CROSS JOIN LATERAL (
                SELECT o.ctid FROM hindcast.device_snapshot o WHERE o.generation = _generation AND o.device_key = k.device_key OFFSET 0) o))),
    stored AS (
        INSERT INTO hindcast.device_snapshot AS o (
            generation, device_key, tenant, as_of, since, silent_after, next_due, last_seen, last_telemetry, status_since, registered_at, approved_at,
            access_at, provisioned_at, connection_at, expected_interval, messages_24h, failed_messages_24h, malformed_24h, repeated_24h, flaps_24h, score,
            template_version, last_source, is_silent, source_silent, export_off, approved, blocked, provisioned, simulated, health, registration,
            connection, template_id, reasons)
        SELECT _generation, l.device_key, l.tenant, _now,
            CASE WHEN l.health = 'healthy' THEN l.first_telemetry ELSE coalesce(l.trouble_since, l.first_seen) END,
            -- Only where nothing worse holds does silence change the label.
            CASE WHEN l.health = 'healthy' OR l.health = 'degraded' AND l.failed_24h = 0 AND l.warned_24h = 0 THEN l.overdue_at ELSE 'infinity' END,
            least(CASE WHEN NOT l.is_silent THEN l.overdue_at END, l.first_hour + interval '24 hours', 'infinity'),
            l.last_seen, l.last_telemetry,
            CASE l.registration
                WHEN 'deleted' THEN l.presence_time WHEN 'blocked' THEN l.access_time WHEN 'unapproved' THEN l.approved_time
                WHEN 'provisioned' THEN coalesce(CASE WHEN l.provisioned THEN l.provisioned_time END, l.first_telemetry, l.link_time)
                WHEN 'registered' THEN coalesce(l.presence_time, l.approved_time, l.provisioned_time)
                ELSE l.first_seen
            END,
            CASE WHEN l.presence = 1 THEN l.presence_time END, CASE WHEN l.approved IS NOT NULL THEN l.approved_time END,
            CASE WHEN l.blocked IS NOT NULL THEN l.access_time END, CASE WHEN l.provisioned IS NOT NULL THEN l.provisioned_time END, l.link_time,
            l.expected_interval, l.messages_24h, l.failed_24h, l.malformed_24h, l.repeated_24h, l.flaps_24h,
            hindcast.health_score(l.health, CASE WHEN l.health IN ('failing', 'degraded') THEN l.failed_24h * 2 + l.warned_24h ELSE l.messages_24h END),
            l.template_version, CASE WHEN l.last_telemetry IS NOT NULL THEN l.telemetry_source END, l.is_silent, l.is_silent AND l.source_silent,
            -- As SelectMisjudgedDevices asks it, whether the device may send or not: a device that would be asked for again and again otherwise.
            l.is_silent AND l.last_telemetry <= coalesce(hindcast.exports_off_until(l.tenant), '-infinity'),
            l.approved, l.blocked, coalesce(l.provisioned, CASE WHEN l.registration = 'provisioned' THEN true END), l.simulated,
            l.health, l.registration, l.connection, l.template_id,
            CASE
                WHEN l.registration = 'deleted' THEN ARRAY['deleted']
                WHEN l.health = 'blocked' THEN ARRAY[CASE l.registration WHEN 'blocked' THEN 'blocked' ELSE 'not-approved' END]
                WHEN l.health = 'unassigned' THEN ARRAY['template-unassigned']
                WHEN l.health = 'silent' THEN ARRAY['silent']
                WHEN l.is_silent AND l.health = 'unknown' THEN ARRAY['source-silent']
                -- Rules first, then the causes that no rule stands for.
                ELSE coalesce(l.rules, '{}') || ARRAY(
                    SELECT x.cause FROM unnest(l.causes) WITH ORDINALITY AS x (cause, rank)
                    WHERE NOT EXISTS (SELECT FROM hindcast.rule_cause r WHERE r.cause = x.cause AND r.rule = ANY (l.rules)) ORDER BY x.rank)
            END
        FROM labelled l
        ON CONFLICT (generation, device_key) DO UPDATE SET
            tenant = excluded.tenant, as_of = excluded.as_of,
            -- Health that comes back is as old as the look that saw it.
            since = CASE WHEN excluded.health <> 'healthy' THEN excluded.since WHEN o.health = 'healthy' THEN o.since ELSE excluded.as_of END,
            silent_after = excluded.silent_after, next_due = excluded.next_due, last_seen = excluded.last_seen, last_telemetry = excluded.last_telemetry,
            status_since = excluded.status_since, registered_at = excluded.registered_at, approved_at = excluded.approved_at,
            access_at = excluded.access_at, provisioned_at = excluded.provisioned_at, connection_at = excluded.connection_at,
            expected_interval = excluded.expected_interval, messages_24h = excluded.messages_24h, failed_messages_24h = excluded.failed_messages_24h,
            malformed_24h = excluded.malformed_24h, repeated_24h = excluded.repeated_24h, flaps_24h = excluded.flaps_24h, score = excluded.score,
            template_version = excluded.template_version, last_source = excluded.last_source, is_silent = excluded.is_silent,
            source_silent = excluded.source_silent, export_off = excluded.export_off, approved = excluded.approved, blocked = excluded.blocked,
            provisioned = excluded.provisioned, simulated = excluded.simulated, health = excluded.health, registration = excluded.registration, connection = excluded.connection,
            template_id = excluded.template_id, reasons = excluded.reasons),
    -- 9. And their causes.
    over AS (
        DELETE FROM hindcast.device_cause c WHERE c.ctid = ANY (ARRAY(
            SELECT o.ctid FROM unnest(_devices) AS k (device_key)
            CROSS JOIN LATERAL (
                SELECT o.ctid, o.cause FROM hindcast.device_cause o WHERE o.generation = _generation AND o.device_key = k.device_key OFFSET 0) o
            WHERE NOT EXISTS (SELECT FROM found f WHERE f.device_key = k.device_key AND f.cause = o.cause))))
    INSERT INTO hindcast.device_cause (generation, device_key, cause, rank, confidence, since, evidence_source, evidence_offset, messages)
    SELECT _generation, f.device_key, f.cause, f.rank, f.confidence, f.since, (f.place).source_id, (f.place).source_offset, f.messages FROM found f
    ON CONFLICT (generation, device_key, cause) DO UPDATE SET
        rank = excluded.rank, confidence = excluded.confidence, since = excluded.since, evidence_source = excluded.evidence_source,
        evidence_offset = excluded.evidence_offset, messages = excluded.messages;
END $$;

-- Every device of every generation as of now. Who was fine when it was looked at and is overdue since is silent, or unknown where its whole source is. The label
-- shown is a column of a list, not a CASE over the row, so that a condition on it reaches the index on the label stored; two booleans and no number,
-- so that the planner knows that every device has its row there, and reads the worst hundred by index.
CREATE VIEW hindcast.device_label AS
SELECT s.generation, s.device_key, s.tenant, m.shown AS health, coalesce(m.reasons, s.reasons) AS reasons,
    CASE WHEN m.is_overdue THEN s.last_telemetry ELSE s.since END AS since,
    s.score, s.template_id, s.template_version, s.registration, s.connection, s.last_seen, s.last_telemetry, s.expected_interval, s.messages_24h,
    s.failed_messages_24h, s.malformed_24h, s.flaps_24h, s.repeated_24h, s.as_of, s.last_source
FROM hindcast.device_snapshot s
JOIN (VALUES
    ('blocked', false, false, 'blocked', NULL), ('unassigned', false, false, 'unassigned', NULL), ('failing', false, false, 'failing', NULL),
    ('degraded', false, false, 'degraded', NULL), ('silent', false, false, 'silent', NULL), ('healthy', false, false, 'healthy', NULL),
    ('unknown', false, false, 'unknown', NULL), ('degraded', true, false, 'silent', ARRAY['silent']), ('healthy', true, false, 'silent', ARRAY['silent']),
    ('degraded', true, true, 'unknown', ARRAY['source-silent']), ('healthy', true, true, 'unknown', ARRAY['source-silent'])
) AS m (stored, is_overdue, is_source_silent, shown, reasons)
ON m.stored = s.health AND m.is_overdue = (s.silent_after < now()) AND m.is_source_silent = (s.silent_after < now()
    AND s.last_source = ANY (ARRAY(SELECT p.source_id FROM hindcast.source_pulse p WHERE p.silent_after < now())));

-- Counts a generation: the fleet by tenant, its causes, and how many devices each source has, for its pulse. Devices that were deleted are counted beside the
-- others. A source is silent when nothing came for 20 of its own intervals and 15 minutes; one with fewer than ten devices says nothing about the others, and one
-- that has ended is heard of in what took its place: a later life, or the same topic of the embedded broker that came after.
CREATE FUNCTION hindcast.count_fleet(_generation int) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off AS $$
BEGIN
    WITH counted AS MATERIALIZED (
        SELECT l.tenant, l.health, l.registration = 'deleted' AS is_deleted, l.last_source, count(*) AS devices, sum(l.messages_24h) AS messages,
            sum(l.failed_messages_24h) AS failed
        FROM hindcast.device_label l WHERE l.generation = _generation GROUP BY 1, 2, 3, 4),
    gone AS (
        DELETE FROM hindcast.fleet_snapshot s
        WHERE s.generation = _generation AND NOT EXISTS (SELECT FROM counted c WHERE c.tenant = s.tenant)),
    pulse AS (
        INSERT INTO hindcast.source_pulse (source_id, devices, silent_after)
        SELECT c.source_id, coalesce(n.devices, 0),
            CASE WHEN n.devices >= 10 THEN w.last_event_time + greatest(20 * h.spacing, interval '15 minutes') ELSE 'infinity' END
        FROM hindcast.source_cursor c
        CROSS JOIN LATERAL (
            SELECT greatest(c.last_event_time, max(i.last_event_time)) AS last_event_time
            FROM hindcast.source s
            JOIN hindcast.source o ON o.source_id > s.source_id AND o.kind = s.kind AND o.topic = s.topic AND o.partition = s.partition AND o.tenant = s.tenant
                AND (o.cluster = s.cluster OR starts_with(o.cluster, 'embedded-') AND starts_with(s.cluster, 'embedded-'))
            JOIN hindcast.source_cursor i ON i.source_id = o.source_id
            WHERE s.source_id = c.source_id AND s.ended_at IS NOT NULL) w
        LEFT JOIN (SELECT last_source, sum(devices)::bigint AS devices FROM counted GROUP BY 1) n ON n.last_source = c.source_id
        CROSS JOIN LATERAL (
            SELECT interval '1 hour' * count(DISTINCT h.hour) / nullif(sum(h.messages), 0)::float8 AS spacing FROM hindcast.source_hour h
            WHERE h.source_id = c.source_id AND h.hour >= c.last_event_time - interval '7 days') h
        WHERE c.last_event_time IS NOT NULL
        ON CONFLICT (source_id) DO UPDATE SET devices = excluded.devices, silent_after = excluded.silent_after)
    INSERT INTO hindcast.fleet_snapshot AS s (
        generation, tenant, as_of, devices, healthy, degraded, failing, silent, blocked, unassigned, unknown, deleted, messages_24h, failed_messages_24h)
    SELECT _generation, c.tenant, statement_timestamp(), coalesce(sum(c.devices) FILTER (WHERE NOT c.is_deleted), 0),
        coalesce(sum(c.devices) FILTER (WHERE c.health = 'healthy' AND NOT c.is_deleted), 0),
        coalesce(sum(c.devices) FILTER (WHERE c.health = 'degraded' AND NOT c.is_deleted), 0),
        coalesce(sum(c.devices) FILTER (WHERE c.health = 'failing' AND NOT c.is_deleted), 0),
        coalesce(sum(c.devices) FILTER (WHERE c.health = 'silent' AND NOT c.is_deleted), 0),
        coalesce(sum(c.devices) FILTER (WHERE c.health = 'blocked' AND NOT c.is_deleted), 0),
        coalesce(sum(c.devices) FILTER (WHERE c.health = 'unassigned' AND NOT c.is_deleted), 0),
        coalesce(sum(c.devices) FILTER (WHERE c.health = 'unknown' AND NOT c.is_deleted), 0),
        coalesce(sum(c.devices) FILTER (WHERE c.is_deleted), 0), sum(c.messages), sum(c.failed)
    FROM counted c GROUP BY c.tenant
    ON CONFLICT (generation, tenant) DO UPDATE SET
        as_of = excluded.as_of, devices = excluded.devices, healthy = excluded.healthy, degraded = excluded.degraded, failing = excluded.failing,
        silent = excluded.silent, blocked = excluded.blocked, unassigned = excluded.unassigned, unknown = excluded.unknown, deleted = excluded.deleted,
        messages_24h = excluded.messages_24h, failed_messages_24h = excluded.failed_messages_24h;

    WITH counted AS MATERIALIZED (
        SELECT d.tenant, c.cause, count(*) AS devices, sum(c.messages) AS messages, min(c.since) AS first_seen, min(c.confidence) AS confidence
        FROM hindcast.device_cause c JOIN hindcast.device d USING (device_key) WHERE c.generation = _generation GROUP BY 1, 2),
    gone AS (
        DELETE FROM hindcast.fleet_cause s
        WHERE s.generation = _generation AND NOT EXISTS (SELECT FROM counted c WHERE c.tenant = s.tenant AND c.cause = s.cause))
    INSERT INTO hindcast.fleet_cause (generation, tenant, cause, devices, messages, first_seen, confidence, as_of)
    SELECT _generation, c.tenant, c.cause, c.devices, c.messages, c.first_seen, c.confidence, statement_timestamp() FROM counted c
    ON CONFLICT (generation, tenant, cause) DO UPDATE SET
        devices = excluded.devices, messages = excluded.messages, first_seen = excluded.first_seen, confidence = excluded.confidence,
        as_of = excluded.as_of;
END $$;

CREATE VIEW diagnostics.device_health AS
SELECT d.tenant, d.device_id, s.template_id, s.template_version, s.registration, s.connection, s.health, s.reasons, s.last_seen, s.last_telemetry,
    s.expected_interval, s.messages_24h, s.failed_messages_24h, s.malformed_24h, s.since, s.score, s.flaps_24h, s.repeated_24h, s.as_of
FROM hindcast.device_label s JOIN hindcast.device d ON d.device_key = s.device_key AND d.tenant = s.tenant
WHERE s.generation = (SELECT l.generation FROM hindcast.live_generation l);

CREATE VIEW diagnostics.device_registration AS
SELECT d.tenant, d.device_id, s.registration AS status, s.approved, s.blocked, s.provisioned, s.simulated, s.template_id, s.status_since,
    nullif(concat_ws(' ', r.mitigation, CASE WHEN s.template_id IS NULL AND s.registration <> 'deleted' THEN 'No template is assigned: assign one.' END), '')
        AS mitigation,
    r.meaning, s.registered_at, s.approved_at, s.access_at AS blocked_at, s.provisioned_at, s.as_of
FROM hindcast.device_snapshot s
JOIN hindcast.device d ON d.device_key = s.device_key AND d.tenant = s.tenant
LEFT JOIN hindcast.registration_status r ON r.status = s.registration
WHERE s.generation = (SELECT l.generation FROM hindcast.live_generation l);

CREATE VIEW diagnostics.device_diagnosis AS
SELECT d.tenant, d.device_id, s.cause, (ARRAY['certain', 'likely', 'possible'])[s.confidence] AS confidence, s.since, s.evidence_source, s.evidence_offset,
    c.mitigation, s.rank, c.meaning, s.messages
FROM hindcast.device_cause s
JOIN hindcast.device d USING (device_key)
JOIN hindcast.cause c USING (cause)
WHERE s.generation = (SELECT l.generation FROM hindcast.live_generation l);

CREATE VIEW diagnostics.fleet_summary AS
SELECT s.tenant, s.as_of, s.devices, s.healthy, s.degraded, s.failing, s.silent, s.blocked, s.unassigned, s.unknown, s.messages_24h, s.failed_messages_24h,
    0::bigint AS open_gaps,  -- gaps belong to exports, and none can be defined yet
    s.deleted
FROM hindcast.fleet_snapshot s WHERE s.generation = (SELECT l.generation FROM hindcast.live_generation l);

CREATE VIEW diagnostics.fleet_causes AS
SELECT s.tenant, s.cause, s.devices, s.messages, s.first_seen, (ARRAY['certain', 'likely', 'possible'])[s.confidence] AS confidence, c.mitigation, s.as_of,
    c.meaning, c.rank AS cause_rank
FROM hindcast.fleet_cause s JOIN hindcast.cause c USING (cause)
WHERE s.generation = (SELECT l.generation FROM hindcast.live_generation l);

COMMENT ON VIEW diagnostics.device_health IS 'One row per device: whether its data arrives and is right. A label that is overdue turns silent when the query runs; everything else is as of `as_of`.';
COMMENT ON COLUMN diagnostics.device_health.tenant IS 'The namespace of the device id.';
COMMENT ON COLUMN diagnostics.device_health.device_id IS 'The device.';
COMMENT ON COLUMN diagnostics.device_health.template_id IS 'The template that applied last, else the one that the messages name; NULL for none.';
COMMENT ON COLUMN diagnostics.device_health.template_version IS 'The version of the template that applied last; NULL where none did.';
COMMENT ON COLUMN diagnostics.device_health.registration IS 'provisioned, registered, unapproved, blocked, deleted or unknown; device_registration explains it.';
COMMENT ON COLUMN diagnostics.device_health.connection IS 'connected, disconnected or unknown. Telemetry after a disconnect proves a connection.';
COMMENT ON COLUMN diagnostics.device_health.health IS 'The first that holds of blocked, unassigned, failing, degraded, silent, healthy, unknown; docs/diagnosis.md says when each does.';
COMMENT ON COLUMN diagnostics.device_health.reasons IS 'Rules broken in the last 24 hours, worst first, then other causes; or the label''s own reason.';
COMMENT ON COLUMN diagnostics.device_health.last_seen IS 'The event time of the last event of any kind.';
COMMENT ON COLUMN diagnostics.device_health.last_telemetry IS 'The event time of the last telemetry in the device''s current life; NULL before the first.';
COMMENT ON COLUMN diagnostics.device_health.expected_interval IS 'How often it sends telemetry, by its own last seven days; NULL before the second message.';
COMMENT ON COLUMN diagnostics.device_health.messages_24h IS 'Events of the last 24 hours, in whole UTC hours.';
COMMENT ON COLUMN diagnostics.device_health.failed_messages_24h IS 'Of them, events with a finding of severity error.';
COMMENT ON COLUMN diagnostics.device_health.malformed_24h IS 'Of them, events whose payload is not JSON.';
COMMENT ON COLUMN diagnostics.device_health.since IS 'Since when what the label stands for has held, as far as is known.';
COMMENT ON COLUMN diagnostics.device_health.score IS 'Orders the fleet, greater is worse: failing, unassigned, degraded, silent, unknown, blocked, healthy, and within a label by how much it concerns.';
COMMENT ON COLUMN diagnostics.device_health.flaps_24h IS 'How often the connection changed in the last 24 hours; 0 where that is the renewal of tokens.';
COMMENT ON COLUMN diagnostics.device_health.repeated_24h IS 'Events of the last 24 hours that repeat one shortly before.';
COMMENT ON COLUMN diagnostics.device_health.as_of IS 'When the row was derived.';

COMMENT ON VIEW diagnostics.device_registration IS 'One row per device: may it connect, has it ever, and what to do.';
COMMENT ON COLUMN diagnostics.device_registration.tenant IS 'The namespace of the device id.';
COMMENT ON COLUMN diagnostics.device_registration.device_id IS 'The device.';
COMMENT ON COLUMN diagnostics.device_registration.status IS 'provisioned, registered, unapproved, blocked, deleted or unknown: one word out of the facts beside it.';
COMMENT ON COLUMN diagnostics.device_registration.approved IS 'Whether the device was let in; NULL where nobody said so.';
COMMENT ON COLUMN diagnostics.device_registration.blocked IS 'Whether an operator keeps it from connecting; NULL where nobody said so.';
COMMENT ON COLUMN diagnostics.device_registration.provisioned IS 'Whether it has signed in, said or proven; it keeps its value while the device is blocked. NULL where nothing is known.';
COMMENT ON COLUMN diagnostics.device_registration.simulated IS 'Whether the service simulates it; NULL where nobody said so.';
COMMENT ON COLUMN diagnostics.device_registration.template_id IS 'The template that applies; NULL: the device is unassigned, whatever its status.';
COMMENT ON COLUMN diagnostics.device_registration.status_since IS 'Since when the status holds.';
COMMENT ON COLUMN diagnostics.device_registration.mitigation IS 'What to do; NULL for nothing.';
COMMENT ON COLUMN diagnostics.device_registration.meaning IS 'What the status means.';
COMMENT ON COLUMN diagnostics.device_registration.registered_at IS 'When the identity was last made; NULL where nobody said so.';
COMMENT ON COLUMN diagnostics.device_registration.approved_at IS 'When `approved` was last said.';
COMMENT ON COLUMN diagnostics.device_registration.blocked_at IS 'When the device was last blocked or let in again.';
COMMENT ON COLUMN diagnostics.device_registration.provisioned_at IS 'When `provisioned` was last said.';
COMMENT ON COLUMN diagnostics.device_registration.as_of IS 'When the row was derived.';

COMMENT ON VIEW diagnostics.device_diagnosis IS 'One row per device and cause of trouble. A device without rows has nothing wrong that Hindcast can find.';
COMMENT ON COLUMN diagnostics.device_diagnosis.tenant IS 'The namespace of the device id.';
COMMENT ON COLUMN diagnostics.device_diagnosis.device_id IS 'The device.';
COMMENT ON COLUMN diagnostics.device_diagnosis.cause IS 'The cause, of the closed list in docs/diagnosis.md.';
COMMENT ON COLUMN diagnostics.device_diagnosis.confidence IS 'certain, likely or possible.';
COMMENT ON COLUMN diagnostics.device_diagnosis.since IS 'When the evidence begins.';
COMMENT ON COLUMN diagnostics.device_diagnosis.evidence_source IS 'The source of the newest event that speaks for it; NULL where there is no single one.';
COMMENT ON COLUMN diagnostics.device_diagnosis.evidence_offset IS 'The offset of that event, for `hindcast events show SOURCE:OFFSET`.';
COMMENT ON COLUMN diagnostics.device_diagnosis.mitigation IS 'What to do.';
COMMENT ON COLUMN diagnostics.device_diagnosis.rank IS '1 is the first cause to look at: by confidence, then by the order of the list.';
COMMENT ON COLUMN diagnostics.device_diagnosis.meaning IS 'What the cause means.';
COMMENT ON COLUMN diagnostics.device_diagnosis.messages IS 'How many messages or reports speak for it; 0 where it is a state.';

COMMENT ON VIEW diagnostics.fleet_summary IS 'One row per tenant: the fleet by health. A snapshot that `hindcast project` refreshes every few seconds.';
COMMENT ON COLUMN diagnostics.fleet_summary.tenant IS 'The namespace of the device ids.';
COMMENT ON COLUMN diagnostics.fleet_summary.as_of IS 'When it was counted.';
COMMENT ON COLUMN diagnostics.fleet_summary.devices IS 'Devices, without deleted ones; the seven labels sum to it.';
COMMENT ON COLUMN diagnostics.fleet_summary.healthy IS 'Devices whose data arrives and is right.';
COMMENT ON COLUMN diagnostics.fleet_summary.degraded IS 'Devices some of whose messages failed or had a warning, or that send and have another cause of trouble.';
COMMENT ON COLUMN diagnostics.fleet_summary.failing IS 'Devices at least half of whose messages of the last 24 hours failed.';
COMMENT ON COLUMN diagnostics.fleet_summary.silent IS 'Devices that stopped sending, each by its own interval.';
COMMENT ON COLUMN diagnostics.fleet_summary.blocked IS 'Devices that an operator blocked or nobody has approved.';
COMMENT ON COLUMN diagnostics.fleet_summary.unassigned IS 'Devices without a template.';
COMMENT ON COLUMN diagnostics.fleet_summary.unknown IS 'Devices that never sent telemetry, or whose whole source is silent.';
COMMENT ON COLUMN diagnostics.fleet_summary.messages_24h IS 'Events of the last 24 hours of all devices, in whole UTC hours.';
COMMENT ON COLUMN diagnostics.fleet_summary.failed_messages_24h IS 'Of them, events with a finding of severity error.';
COMMENT ON COLUMN diagnostics.fleet_summary.open_gaps IS 'Export gaps that are open; 0 as long as no exports can be defined.';
COMMENT ON COLUMN diagnostics.fleet_summary.deleted IS 'Devices whose identity was deleted, which are counted nowhere else here.';

COMMENT ON VIEW diagnostics.fleet_causes IS 'One row per tenant and cause: how many devices it concerns. Counted with fleet_summary.';
COMMENT ON COLUMN diagnostics.fleet_causes.tenant IS 'The namespace of the device ids.';
COMMENT ON COLUMN diagnostics.fleet_causes.cause IS 'The cause, of the closed list in docs/diagnosis.md.';
COMMENT ON COLUMN diagnostics.fleet_causes.devices IS 'How many devices have it.';
COMMENT ON COLUMN diagnostics.fleet_causes.messages IS 'How many messages or reports speak for it.';
COMMENT ON COLUMN diagnostics.fleet_causes.first_seen IS 'When the evidence of the first device begins.';
COMMENT ON COLUMN diagnostics.fleet_causes.confidence IS 'The best confidence among the devices: certain, likely or possible.';
COMMENT ON COLUMN diagnostics.fleet_causes.mitigation IS 'What to do.';
COMMENT ON COLUMN diagnostics.fleet_causes.as_of IS 'When it was counted.';
COMMENT ON COLUMN diagnostics.fleet_causes.meaning IS 'What the cause means.';
COMMENT ON COLUMN diagnostics.fleet_causes.cause_rank IS 'The order of causes of the same confidence.';
COMMENT ON COLUMN diagnostics.raw_events.decoder IS 'The version of the decoder that the columns above come from.';

REVOKE ALL ON FUNCTION hindcast.day_start, hindcast.exports_off_until, hindcast.health_score, hindcast.device_present,
    hindcast.device_traffic, hindcast.device_judgement, hindcast.refresh_device_snapshot, hindcast.count_fleet FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hindcast.day_start, hindcast.exports_off_until, hindcast.health_score, hindcast.device_present,
    hindcast.device_traffic, hindcast.device_judgement, hindcast.refresh_device_snapshot, hindcast.count_fleet TO {{role_project}};
GRANT SELECT ON hindcast.cause, hindcast.rule_cause, hindcast.registration_status, hindcast.device_fact, hindcast.device_label TO {{role_project}}, {{role_admin}};
GRANT SELECT, INSERT, UPDATE, DELETE ON hindcast.source_pulse, hindcast.device_snapshot, hindcast.device_cause, hindcast.snapshot_progress,
    hindcast.snapshot_position, hindcast.fleet_cause TO {{role_project}};
GRANT SELECT ON hindcast.source_pulse, hindcast.device_snapshot, hindcast.device_cause, hindcast.snapshot_progress, hindcast.snapshot_position,
    hindcast.fleet_cause TO {{role_admin}};
GRANT UPDATE (derivation) ON hindcast.snapshot_progress TO {{role_admin}};
GRANT SELECT ON diagnostics.device_health, diagnostics.device_registration, diagnostics.device_diagnosis, diagnostics.fleet_summary,
    diagnostics.fleet_causes TO {{role_dashboard}}, {{role_admin}};
RESET ROLE;
