-- The event log: sources, devices, events in daily segments, the hash chain over batches, and holes.
-- Locks: new tables only. Duration: milliseconds.
SET LOCAL ROLE {{role_owner}};

-- A partition of a topic in one life of it, or a capture file. A source's settings are part of what its bytes mean, so they never change.
CREATE TABLE hindcast.source (
    source_id  int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text NOT NULL CONSTRAINT source_kind_check CHECK (kind IN ('kafka', 'capture')),
    cluster    text NOT NULL,
    topic      text NOT NULL,
    partition  int NOT NULL,
    life       int NOT NULL,
    tenant     text NOT NULL,                -- '' = what the messages say
    envelope   text NOT NULL,                -- 'auto' or the one format that is tried
    opened_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at   timestamptz,
    CONSTRAINT source_identity_key UNIQUE (kind, cluster, topic, partition, life)
);

-- Who owns a source and how far its log goes. fillfactor leaves room for updates in place: no index covers a changing column.
CREATE TABLE hindcast.source_cursor (
    source_id       int PRIMARY KEY REFERENCES hindcast.source,
    next_offset     bigint NOT NULL,
    owner_epoch     bigint NOT NULL DEFAULT 0,
    end_offset      bigint,                  -- the broker's end as last seen
    last_advanced   timestamptz,
    last_event_time timestamptz,
    segment         smallint NOT NULL,       -- UTC day, days since 2000-01-01
    owner           text,
    chain           bytea NOT NULL           -- SHA-256 of the last batch
) WITH (fillfactor = 50);

-- Device ids are numbered once, so that the log holds an integer. The empty id stands for events that name no device.
CREATE TABLE hindcast.device (
    device_key int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant     text NOT NULL,
    device_id  text NOT NULL,
    CONSTRAINT device_identity_key UNIQUE (tenant, device_id)
);

-- One Kafka record, byte for byte. The columns besides key, headers and payload are an index made by decoder version `decoder`.
CREATE TABLE hindcast.event (
    source_offset  bigint NOT NULL,
    event_time     timestamptz NOT NULL,
    ingest_time    timestamptz NOT NULL,
    device_time    timestamptz,
    broker_time    timestamptz,
    source_id      int NOT NULL,
    device_key     int NOT NULL,
    segment        smallint NOT NULL,
    kind           smallint NOT NULL,
    envelope       smallint NOT NULL,
    decoder        smallint NOT NULL,
    timestamp_type smallint NOT NULL,        -- 0 not available, 1 create time, 2 log append time
    module         text,
    component      text,
    template_ref   text,
    key            bytea,
    headers        bytea NOT NULL,
    payload        bytea,
    CONSTRAINT event_pkey PRIMARY KEY (segment, source_id, source_offset)
) PARTITION BY LIST (segment);
CREATE INDEX event_device_index ON hindcast.event (device_key, event_time);

CREATE TABLE hindcast.segment (
    segment    smallint PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    dropped_at timestamptz
);

-- One row per append: which segments hold an offset range, and the hash chain. Rows outlive their segment.
CREATE TABLE hindcast.ingest_batch (
    source_id       int NOT NULL REFERENCES hindcast.source,
    first_offset    bigint NOT NULL,
    last_offset     bigint NOT NULL,
    n               int NOT NULL CONSTRAINT ingest_batch_n_check CHECK (n > 0),
    segment         smallint NOT NULL,
    min_event_time  timestamptz NOT NULL,
    max_event_time  timestamptz NOT NULL,
    ingest_time     timestamptz NOT NULL,
    prev_sha256     bytea NOT NULL,
    sha256          bytea NOT NULL,
    PRIMARY KEY (source_id, first_offset)
);

CREATE TABLE hindcast.log_hole (
    source_id    int NOT NULL REFERENCES hindcast.source,
    first_offset bigint NOT NULL,
    last_offset  bigint NOT NULL,
    reason       text NOT NULL CONSTRAINT log_hole_reason_check CHECK (reason IN ('truncated', 'retention', 'lost', 'operator')),
    recorded_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (source_id, first_offset, reason),
    CONSTRAINT log_hole_range_check CHECK (last_offset >= first_offset)
);

-- Where the lines of a capture came from, as runs in which line and offset go together. The log's offsets of a capture are its line numbers.
CREATE TABLE hindcast.capture_origin (
    source_id    int NOT NULL REFERENCES hindcast.source,
    first_line   bigint NOT NULL,
    topic        text NOT NULL,
    partition    int NOT NULL,
    first_offset bigint NOT NULL,
    PRIMARY KEY (source_id, first_line)
);

-- Immutability, second line behind the grants: rows refuse change, leaves refuse TRUNCATE (a trigger on the parent alone does not fire for a leaf).
CREATE FUNCTION hindcast.deny_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The event log is append-only: % on %.% is refused.', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'Old segments are dropped by `hindcast log retain`.';
END $$;
CREATE TRIGGER event_immutable BEFORE UPDATE OR DELETE ON hindcast.event FOR EACH ROW EXECUTE FUNCTION hindcast.deny_change();
ALTER TABLE hindcast.event ENABLE ALWAYS TRIGGER event_immutable;
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON hindcast.event FOR EACH STATEMENT EXECUTE FUNCTION hindcast.deny_change();
ALTER TABLE hindcast.event ENABLE ALWAYS TRIGGER event_no_truncate;
CREATE TRIGGER ingest_batch_immutable BEFORE UPDATE OR DELETE ON hindcast.ingest_batch FOR EACH ROW EXECUTE FUNCTION hindcast.deny_change();
ALTER TABLE hindcast.ingest_batch ENABLE ALWAYS TRIGGER ingest_batch_immutable;
CREATE TRIGGER ingest_batch_no_truncate BEFORE TRUNCATE ON hindcast.ingest_batch FOR EACH STATEMENT EXECUTE FUNCTION hindcast.deny_change();
ALTER TABLE hindcast.ingest_batch ENABLE ALWAYS TRIGGER ingest_batch_no_truncate;

CREATE FUNCTION hindcast.segment_start(segment smallint) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (timestamp '2000-01-01' + make_interval(days => segment::int)) AT TIME ZONE 'UTC';

CREATE FUNCTION hindcast.segment_leaf(segment smallint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 'event_' || to_char(date '2000-01-01' + segment::int, 'YYYYMMDD');

-- Makes a day's leaf ahead of need. CREATE, CHECK, ATTACH: PARTITION OF would lock the parent against inserts.
-- The row in `segment` makes two callers queue on its key; the second finds the leaf made.
CREATE FUNCTION hindcast.make_segment(_segment smallint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    _leaf text := hindcast.segment_leaf(_segment);
    _start timestamptz := hindcast.segment_start(_segment);
BEGIN
    IF EXISTS (SELECT FROM hindcast.segment s WHERE s.segment = _segment AND s.dropped_at IS NULL) THEN
        RETURN;
    END IF;
    IF EXISTS (SELECT FROM hindcast.segment s WHERE s.segment = _segment) THEN
        RAISE EXCEPTION 'Segment % was dropped by retention and is not made again.', _segment USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    INSERT INTO hindcast.segment (segment) VALUES (_segment) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE hindcast.%I (LIKE hindcast.event INCLUDING ALL)', _leaf);
    EXECUTE format(
        'ALTER TABLE hindcast.%I ADD CONSTRAINT %I CHECK (segment = %s), ADD CONSTRAINT %I CHECK (ingest_time >= %L AND ingest_time < %L)',
        _leaf, _leaf || '_segment_check', _segment, _leaf || '_ingest_time_check', _start, _start + interval '1 day');
    EXECUTE format('ALTER TABLE hindcast.event ATTACH PARTITION hindcast.%I FOR VALUES IN (%s)', _leaf, _segment);
    EXECUTE format('ALTER TABLE hindcast.%I ENABLE ALWAYS TRIGGER event_immutable', _leaf);
    EXECUTE format('CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON hindcast.%I FOR EACH STATEMENT EXECUTE FUNCTION hindcast.deny_change()', _leaf);
    EXECUTE format('ALTER TABLE hindcast.%I ENABLE ALWAYS TRIGGER event_no_truncate', _leaf);
END $$;

-- Drops one day and leaves holes behind, one per source. The caller has checked that every generation is past it.
CREATE FUNCTION hindcast.drop_segment(_segment smallint) RETURNS TABLE (source_id int, first_offset bigint, last_offset bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    _leaf text := hindcast.segment_leaf(_segment);
BEGIN
    UPDATE hindcast.segment s SET dropped_at = clock_timestamp() WHERE s.segment = _segment AND s.dropped_at IS NULL;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    EXECUTE format('ALTER TABLE hindcast.event DETACH PARTITION hindcast.%I', _leaf);
    EXECUTE format('DROP TABLE hindcast.%I', _leaf);
    RETURN QUERY
    INSERT INTO hindcast.log_hole (source_id, first_offset, last_offset, reason)
    SELECT b.source_id, min(b.first_offset), max(b.last_offset), 'retention' FROM hindcast.ingest_batch b
    WHERE b.segment = _segment GROUP BY b.source_id
    RETURNING log_hole.source_id, log_hole.first_offset, log_hole.last_offset;
END $$;

-- Opens a source: finds its current life or makes the first. Settings of a source that is there must agree.
CREATE FUNCTION hindcast.open_source(_kind text, _cluster text, _topic text, _partition int, _tenant text, _envelope text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    _found hindcast.source%ROWTYPE;
BEGIN
    SELECT s.* INTO _found FROM hindcast.source s
    WHERE s.kind = _kind AND s.cluster = _cluster AND s.topic = _topic AND s.partition = _partition AND s.ended_at IS NULL
    ORDER BY s.life DESC LIMIT 1;
    IF NOT FOUND THEN
        INSERT INTO hindcast.source (kind, cluster, topic, partition, life, tenant, envelope)
        SELECT _kind, _cluster, _topic, _partition, coalesce(max(s.life), 0) + 1, _tenant, _envelope FROM hindcast.source s
        WHERE s.kind = _kind AND s.cluster = _cluster AND s.topic = _topic AND s.partition = _partition
        ON CONFLICT DO NOTHING
        RETURNING * INTO _found;
        IF NOT FOUND THEN
            RETURN hindcast.open_source(_kind, _cluster, _topic, _partition, _tenant, _envelope);
        END IF;
        INSERT INTO hindcast.source_cursor (source_id, next_offset, segment, chain)
        VALUES (_found.source_id, 0, 0, decode(repeat('00', 32), 'hex'));
    END IF;
    IF _found.tenant <> _tenant OR _found.envelope <> _envelope THEN
        RAISE EXCEPTION 'Source % (% %/%) was opened with tenant "%" and envelope "%"; the settings now say tenant "%" and envelope "%".',
            _found.source_id, _cluster, _topic, _partition, _found.tenant, _found.envelope, _tenant, _envelope
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'Put the settings back, or start a new life of the source with `hindcast source new-life`.';
    END IF;
    RETURN _found.source_id;
END $$;

-- Ends a source's life and starts the next one at offset 0.
CREATE FUNCTION hindcast.new_source_life(_source_id int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    _old hindcast.source%ROWTYPE;
BEGIN
    UPDATE hindcast.source s SET ended_at = clock_timestamp() WHERE s.source_id = _source_id AND s.ended_at IS NULL RETURNING * INTO _old;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Source % is unknown or has ended already.', _source_id USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = '`hindcast source list` shows the sources that are open.';
    END IF;
    -- Whoever still writes the old life is fenced off.
    UPDATE hindcast.source_cursor c SET owner_epoch = owner_epoch + 1, owner = NULL WHERE c.source_id = _source_id;
    RETURN hindcast.open_source(_old.kind, _old.cluster, _old.topic, _old.partition, _old.tenant, _old.envelope);
END $$;

-- Ends the sources of all embedded brokers but one, and says how many those were. Each start of such a broker is a cluster of its own, whose name begins with
-- `embedded-`, and what an earlier one held is gone: nobody will read on there.
CREATE FUNCTION hindcast.end_embedded_sources(_but_of_cluster text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH ended AS (
        UPDATE hindcast.source s SET ended_at = clock_timestamp()
        WHERE s.kind = 'kafka' AND starts_with(s.cluster, 'embedded-') AND s.cluster <> _but_of_cluster AND s.ended_at IS NULL RETURNING s.source_id),
    fenced AS (
        UPDATE hindcast.source_cursor c SET owner_epoch = c.owner_epoch + 1, owner = NULL FROM ended e WHERE c.source_id = e.source_id)
    SELECT count(*) FROM ended
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hindcast FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hindcast.make_segment, hindcast.open_source, hindcast.end_embedded_sources TO {{role_ingest}};
GRANT EXECUTE ON FUNCTION hindcast.new_source_life, hindcast.drop_segment TO {{role_admin}};
GRANT EXECUTE ON FUNCTION hindcast.segment_start, hindcast.segment_leaf TO {{role_ingest}}, {{role_project}}, {{role_admin}};

GRANT SELECT, INSERT ON hindcast.event, hindcast.ingest_batch, hindcast.device, hindcast.log_hole, hindcast.capture_origin TO {{role_ingest}};
GRANT SELECT, UPDATE ON hindcast.source_cursor TO {{role_ingest}};
GRANT SELECT ON hindcast.source, hindcast.segment TO {{role_ingest}};
GRANT SELECT ON hindcast.source, hindcast.source_cursor, hindcast.device, hindcast.event, hindcast.ingest_batch, hindcast.log_hole, hindcast.segment, hindcast.capture_origin
    TO {{role_project}}, {{role_admin}};
-- An operator declares a hole by moving a cursor that nobody owns.
GRANT INSERT ON hindcast.log_hole TO {{role_admin}};
GRANT UPDATE ON hindcast.source_cursor TO {{role_admin}};
-- A fold that decodes a record anew may find a device that the log's index did not know.
GRANT INSERT ON hindcast.device TO {{role_project}};
RESET ROLE;
