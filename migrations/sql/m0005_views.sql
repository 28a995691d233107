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
-- How many identities the id has had, and since when the last one is seen.
LEFT JOIN LATERAL (
    SELECT count(*) AS generations, (array_agg(g.first_time ORDER BY g.last_time DESC, g.generation DESC))[1] AS generation_first
    FROM (
        SELECT i.generation, min(i.first_time) AS first_time, max(i.last_time) AS last_time
        FROM hindcast.device_state s JOIN hindcast.device_life i USING (source_id, device_key)
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

REVOKE ALL ON FUNCTION hindcast.utf8_text, hindcast.is_json FROM PUBLIC;
-- A view runs its functions with the reader's own rights.
GRANT EXECUTE ON FUNCTION hindcast.utf8_text, hindcast.is_json TO {{role_payload}}, {{role_admin}};
GRANT SELECT ON diagnostics.validation_findings, diagnostics.validation_findings_hourly, diagnostics.unmodeled_capabilities,
    diagnostics.ingest_progress, diagnostics.projection_progress, diagnostics.log_holes
    TO {{role_dashboard}}, {{role_admin}};
GRANT SELECT ON diagnostics.raw_events TO {{role_payload}}, {{role_admin}};
GRANT USAGE ON SCHEMA diagnostics TO {{role_project}};
RESET ROLE;
