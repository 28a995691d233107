-- How much arrives and how much of it is wrong, hour by hour: over a tenant, and of one device. For dashboards, whose series must not touch every device.
-- Locks: new views only. Duration: milliseconds.
SET LOCAL ROLE {{role_owner}};

-- Reads one small row per source, tenant and hour, however large the fleet is.
CREATE VIEW diagnostics.traffic_hourly AS
SELECT t.tenant, t.hour, t.messages, t.telemetry, t.bytes, t.repeated, coalesce(v.judged, 0)::bigint AS judged, coalesce(v.failed, 0)::bigint AS failed,
    coalesce(v.warned, 0)::bigint AS warned, coalesce(v.malformed, 0)::bigint AS malformed
FROM (
    SELECT h.tenant, h.hour, sum(h.messages)::bigint AS messages, sum(h.telemetry)::bigint AS telemetry, sum(h.bytes)::bigint AS bytes,
        sum(h.repeated)::bigint AS repeated
    FROM hindcast.source_hour h GROUP BY h.tenant, h.hour) t
LEFT JOIN (
    SELECT h.tenant, h.hour, sum(h.messages) AS judged, sum(h.failed) AS failed, sum(h.warned) AS warned, sum(h.malformed) AS malformed
    FROM hindcast.source_verdict_hour h WHERE h.generation = (SELECT l.generation FROM hindcast.live_generation l) GROUP BY h.tenant, h.hour) v
    USING (tenant, hour);

-- A device's few sources are found first, and its hours by key.
CREATE VIEW diagnostics.device_traffic_hourly AS
SELECT d.tenant, d.device_id, t.hour, t.messages, t.telemetry, t.bytes, t.repeated, t.connects, t.disconnects, t.mean_delay, t.judged, t.failed, t.warned, t.malformed
FROM hindcast.device d CROSS JOIN LATERAL (
    SELECT h.hour, sum(h.messages)::bigint AS messages, sum(h.telemetry)::bigint AS telemetry, sum(h.bytes)::bigint AS bytes,
        sum(h.repeated)::bigint AS repeated, sum(h.connects)::bigint AS connects, sum(h.disconnects)::bigint AS disconnects,
        make_interval(secs => (sum(h.delay_sum) / nullif(sum(h.delayed), 0) / 1e6)::double precision) AS mean_delay,
        coalesce(sum(v.messages), 0)::bigint AS judged, coalesce(sum(v.failed), 0)::bigint AS failed, coalesce(sum(v.warned), 0)::bigint AS warned,
        coalesce(sum(v.malformed), 0)::bigint AS malformed
    FROM hindcast.device_state s
    JOIN hindcast.device_hour h ON h.source_id = s.source_id AND h.device_key = s.device_key
    LEFT JOIN hindcast.verdict_hour v ON v.generation = (SELECT l.generation FROM hindcast.live_generation l) AND v.source_id = h.source_id
        AND v.device_key = h.device_key AND v.hour = h.hour
    WHERE s.device_key = d.device_key GROUP BY h.hour) t
WHERE d.device_id <> '';

COMMENT ON VIEW diagnostics.traffic_hourly IS 'What arrived in an hour, and how much of it is wrong: one row per tenant and UTC hour of event time.';
COMMENT ON COLUMN diagnostics.traffic_hourly.tenant IS 'The namespace of device ids.';
COMMENT ON COLUMN diagnostics.traffic_hourly.hour IS 'The UTC hour, by its beginning.';
COMMENT ON COLUMN diagnostics.traffic_hourly.messages IS 'Events of any kind.';
COMMENT ON COLUMN diagnostics.traffic_hourly.telemetry IS 'Of them, telemetry.';
COMMENT ON COLUMN diagnostics.traffic_hourly.bytes IS 'Their payloads, in bytes.';
COMMENT ON COLUMN diagnostics.traffic_hourly.repeated IS 'Events that had arrived shortly before already.';
COMMENT ON COLUMN diagnostics.traffic_hourly.judged IS 'Events that the live generation has judged.';
COMMENT ON COLUMN diagnostics.traffic_hourly.failed IS 'Of them, those with a finding of severity error.';
COMMENT ON COLUMN diagnostics.traffic_hourly.warned IS 'Of them, those with a finding of severity warning and none above.';
COMMENT ON COLUMN diagnostics.traffic_hourly.malformed IS 'Of them, those that are not JSON.';
COMMENT ON VIEW diagnostics.device_traffic_hourly IS 'What a device sent in an hour, and how much of it is wrong: one row per device and UTC hour of event time.';
COMMENT ON COLUMN diagnostics.device_traffic_hourly.tenant IS 'The namespace of device ids.';
COMMENT ON COLUMN diagnostics.device_traffic_hourly.device_id IS 'The device.';
COMMENT ON COLUMN diagnostics.device_traffic_hourly.hour IS 'The UTC hour, by its beginning.';
COMMENT ON COLUMN diagnostics.device_traffic_hourly.messages IS 'Events of any kind.';
COMMENT ON COLUMN diagnostics.device_traffic_hourly.telemetry IS 'Of them, telemetry.';
COMMENT ON COLUMN diagnostics.device_traffic_hourly.bytes IS 'Their payloads, in bytes.';
COMMENT ON COLUMN diagnostics.device_traffic_hourly.repeated IS 'Events that had arrived shortly before already.';
COMMENT ON COLUMN diagnostics.device_traffic_hourly.connects IS 'Connections that were reported.';
COMMENT ON COLUMN diagnostics.device_traffic_hourly.disconnects IS 'Ends of connections that were reported.';
COMMENT ON COLUMN diagnostics.device_traffic_hourly.mean_delay IS 'Mean time from the device''s clock to the service''s; NULL where no event says what the device''s clock was.';
COMMENT ON COLUMN diagnostics.device_traffic_hourly.judged IS 'Events that the live generation has judged.';
COMMENT ON COLUMN diagnostics.device_traffic_hourly.failed IS 'Of them, those with a finding of severity error.';
COMMENT ON COLUMN diagnostics.device_traffic_hourly.warned IS 'Of them, those with a finding of severity warning and none above.';
COMMENT ON COLUMN diagnostics.device_traffic_hourly.malformed IS 'Of them, those that are not JSON.';

GRANT SELECT ON diagnostics.traffic_hourly, diagnostics.device_traffic_hourly TO {{role_dashboard}}, {{role_admin}};
RESET ROLE;
