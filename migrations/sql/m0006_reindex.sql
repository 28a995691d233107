-- Events understood anew: what a later decoder makes of records that the log holds already, and views that follow it.
-- Also what the first files left out: TRUNCATE of decisions is refused, retention finds the batches of a segment by an index.
-- Locks: an instant on tables that are small or new; the index on `ingest_batch` blocks appends while it is built. Duration: seconds at most.
SET LOCAL ROLE {{role_owner}};

-- An event's index columns by a later decoder, only where they differ. The event's own row never changes. No foreign key to the event: a segment
-- is dropped whole, and takes these rows along in `drop_segment`.
CREATE TABLE hindcast.event_reindex (
    source_offset bigint NOT NULL,
    event_time    timestamptz NOT NULL,
    device_time   timestamptz,
    source_id     int NOT NULL REFERENCES hindcast.source,
    device_key    int NOT NULL,
    segment       smallint NOT NULL,
    kind          smallint NOT NULL,
    envelope      smallint NOT NULL,
    decoder       smallint NOT NULL,
    module        text,
    component     text,
    template_ref  text,
    CONSTRAINT event_reindex_pkey PRIMARY KEY (segment, source_id, source_offset)
);
CREATE INDEX event_reindex_device_index ON hindcast.event_reindex (device_key, event_time);

-- How far a decoder has come through a source: every event below `next_offset` was decoded by it, or by a later one.
CREATE TABLE hindcast.reindex_progress (
    source_id   int NOT NULL REFERENCES hindcast.source,
    decoder     smallint NOT NULL,
    next_offset bigint NOT NULL,
    advanced_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (source_id, decoder)
) WITH (fillfactor = 50);

GRANT SELECT, INSERT, UPDATE ON hindcast.event_reindex, hindcast.reindex_progress TO {{role_admin}};
GRANT SELECT ON hindcast.event_reindex, hindcast.reindex_progress TO {{role_ingest}}, {{role_project}};
-- A record decoded anew may name a device that is new.
GRANT INSERT ON hindcast.device TO {{role_admin}};

ALTER TABLE hindcast.control_event DROP CONSTRAINT control_event_kind_check;
ALTER TABLE hindcast.control_event ADD CONSTRAINT control_event_kind_check CHECK (
    kind IN ('publish', 'activate', 'assign', 'rule_set', 'replay', 'promote', 'retain', 'new_source_life', 'hole', 'reindex'));

CREATE INDEX ingest_batch_segment_index ON hindcast.ingest_batch (segment);

CREATE TRIGGER control_event_no_truncate BEFORE TRUNCATE ON hindcast.control_event FOR EACH STATEMENT EXECUTE FUNCTION hindcast.deny_change();
ALTER TABLE hindcast.control_event ENABLE ALWAYS TRIGGER control_event_no_truncate;
CREATE TRIGGER template_version_no_truncate BEFORE TRUNCATE ON hindcast.template_version FOR EACH STATEMENT EXECUTE FUNCTION hindcast.deny_change();
ALTER TABLE hindcast.template_version ENABLE ALWAYS TRIGGER template_version_no_truncate;

-- As before, and what was understood anew goes along. Twice: the many rows before the log is locked; then the few that were written until it was. Whoever
-- writes such rows reads the leaf in the same transaction, so once the leaf is gone there are no more.
CREATE OR REPLACE FUNCTION hindcast.drop_segment(_segment smallint) RETURNS TABLE (source_id int, first_offset bigint, last_offset bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    _leaf text := hindcast.segment_leaf(_segment);
BEGIN
    UPDATE hindcast.segment s SET dropped_at = clock_timestamp() WHERE s.segment = _segment AND s.dropped_at IS NULL;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    DELETE FROM hindcast.event_reindex r WHERE r.segment = _segment;
    EXECUTE format('ALTER TABLE hindcast.event DETACH PARTITION hindcast.%I', _leaf);
    EXECUTE format('DROP TABLE hindcast.%I', _leaf);
    DELETE FROM hindcast.event_reindex r WHERE r.segment = _segment;
    RETURN QUERY
    INSERT INTO hindcast.log_hole (source_id, first_offset, last_offset, reason)
    SELECT b.source_id, min(b.first_offset), max(b.last_offset), 'retention' FROM hindcast.ingest_batch b
    WHERE b.segment = _segment GROUP BY b.source_id
    RETURNING log_hole.source_id, log_hole.first_offset, log_hole.last_offset;
END $$;

-- Two kinds of rows: events as they were indexed when they were logged, and events whose index columns a later decoder reads otherwise. Either kind finds
-- its devices by itself: over a join with the sum of both, a device's name would not reach the index on its number.
CREATE VIEW hindcast.event_understood AS
SELECT d.tenant, d.device_id, e.segment, e.source_id, e.source_offset, e.kind, e.envelope, e.module, e.component, e.event_time, e.broker_time, e.ingest_time,
    e.device_time, e.template_ref, e.key, e.headers, e.payload, e.decoder
FROM hindcast.event e JOIN hindcast.device d USING (device_key)
WHERE NOT EXISTS (
    SELECT FROM hindcast.event_reindex r WHERE r.segment = e.segment AND r.source_id = e.source_id AND r.source_offset = e.source_offset)
UNION ALL
SELECT d.tenant, d.device_id, r.segment, r.source_id, r.source_offset, r.kind, r.envelope, r.module, r.component, r.event_time, e.broker_time, e.ingest_time,
    r.device_time, r.template_ref, e.key, e.headers, e.payload, r.decoder
FROM hindcast.event_reindex r
JOIN hindcast.device d USING (device_key)
JOIN hindcast.event e USING (segment, source_id, source_offset);

CREATE OR REPLACE VIEW diagnostics.raw_events AS
SELECT u.tenant, u.segment, u.source_id, u.source_offset, u.device_id,
    (ARRAY['telemetry', 'property_reported', 'property_desired', 'property_cloud', 'twin', 'connected', 'disconnected', 'registered', 'deleted',
        'provisioned', 'enabled', 'disabled', 'renamed', 'template_assigned', 'template_lifecycle', 'audit', 'error_report', 'export_state',
        'delivery_receipt', 'tombstone', 'unsupported', 'undecodable'])[u.kind] AS kind,
    (ARRAY['none', 'iotcentral', 'iotcentral_preview', 'iotcentral_transform', 'iotcentral_legacy', 'iothub', 'cloudevents', 'hono',
        'raw'])[u.envelope + 1] AS envelope,
    u.module, u.component, u.event_time, u.broker_time, u.ingest_time, u.device_time, u.template_ref, u.key, u.headers, u.payload,
    hindcast.utf8_text(u.payload) AS payload_text, hindcast.is_json(u.payload) AS is_json, u.decoder
FROM hindcast.event_understood u;
RESET ROLE;
