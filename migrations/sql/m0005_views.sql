-- The public contract: schema `diagnostics`. A view's columns may be added to, never renamed or removed. Documented in docs/sql-views.md.
-- Locks: new views only. Duration: milliseconds.
SET LOCAL ROLE {{role_owner}};

-- Text of bytes that are UTF-8, else NULL: a view over foreign bytes must not fail for one bad row.
-- Not parallel safe: EXCEPTION begins a subtransaction, which nobody may in a parallel query. Queries that leave these two columns out stay parallel.
CREATE FUNCTION hindcast.utf8_text(_bytes bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE AS $$
BEGIN
    RETURN convert_from(_bytes, 'UTF8');
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$;

-- Whether bytes are JSON by Postgres's reader; deeper nesting than its stack takes counts as not.
CREATE FUNCTION hindcast.is_json(_bytes bytea) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE AS $$
BEGIN
    PERFORM convert_from(_bytes, 'UTF8')::json;
    RETURN true;
EXCEPTION WHEN OTHERS THEN
    RETURN false;
END $$;

CREATE VIEW diagnostics.raw_events AS
SELECT d.tenant, e.segment, e.source_id, e.source_offset, d.device_id,
    (ARRAY['telemetry', 'property_reported', 'property_desired', 'property_cloud', 'twin', 'connected', 'disconnected', 'registered', 'deleted',
        'provisioned', 'enabled', 'disabled', 'renamed', 'template_assigned', 'template_lifecycle', 'audit', 'error_report', 'export_state',
        'delivery_receipt', 'tombstone', 'unsupported', 'undecodable'])[e.kind] AS kind,
    (ARRAY['none', 'iotcentral', 'iotcentral_preview', 'iotcentral_transform', 'iotcentral_legacy', 'iothub', 'cloudevents', 'hono',
        'raw'])[e.envelope + 1] AS envelope,
    e.module, e.component, e.event_time, e.broker_time, e.ingest_time, e.device_time, e.template_ref, e.key, e.headers, e.payload,
    hindcast.utf8_text(e.payload) AS payload_text, hindcast.is_json(e.payload) AS is_json
FROM hindcast.event e JOIN hindcast.device d USING (device_key);

CREATE VIEW diagnostics.validation_findings AS
SELECT d.tenant, d.device_id, coalesce(nullif(f.template_ref, ''), t.template_id) AS template_id, t.version AS template_version,
    f.module, f.component, f.path, f.rule,
    (ARRAY['info', 'warning', 'error'])[max(f.severity)] AS severity,
    (array_agg(f.message ORDER BY f.last_time DESC, f.source_id DESC, f.last_offset DESC))[1] AS message,
    sum(f.count)::bigint AS count,
    min(f.first_time) AS first_seen, max(f.last_time) AS last_seen,
    (array_agg(f.source_id ORDER BY f.first_time, f.source_id, f.first_offset))[1] AS first_source,
    (array_agg(f.first_offset ORDER BY f.first_time, f.source_id, f.first_offset))[1] AS first_offset,
    (array_agg(f.source_id ORDER BY f.last_time DESC, f.source_id DESC, f.last_offset DESC))[1] AS last_source,
    (array_agg(f.last_offset ORDER BY f.last_time DESC, f.source_id DESC, f.last_offset DESC))[1] AS last_offset,
    f.generation,
    (array_agg(f.expected ORDER BY f.last_time DESC, f.source_id DESC, f.last_offset DESC))[1] AS expected,
    (array_agg(f.actual ORDER BY f.last_time DESC, f.source_id DESC, f.last_offset DESC))[1] AS actual,
    (array_agg(f.suggestion ORDER BY f.last_time DESC, f.source_id DESC, f.last_offset DESC))[1] AS suggestion
FROM hindcast.finding f
JOIN hindcast.device d USING (device_key)
LEFT JOIN hindcast.template_version t USING (template_version_key)
WHERE f.generation = (SELECT l.generation FROM hindcast.live_generation l)
GROUP BY d.tenant, d.device_id, f.template_ref, t.template_id, t.version, f.module, f.component, f.path, f.rule, f.generation;

CREATE VIEW diagnostics.validation_findings_hourly AS
SELECT f.tenant, coalesce(nullif(f.template_ref, ''), t.template_id) AS template_id, t.version AS template_version, f.component, f.path, f.rule, f.hour,
    (ARRAY['info', 'warning', 'error'])[max(f.severity)] AS severity, sum(f.count)::bigint AS count, f.generation
FROM hindcast.finding_hour f
LEFT JOIN hindcast.template_version t USING (template_version_key)
WHERE f.generation = (SELECT l.generation FROM hindcast.live_generation l)
GROUP BY f.tenant, f.template_ref, t.template_id, t.version, f.component, f.path, f.rule, f.hour, f.generation;

CREATE VIEW diagnostics.unmodeled_capabilities AS
SELECT d.tenant, coalesce(nullif(f.template_ref, ''), t.template_id) AS template_id, f.module, f.component, substr(f.path, 2) AS name,
    count(DISTINCT d.device_key) AS devices, sum(f.count)::bigint AS count,
    (array_agg(f.actual ORDER BY f.last_time DESC, f.source_id DESC, f.last_offset DESC))[1] AS json_type,
    (array_agg(f.suggestion ORDER BY f.last_time DESC, f.source_id DESC, f.last_offset DESC))[1] AS suggestion,
    min(f.first_time) AS first_seen, max(f.last_time) AS last_seen
FROM hindcast.finding f
JOIN hindcast.device d USING (device_key)
LEFT JOIN hindcast.template_version t USING (template_version_key)
WHERE f.generation = (SELECT l.generation FROM hindcast.live_generation l)
    AND f.rule IN ('capability-undefined', 'capability-case', 'component-missing', 'edge-runtime-outdated')
GROUP BY d.tenant, f.template_ref, t.template_id, f.module, f.component, f.path;

-- The position of an event.
CREATE TYPE hindcast.place AS (source_id int, source_offset bigint);

-- Merges a device's sources: sums, minima, maxima, and for each fact the last writer by (time, source, offset). Sequence numbers of two hubs cannot be compared,
-- so across sources time decides between their words too.
CREATE VIEW hindcast.device_fact AS
SELECT f.*, l.generations, l.generation_first, hindcast.life_start(f.presence_time, l.generations, l.generation_first) AS life_start
FROM (
    SELECT s.device_key, min(s.first_seen) AS first_seen, max(s.last_seen) AS last_seen, sum(s.messages)::bigint AS messages, sum(s.bytes)::bigint AS bytes,
        sum(s.telemetry)::bigint AS telemetry, sum(s.repeated)::bigint AS repeated, sum(s.expired)::bigint AS expired,
        min(s.first_telemetry) AS first_telemetry, max(s.last_telemetry) AS last_telemetry,
        (array_agg(s.source_id ORDER BY s.last_telemetry DESC, s.source_id DESC) FILTER (WHERE s.last_telemetry IS NOT NULL))[1] AS telemetry_source,
        max(s.last_property) AS last_property,
        (array_agg(s.template_ref ORDER BY s.template_time DESC, s.source_id DESC, s.template_offset DESC) FILTER (WHERE s.template_time IS NOT NULL))[1] AS template_ref,
        max(s.template_time) AS template_time,
        (array_agg(s.connection ORDER BY s.connection_time DESC, s.source_id DESC, s.connection_offset DESC) FILTER (WHERE s.connection_time IS NOT NULL))[1] AS connection,
        max(s.connection_time) AS connection_time,
        (array_agg(ROW(s.source_id, s.connection_offset)::hindcast.place ORDER BY s.connection_time DESC, s.source_id DESC, s.connection_offset DESC) FILTER (WHERE s.connection_time IS NOT NULL))[1] AS connection_place,
        (array_agg(s.hub_connection ORDER BY s.hub_connection_time DESC, s.source_id DESC, s.hub_connection_offset DESC) FILTER (WHERE s.hub_connection_time IS NOT NULL))[1] AS hub_connection,
        max(s.hub_connection_time) AS hub_connection_time,
        (array_agg(ROW(s.source_id, s.hub_connection_offset)::hindcast.place ORDER BY s.hub_connection_time DESC, s.source_id DESC, s.hub_connection_offset DESC) FILTER (WHERE s.hub_connection_time IS NOT NULL))[1] AS hub_connection_place,
        (array_agg(s.presence ORDER BY s.presence_time DESC, s.source_id DESC, s.presence_offset DESC) FILTER (WHERE s.presence_time IS NOT NULL))[1] AS presence,
        max(s.presence_time) AS presence_time,
        (array_agg(ROW(s.source_id, s.presence_offset)::hindcast.place ORDER BY s.presence_time DESC, s.source_id DESC, s.presence_offset DESC) FILTER (WHERE s.presence_time IS NOT NULL))[1] AS presence_place,
        (array_agg(s.provisioned ORDER BY s.provisioned_time DESC, s.source_id DESC, s.provisioned_offset DESC) FILTER (WHERE s.provisioned_time IS NOT NULL))[1] AS provisioned,
        max(s.provisioned_time) AS provisioned_time,
        (array_agg(s.approved ORDER BY s.approved_time DESC, s.source_id DESC, s.approved_offset DESC) FILTER (WHERE s.approved_time IS NOT NULL))[1] AS approved,
        max(s.approved_time) AS approved_time,
        (array_agg(ROW(s.source_id, s.approved_offset)::hindcast.place ORDER BY s.approved_time DESC, s.source_id DESC, s.approved_offset DESC) FILTER (WHERE s.approved_time IS NOT NULL))[1] AS approved_place,
        (array_agg(s.access ORDER BY s.access_time DESC, s.source_id DESC, s.access_offset DESC) FILTER (WHERE s.access_time IS NOT NULL))[1] AS access,
        max(s.access_time) AS access_time,
        (array_agg(ROW(s.source_id, s.access_offset)::hindcast.place ORDER BY s.access_time DESC, s.source_id DESC, s.access_offset DESC) FILTER (WHERE s.access_time IS NOT NULL))[1] AS access_place,
        (array_agg(s.simulated ORDER BY s.simulated_time DESC, s.source_id DESC, s.simulated_offset DESC) FILTER (WHERE s.simulated_time IS NOT NULL))[1] AS simulated,
        max(s.simulated_time) AS simulated_time,
        max(s.template_assigned_time) AS template_assigned_time
    FROM hindcast.device_state s GROUP BY s.device_key) f
-- How many identities the id has had, and since when the last one is seen; each source is asked by key, also where there are no statistics.
LEFT JOIN LATERAL (
    SELECT count(*) AS generations, (array_agg(g.first_time ORDER BY g.last_time DESC, g.generation DESC))[1] AS generation_first
    FROM (
        SELECT i.generation, min(i.first_time) AS first_time, max(i.last_time) AS last_time
        FROM hindcast.device_state s
        CROSS JOIN LATERAL (SELECT i.* FROM hindcast.device_life i WHERE i.source_id = s.source_id AND i.device_key = s.device_key OFFSET 0) i
        WHERE s.device_key = f.device_key GROUP BY i.generation) g) l ON true;

CREATE VIEW diagnostics.ingest_progress AS
SELECT s.tenant, s.source_id, s.topic, s.partition, c.next_offset, c.end_offset, greatest(c.end_offset - c.next_offset, 0) AS lag,
    c.last_event_time, c.last_advanced, c.owner, s.kind, s.cluster, s.life, s.ended_at
FROM hindcast.source s JOIN hindcast.source_cursor c USING (source_id);

CREATE VIEW diagnostics.projection_progress AS
SELECT s.tenant, p.projection, p.generation, p.source_id, p.next_offset, greatest(c.next_offset - p.next_offset, 0) AS lag,
    p.last_advanced, p.last_polled, p.owner, p.state, p.failure
FROM hindcast.projection_checkpoint p JOIN hindcast.source s USING (source_id) JOIN hindcast.source_cursor c USING (source_id);

CREATE VIEW diagnostics.log_holes AS
SELECT s.tenant, h.source_id, h.first_offset, h.last_offset, h.reason, h.recorded_at
FROM hindcast.log_hole h JOIN hindcast.source s USING (source_id);

COMMENT ON VIEW diagnostics.raw_events IS 'One row per event of the log. What an event is, and of which device, is the last answer: that of the decoder which logged it, or of a later one after `hindcast log reindex`.';
COMMENT ON COLUMN diagnostics.raw_events.tenant IS 'The namespace of the device id: the IoT Central application, or what the topic''s settings say.';
COMMENT ON COLUMN diagnostics.raw_events.segment IS 'The UTC day of writing, days since 2000-01-01. Filter on it, or on ingest_time, to read few leaves.';
COMMENT ON COLUMN diagnostics.raw_events.source_id IS 'The source: a partition of a topic in one life of it, or a capture file.';
COMMENT ON COLUMN diagnostics.raw_events.source_offset IS 'The event''s offset in its source.';
COMMENT ON COLUMN diagnostics.raw_events.device_id IS 'The device; empty where the record names none.';
COMMENT ON COLUMN diagnostics.raw_events.kind IS 'What the event is: telemetry, property_reported, connected and so on.';
COMMENT ON COLUMN diagnostics.raw_events.envelope IS 'Which wire format wrapped it.';
COMMENT ON COLUMN diagnostics.raw_events.module IS 'The edge module; NULL for the device itself.';
COMMENT ON COLUMN diagnostics.raw_events.component IS 'The component; NULL for the default one.';
COMMENT ON COLUMN diagnostics.raw_events.event_time IS 'The service''s time, or the broker''s where that one is implausible.';
COMMENT ON COLUMN diagnostics.raw_events.broker_time IS 'The record''s timestamp in Kafka.';
COMMENT ON COLUMN diagnostics.raw_events.ingest_time IS 'When the log took it in.';
COMMENT ON COLUMN diagnostics.raw_events.device_time IS 'The device''s own clock, where the message carries it.';
COMMENT ON COLUMN diagnostics.raw_events.template_ref IS 'The template id that the message names.';
COMMENT ON COLUMN diagnostics.raw_events.key IS 'The record''s key, as it arrived.';
COMMENT ON COLUMN diagnostics.raw_events.headers IS 'The record''s headers, in the layout of docs/event-log.md.';
COMMENT ON COLUMN diagnostics.raw_events.payload IS 'The record''s value, as it arrived.';
COMMENT ON COLUMN diagnostics.raw_events.payload_text IS 'The payload as text; NULL where the bytes are not UTF-8.';
COMMENT ON COLUMN diagnostics.raw_events.is_json IS 'Whether the payload is JSON by Postgres''s own reader.';

COMMENT ON VIEW diagnostics.validation_findings IS 'One row per device, template version, module, component, path and rule, of the live generation.';
COMMENT ON COLUMN diagnostics.validation_findings.tenant IS 'The namespace of the device id.';
COMMENT ON COLUMN diagnostics.validation_findings.device_id IS 'The device.';
COMMENT ON COLUMN diagnostics.validation_findings.template_id IS 'The template that applied, or the one that the message names.';
COMMENT ON COLUMN diagnostics.validation_findings.template_version IS 'The version of the template that applied; NULL where none did.';
COMMENT ON COLUMN diagnostics.validation_findings.module IS 'The edge module; empty for the device itself.';
COMMENT ON COLUMN diagnostics.validation_findings.component IS 'The component; empty for the default one.';
COMMENT ON COLUMN diagnostics.validation_findings.path IS 'JSON Pointer from the device''s values, array indices and map keys as `*`; `/*` for names that are not told apart (at most 64 per device and day are).';
COMMENT ON COLUMN diagnostics.validation_findings.rule IS 'The rule that was broken; docs/rules.md explains each.';
COMMENT ON COLUMN diagnostics.validation_findings.severity IS 'info, warning or error.';
COMMENT ON COLUMN diagnostics.validation_findings.message IS 'One sentence about the last occurrence.';
COMMENT ON COLUMN diagnostics.validation_findings.count IS 'How often it occurred.';
COMMENT ON COLUMN diagnostics.validation_findings.first_seen IS 'The event time of the first occurrence.';
COMMENT ON COLUMN diagnostics.validation_findings.last_seen IS 'The event time of the last occurrence.';
COMMENT ON COLUMN diagnostics.validation_findings.first_source IS 'The source of the first occurrence.';
COMMENT ON COLUMN diagnostics.validation_findings.first_offset IS 'The offset of the first occurrence, for `hindcast events show SOURCE:OFFSET`.';
COMMENT ON COLUMN diagnostics.validation_findings.last_source IS 'The source of the last occurrence.';
COMMENT ON COLUMN diagnostics.validation_findings.last_offset IS 'The offset of the last occurrence.';
COMMENT ON COLUMN diagnostics.validation_findings.generation IS 'The generation that says so.';
COMMENT ON COLUMN diagnostics.validation_findings.expected IS 'What the rule expects, of the last occurrence.';
COMMENT ON COLUMN diagnostics.validation_findings.actual IS 'What was found, in the last occurrence.';
COMMENT ON COLUMN diagnostics.validation_findings.suggestion IS 'The nearest defined name, where there is one.';

COMMENT ON VIEW diagnostics.validation_findings_hourly IS 'One row per template version, component, path, rule and hour, of the live generation.';
COMMENT ON COLUMN diagnostics.validation_findings_hourly.tenant IS 'The namespace of the device ids.';
COMMENT ON COLUMN diagnostics.validation_findings_hourly.template_id IS 'The template that applied, or the one that messages name.';
COMMENT ON COLUMN diagnostics.validation_findings_hourly.template_version IS 'The version of the template that applied; NULL where none did.';
COMMENT ON COLUMN diagnostics.validation_findings_hourly.component IS 'The component; `*` for rules whose place a device chooses.';
COMMENT ON COLUMN diagnostics.validation_findings_hourly.path IS 'The path; `*` for rules whose place a device chooses.';
COMMENT ON COLUMN diagnostics.validation_findings_hourly.rule IS 'The rule that was broken.';
COMMENT ON COLUMN diagnostics.validation_findings_hourly.hour IS 'The start of the UTC hour, by event time.';
COMMENT ON COLUMN diagnostics.validation_findings_hourly.severity IS 'info, warning or error.';
COMMENT ON COLUMN diagnostics.validation_findings_hourly.count IS 'How often it occurred.';
COMMENT ON COLUMN diagnostics.validation_findings_hourly.generation IS 'The generation that says so.';

COMMENT ON VIEW diagnostics.unmodeled_capabilities IS 'One row per template, module, component and name that devices send and the template does not define, of the live generation.';
COMMENT ON COLUMN diagnostics.unmodeled_capabilities.tenant IS 'The namespace of the device ids.';
COMMENT ON COLUMN diagnostics.unmodeled_capabilities.template_id IS 'The template.';
COMMENT ON COLUMN diagnostics.unmodeled_capabilities.module IS 'The edge module; empty for the device itself.';
COMMENT ON COLUMN diagnostics.unmodeled_capabilities.component IS 'The component; empty for the default one.';
COMMENT ON COLUMN diagnostics.unmodeled_capabilities.name IS 'The name, as devices send it.';
COMMENT ON COLUMN diagnostics.unmodeled_capabilities.devices IS 'How many devices send it.';
COMMENT ON COLUMN diagnostics.unmodeled_capabilities.count IS 'How often it was sent.';
COMMENT ON COLUMN diagnostics.unmodeled_capabilities.json_type IS 'The JSON type of the last value.';
COMMENT ON COLUMN diagnostics.unmodeled_capabilities.suggestion IS 'The nearest defined name, where there is one.';
COMMENT ON COLUMN diagnostics.unmodeled_capabilities.first_seen IS 'The event time of the first occurrence.';
COMMENT ON COLUMN diagnostics.unmodeled_capabilities.last_seen IS 'The event time of the last occurrence.';

COMMENT ON VIEW diagnostics.ingest_progress IS 'One row per source: how far the log has come in it.';
COMMENT ON COLUMN diagnostics.ingest_progress.tenant IS 'What the source''s settings say; empty where messages say it.';
COMMENT ON COLUMN diagnostics.ingest_progress.source_id IS 'The source.';
COMMENT ON COLUMN diagnostics.ingest_progress.topic IS 'The topic; of a capture, its name.';
COMMENT ON COLUMN diagnostics.ingest_progress.partition IS 'The topic''s partition.';
COMMENT ON COLUMN diagnostics.ingest_progress.next_offset IS 'The first offset that the log does not hold.';
COMMENT ON COLUMN diagnostics.ingest_progress.end_offset IS 'The broker''s end as last seen.';
COMMENT ON COLUMN diagnostics.ingest_progress.lag IS 'How many offsets the log is behind the broker''s end.';
COMMENT ON COLUMN diagnostics.ingest_progress.last_event_time IS 'The latest event time in the source.';
COMMENT ON COLUMN diagnostics.ingest_progress.last_advanced IS 'When the log last moved forward.';
COMMENT ON COLUMN diagnostics.ingest_progress.owner IS 'Who writes it now; NULL where nobody does.';
COMMENT ON COLUMN diagnostics.ingest_progress.kind IS 'kafka or capture.';
COMMENT ON COLUMN diagnostics.ingest_progress.cluster IS 'The Kafka cluster''s id; empty for a capture.';
COMMENT ON COLUMN diagnostics.ingest_progress.life IS 'Which life of the topic: a recreated one is a new source.';
COMMENT ON COLUMN diagnostics.ingest_progress.ended_at IS 'When another life took its place, or the embedded broker that it was in was replaced; NULL while it is open.';

COMMENT ON VIEW diagnostics.projection_progress IS 'One row per projection, generation and source: how far the read models have come.';
COMMENT ON COLUMN diagnostics.projection_progress.tenant IS 'What the source''s settings say; empty where messages say it.';
COMMENT ON COLUMN diagnostics.projection_progress.projection IS 'device, property or error (generation 0, which no template touches), or finding.';
COMMENT ON COLUMN diagnostics.projection_progress.generation IS 'The generation; 0 for what no template touches.';
COMMENT ON COLUMN diagnostics.projection_progress.source_id IS 'The source.';
COMMENT ON COLUMN diagnostics.projection_progress.next_offset IS 'The first offset that is not folded in.';
COMMENT ON COLUMN diagnostics.projection_progress.lag IS 'How many offsets it is behind the log.';
COMMENT ON COLUMN diagnostics.projection_progress.last_advanced IS 'When it last moved forward.';
COMMENT ON COLUMN diagnostics.projection_progress.last_polled IS 'When its worker last looked. One that polls and does not advance has nothing to do; one that does not poll is gone.';
COMMENT ON COLUMN diagnostics.projection_progress.owner IS 'Which worker holds it; NULL where none does.';
COMMENT ON COLUMN diagnostics.projection_progress.state IS 'waiting, running or paused.';
COMMENT ON COLUMN diagnostics.projection_progress.failure IS 'Why it paused; NULL otherwise.';

COMMENT ON VIEW diagnostics.log_holes IS 'One row per stretch of offsets that can never be read.';
COMMENT ON COLUMN diagnostics.log_holes.tenant IS 'What the source''s settings say; empty where messages say it.';
COMMENT ON COLUMN diagnostics.log_holes.source_id IS 'The source.';
COMMENT ON COLUMN diagnostics.log_holes.first_offset IS 'The first offset of the hole.';
COMMENT ON COLUMN diagnostics.log_holes.last_offset IS 'The last offset of the hole, which belongs to it.';
COMMENT ON COLUMN diagnostics.log_holes.reason IS 'truncated, retention, lost or operator; docs/event-log.md explains each.';
COMMENT ON COLUMN diagnostics.log_holes.recorded_at IS 'When it was recorded.';

REVOKE ALL ON FUNCTION hindcast.utf8_text, hindcast.is_json FROM PUBLIC;
-- A view runs its functions with the reader's own rights.
GRANT EXECUTE ON FUNCTION hindcast.utf8_text, hindcast.is_json TO {{role_payload}}, {{role_admin}};
GRANT SELECT ON diagnostics.validation_findings, diagnostics.validation_findings_hourly, diagnostics.unmodeled_capabilities,
    diagnostics.ingest_progress, diagnostics.projection_progress, diagnostics.log_holes
    TO {{role_dashboard}}, {{role_admin}};
GRANT SELECT ON diagnostics.raw_events TO {{role_payload}}, {{role_admin}};
GRANT USAGE ON SCHEMA diagnostics TO {{role_project}};
RESET ROLE;
