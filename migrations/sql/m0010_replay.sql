-- Replays: runs and their chunks, the rows that chunks leave behind until they are folded, what a run would change, and the functions that make, attach and
-- drop the tables of a generation.
-- Locks: new tables and functions only. Duration: milliseconds.
SET LOCAL ROLE {{role_owner}};

-- One try of other epochs. Its state moves by compare-and-swap alone; what the state allows is in `Replay`.
CREATE TABLE hindcast.replay_run (
    run_id               int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    generation           int NOT NULL REFERENCES hindcast.generation,
    base_generation      int NOT NULL REFERENCES hindcast.generation,
    template_version_key int NOT NULL,                     -- 0 = the base's own epochs, to verify it
    chunk_events         int NOT NULL,
    reads_all            boolean NOT NULL,                 -- else what no change can touch is carried over
    refolds_base         boolean NOT NULL,                 -- a stretch of time is compared with the same stretch judged as before
    purpose              text NOT NULL CONSTRAINT replay_run_purpose_check CHECK (purpose IN ('replay', 'what_if', 'verify', 'migrate')),
    state                text NOT NULL CONSTRAINT replay_run_state_check CHECK (
        state IN ('planned', 'loading', 'indexing', 'catching_up', 'ready', 'live', 'retired', 'paused', 'failed', 'aborted')),
    resumes_in           text,                             -- where a paused or failed run goes on
    obstacle             text,                             -- why it can never be promoted
    failure              text,
    template_id          text,
    from_template_id     text,                             -- whose devices are judged by it: the same template, but where devices move to another
    devices              text[] NOT NULL,                  -- patterns; none is all
    from_time            timestamptz,
    to_time              timestamptz,
    planned_at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at           timestamptz,
    finished_at          timestamptz,
    control_seq          bigint,
    covered_devices      bigint NOT NULL DEFAULT 0,
    carried_devices      bigint NOT NULL DEFAULT 0,
    carried_events       bigint NOT NULL DEFAULT 0,
    lost_events          bigint NOT NULL DEFAULT 0,        -- taken by retention before the plan
    judged_events        bigint,
    new_errors           bigint,
    appeared             bigint,
    disappeared          bigint,
    changed              bigint,
    diff_sha256          bytea,
    parameters           jsonb NOT NULL DEFAULT '{}'       -- what a guided run has still to do
) WITH (fillfactor = 50);

-- Per source: how far the base had come when the run was planned, and from where on the version tried is in force.
CREATE TABLE hindcast.replay_source (
    cut_offset      bigint NOT NULL,
    begin_offset    bigint NOT NULL,
    end_offset      bigint NOT NULL,
    in_force_offset bigint NOT NULL,
    control_seq     bigint NOT NULL,
    events          bigint NOT NULL,
    lost_events     bigint NOT NULL,
    run_id          int NOT NULL REFERENCES hindcast.replay_run,
    source_id       int NOT NULL REFERENCES hindcast.source,
    PRIMARY KEY (run_id, source_id)
);

-- Devices that the change may touch: what is said of them is worked out anew, what is said of all others is carried over.
CREATE TABLE hindcast.replay_device (
    run_id     int NOT NULL REFERENCES hindcast.replay_run,
    device_key int NOT NULL,
    PRIMARY KEY (run_id, device_key)
);

CREATE TABLE hindcast.replay_chunk (
    from_offset bigint NOT NULL,
    to_offset   bigint NOT NULL,
    events      bigint NOT NULL,                           -- planned; once it is done, folded
    count       bigint NOT NULL DEFAULT 0,
    lane0       bigint NOT NULL DEFAULT 0,
    lane1       bigint NOT NULL DEFAULT 0,
    owner_epoch bigint NOT NULL DEFAULT 0,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    done_at     timestamptz,
    run_id      int NOT NULL REFERENCES hindcast.replay_run,
    chunk       int NOT NULL,
    source_id   int NOT NULL REFERENCES hindcast.source,
    owner       text,
    PRIMARY KEY (run_id, chunk)
) WITH (fillfactor = 50);

-- What chunks found, in the columns of a generation's tables, a partition per run. Chunk 0 is the base's answer at the cut.
CREATE TABLE hindcast.replay_finding (run_id int NOT NULL, chunk int NOT NULL, LIKE hindcast.finding) PARTITION BY LIST (run_id);
CREATE TABLE hindcast.replay_finding_hour (run_id int NOT NULL, chunk int NOT NULL, LIKE hindcast.finding_hour) PARTITION BY LIST (run_id);
CREATE TABLE hindcast.replay_device_verdict (run_id int NOT NULL, chunk int NOT NULL, LIKE hindcast.device_verdict) PARTITION BY LIST (run_id);
CREATE TABLE hindcast.replay_source_verdict_hour (run_id int NOT NULL, chunk int NOT NULL, LIKE hindcast.source_verdict_hour) PARTITION BY LIST (run_id);
CREATE TABLE hindcast.replay_verdict_hour (run_id int NOT NULL, chunk int NOT NULL, LIKE hindcast.verdict_hour) PARTITION BY LIST (run_id);

-- What a run would change, per device. `day` is 0 but for places that a device chooses, as in `finding`.
CREATE TABLE hindcast.replay_change (
    count_before   bigint NOT NULL,
    count_after    bigint NOT NULL,
    example_offset bigint NOT NULL,
    run_id         int NOT NULL REFERENCES hindcast.replay_run,
    device_key     int NOT NULL,
    example_source int NOT NULL,
    day            smallint NOT NULL,
    severity       smallint NOT NULL,
    change         text NOT NULL CONSTRAINT replay_change_change_check CHECK (change IN ('appeared', 'disappeared', 'changed')),
    tenant         text NOT NULL,
    device_id      text NOT NULL,
    template_id    text NOT NULL,
    module         text NOT NULL,
    component      text NOT NULL,
    path           text NOT NULL,
    rule           text NOT NULL,
    message        text NOT NULL,
    PRIMARY KEY (run_id, device_key, day, template_id, module, component, path, rule)
);

-- The same by day, of the whole fleet.
CREATE TABLE hindcast.replay_change_day (
    count_before bigint NOT NULL,
    count_after  bigint NOT NULL,
    run_id       int NOT NULL REFERENCES hindcast.replay_run,
    day          smallint NOT NULL,
    severity     smallint NOT NULL,
    tenant       text NOT NULL,
    template_id  text NOT NULL,
    component    text NOT NULL,
    path         text NOT NULL,
    rule         text NOT NULL,
    PRIMARY KEY (run_id, day, tenant, template_id, component, path, rule)
);

-- The tables that a generation is a partition of. Whoever adds one adds it here, and to `build_generation` how it is filled.
CREATE FUNCTION hindcast.generation_tables() RETURNS text[] LANGUAGE sql IMMUTABLE
RETURN ARRAY['finding', 'device_verdict', 'verdict_hour', 'source_verdict_hour', 'finding_hour'];

-- The partitions of a run's partial rows, and in them what the base says now. To be called in the transaction whose snapshot is the cut.
CREATE FUNCTION hindcast.begin_replay(_run int, _base int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    _table text;
    _leaf text;
BEGIN
    FOREACH _table IN ARRAY hindcast.generation_tables() LOOP
        _leaf := 'replay_' || _table || '_r' || _run;
        EXECUTE format('CREATE TABLE hindcast.%I (LIKE hindcast.%I)', _leaf, 'replay_' || _table);
        EXECUTE format('ALTER TABLE hindcast.%I ATTACH PARTITION hindcast.%I FOR VALUES IN (%s)', 'replay_' || _table, _leaf, _run);
        IF _base IS NOT NULL THEN
            EXECUTE format('INSERT INTO hindcast.%I SELECT %s, 0, t.* FROM hindcast.%I t WHERE t.generation = %s', _leaf, _run, _table, _base);
        END IF;
    END LOOP;
END $$;

-- Folds a run's partial rows into the tables of a generation, which are not attached yet. `_carried` is the generation whose rows of chunk 0 are taken for what
-- was not read, NULL where everything was.
CREATE FUNCTION hindcast.build_generation(_run int, _generation int, _carried int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    _table text;
    _name text;
    _key text;
    _day smallint;
BEGIN
    FOREACH _table IN ARRAY hindcast.generation_tables() LOOP
        _name := _table || '_g' || _generation;
        IF _table IN ('verdict_hour', 'finding_hour') THEN
            EXECUTE format('CREATE TABLE hindcast.%I (LIKE hindcast.%I) PARTITION BY RANGE (hour)', _name, _table);
            FOR _day IN EXECUTE format(
                'SELECT DISTINCT floor(extract(epoch FROM hour - timestamptz ''2000-01-01 00:00:00Z'') / 86400)::smallint FROM hindcast.%I'
                || ' WHERE run_id = %s AND (generation = %s OR generation = %s)', 'replay_' || _table, _run, _generation, coalesce(_carried, _generation))
            LOOP
                PERFORM hindcast.make_hour_leaf(_name, _day);
            END LOOP;
        ELSE
            EXECUTE format('CREATE TABLE hindcast.%I (LIKE hindcast.%I) WITH (fillfactor = 50)', _name, _table);
        END IF;
        EXECUTE format('ALTER TABLE hindcast.%I ADD CONSTRAINT %I CHECK (generation = %s)', _name, _name || '_generation_check', _generation);
    END LOOP;

    -- As MERGE does for the live generation: counts and lanes are summed, the first and the last by (time, offset, byte offset), of the last what its row shows.
    -- 1. The names that a device chose are ranked per device and day by their hash. 2. Those beyond the 64 smallest go to the row of the rest. 3. Rows of one
    -- key become one.
    EXECUTE format($f$
        INSERT INTO hindcast.%I (
            count, lane0, lane1, first_time, first_offset, last_time, last_offset, name_hash, byte_offset, generation, source_id, device_key, day,
            template_version_key, severity, module, component, path, rule, template_ref, expected, actual, message, suggestion)
        WITH part AS (
            SELECT p.*, p.name_hash <> 0 AND p.name_hash < 9223372036854775807 AND dense_rank() OVER (
                PARTITION BY p.source_id, p.device_key, p.day, p.name_hash <> 0 AND p.name_hash < 9223372036854775807 ORDER BY p.name_hash) > 64 AS is_rest
            FROM hindcast.replay_finding p
            WHERE p.run_id = $1 AND (p.generation = $2
                OR p.generation = $3 AND p.chunk = 0 AND NOT EXISTS (SELECT FROM hindcast.replay_device d WHERE d.run_id = $1 AND d.device_key = p.device_key))),
        named AS (
            SELECT p.count, p.lane0, p.lane1, p.first_time, p.first_offset, p.last_time, p.last_offset, p.byte_offset, p.source_id, p.device_key, p.day,
                p.template_version_key, p.severity, p.template_ref, p.expected, p.actual, p.message, p.suggestion,
                CASE WHEN p.is_rest THEN 9223372036854775807 ELSE p.name_hash END AS name_hash,
                CASE WHEN p.is_rest THEN '' ELSE p.module END AS module, CASE WHEN p.is_rest THEN '*' ELSE p.component END AS component,
                CASE WHEN p.is_rest THEN '/*' ELSE p.path END AS path, CASE WHEN p.is_rest THEN 'capability-undefined' ELSE p.rule END AS rule
            FROM part p),
        ranked AS (
            SELECT n.*, sum(n.count) OVER k AS sum_count, sum(n.lane0) OVER k AS sum_lane0, sum(n.lane1) OVER k AS sum_lane1,
                first_value(n.first_offset) OVER f AS least_offset, first_value(n.first_time) OVER f AS least_time, row_number() OVER l AS place
            FROM named n
            WINDOW k AS (PARTITION BY n.device_key, n.source_id, n.day, n.template_version_key, n.module, n.component, n.path, n.rule),
                f AS (k ORDER BY n.first_time, n.first_offset), l AS (k ORDER BY n.last_time DESC, n.last_offset DESC, n.byte_offset DESC))
        SELECT r.sum_count::bigint, hindcast.wrap64(r.sum_lane0), hindcast.wrap64(r.sum_lane1), r.least_time, r.least_offset, r.last_time, r.last_offset,
            r.name_hash, r.byte_offset, $2, r.source_id, r.device_key, r.day, r.template_version_key, r.severity, r.module, r.component, r.path, r.rule,
            r.template_ref, r.expected, r.actual, r.message, r.suggestion
        FROM ranked r WHERE r.place = 1
        $f$, 'finding_g' || _generation) USING _run, _generation, _carried;

    EXECUTE format($f$
        INSERT INTO hindcast.%I (generation, source_id, device_key, template_version_key, judged_time, judged_offset, messages, failed)
        SELECT $2, r.source_id, r.device_key, r.template_version_key, r.judged_time, r.judged_offset, r.sum_messages::bigint, r.sum_failed::bigint
        FROM (
            SELECT p.*, sum(p.messages) OVER k AS sum_messages, sum(p.failed) OVER k AS sum_failed,
                row_number() OVER (k ORDER BY p.judged_time DESC, p.judged_offset DESC) AS place
            FROM hindcast.replay_device_verdict p
            WHERE p.run_id = $1 AND (p.generation = $2
                OR p.generation = $3 AND p.chunk = 0 AND NOT EXISTS (SELECT FROM hindcast.replay_device d WHERE d.run_id = $1 AND d.device_key = p.device_key))
            WINDOW k AS (PARTITION BY p.source_id, p.device_key)) r
        WHERE r.place = 1
        $f$, 'device_verdict_g' || _generation) USING _run, _generation, _carried;

    EXECUTE format($f$
        INSERT INTO hindcast.%I (hour, messages, failed, warned, malformed, generation, source_id, device_key)
        SELECT p.hour, sum(p.messages)::bigint, sum(p.failed)::bigint, sum(p.warned)::bigint, sum(p.malformed)::bigint, $2, p.source_id, p.device_key
        FROM hindcast.replay_verdict_hour p
        WHERE p.run_id = $1 AND (p.generation = $2
            OR p.generation = $3 AND p.chunk = 0 AND NOT EXISTS (SELECT FROM hindcast.replay_device d WHERE d.run_id = $1 AND d.device_key = p.device_key))
        GROUP BY p.hour, p.source_id, p.device_key
        $f$, 'verdict_hour_g' || _generation) USING _run, _generation, _carried;

    -- The fleet's sums are those of its devices, so chunks leave none.
    EXECUTE format($f$
        INSERT INTO hindcast.%I (hour, messages, failed, warned, malformed, generation, source_id, tenant)
        SELECT v.hour, sum(v.messages)::bigint, sum(v.failed)::bigint, sum(v.warned)::bigint, sum(v.malformed)::bigint, $1, v.source_id, d.tenant
        FROM hindcast.%I v JOIN hindcast.device d USING (device_key) GROUP BY v.hour, v.source_id, d.tenant
        $f$, 'source_verdict_hour_g' || _generation, 'verdict_hour_g' || _generation) USING _generation;

    -- No device stands in these rows, but the template does: a message that the change cannot touch is counted alike before and after, so all rows of the
    -- templates that it cannot touch are the base's, also what devices that were read again have in them.
    EXECUTE format($f$
        INSERT INTO hindcast.%I (hour, count, generation, source_id, template_version_key, severity, tenant, template_ref, component, path, rule)
        SELECT p.hour, sum(p.count)::bigint, $2, p.source_id, p.template_version_key, max(p.severity), p.tenant, p.template_ref, p.component, p.path, p.rule
        FROM hindcast.replay_finding_hour p
        CROSS JOIN LATERAL (
            SELECT EXISTS (SELECT FROM hindcast.replay_run r WHERE r.run_id = $1 AND (p.template_ref IN (r.template_id, r.from_template_id)
                OR EXISTS (SELECT FROM hindcast.known_template t WHERE t.template_version_key = p.template_version_key
                    AND t.template_id IN (r.template_id, r.from_template_id)))) AS is_touched) t
        WHERE p.run_id = $1 AND CASE WHEN $3 IS NULL OR t.is_touched THEN p.generation = $2 ELSE p.generation = $3 AND p.chunk = 0 END
        GROUP BY p.hour, p.source_id, p.tenant, p.template_version_key, p.template_ref, p.component, p.path, p.rule
        $f$, 'finding_hour_g' || _generation) USING _run, _generation, _carried;

    FOREACH _table IN ARRAY hindcast.generation_tables() LOOP
        _name := _table || '_g' || _generation;
        SELECT pg_get_constraintdef(c.oid) INTO STRICT _key FROM pg_constraint c
        WHERE c.conrelid = format('hindcast.%I', _table)::regclass AND c.contype = 'p';
        EXECUTE format('ALTER TABLE hindcast.%I ADD %s', _name, _key);
        EXECUTE format('ANALYZE hindcast.%I', _name);
    END LOOP;
END $$;

-- Every version by its number, drafts among them.
CREATE VIEW hindcast.known_template AS
SELECT t.template_version_key, t.template_id FROM hindcast.template_version t
UNION ALL SELECT t.template_version_key, t.template_id FROM hindcast.template_draft t;

-- Makes a generation's tables visible: no lock that a reader or a worker waits for, since the check spares the scan.
CREATE FUNCTION hindcast.attach_generation(_generation int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    _table text;
BEGIN
    FOREACH _table IN ARRAY hindcast.generation_tables() LOOP
        EXECUTE format(
            'ALTER TABLE hindcast.%I ATTACH PARTITION hindcast.%I FOR VALUES IN (%s)', _table, _table || '_g' || _generation, _generation);
    END LOOP;
END $$;

-- Drops what a generation has in one table. Does nothing where that is done; never touches the live one. The caller tries again when a lock is not to be had:
-- readers queue behind the detach, so it waits for an instant only.
CREATE FUNCTION hindcast.drop_generation_table(_table text, _generation int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
    _name text := _table || '_g' || _generation;
    _relation regclass := to_regclass(format('hindcast.%I', _name));
BEGIN
    IF NOT _table = ANY (hindcast.generation_tables()) THEN
        RAISE EXCEPTION '"%" is not a table of generations.', _table USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF EXISTS (SELECT FROM hindcast.live_generation l WHERE l.generation = _generation) THEN
        RAISE EXCEPTION 'Generation % is live and is not dropped.', _generation USING ERRCODE = 'object_in_use';
    END IF;
    IF _relation IS NULL THEN
        RETURN;
    END IF;
    IF EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = _relation) THEN
        EXECUTE format('ALTER TABLE hindcast.%I DETACH PARTITION hindcast.%I', _table, _name);
    END IF;
    EXECUTE format('DROP TABLE hindcast.%I', _name);
    DELETE FROM hindcast.hour_leaf l WHERE l.relation = _name;
END $$;

-- Drops a run's partial rows of one table, as above.
CREATE FUNCTION hindcast.drop_replay_table(_table text, _run int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
    _name text := 'replay_' || _table || '_r' || _run;
BEGIN
    IF to_regclass(format('hindcast.%I', _name)) IS NULL THEN
        RETURN;
    END IF;
    EXECUTE format('ALTER TABLE hindcast.%I DETACH PARTITION hindcast.%I', 'replay_' || _table, _name);
    EXECUTE format('DROP TABLE hindcast.%I', _name);
END $$;

-- Compares what the base said at the cut with what the new generation says there, and keeps the differences. A version is not part of what is compared: the same
-- template, place and rule is the same thing wrong.
CREATE FUNCTION hindcast.compare_generation(_run int, _generation int, _base int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    _side constant text := $s$
        SELECT f.device_key, f.day, coalesce(nullif(f.template_ref, ''), t.template_id, '') AS template_id, f.module, f.component, f.path, f.rule,
            max(f.severity) AS severity, sum(f.count)::bigint AS count, hindcast.wrap64(sum(f.lane0)) AS lane0, hindcast.wrap64(sum(f.lane1)) AS lane1,
            (array_agg(f.source_id ORDER BY f.last_time DESC, f.source_id DESC, f.last_offset DESC))[1] AS source_id,
            (array_agg(f.last_offset ORDER BY f.last_time DESC, f.source_id DESC, f.last_offset DESC))[1] AS source_offset,
            (array_agg(f.message ORDER BY f.last_time DESC, f.source_id DESC, f.last_offset DESC))[1] AS message
        FROM hindcast.%I f LEFT JOIN hindcast.known_template t USING (template_version_key)
        WHERE %s GROUP BY 1, 2, 3, 4, 5, 6, 7
        $s$;
    _hours constant text := $s$
        SELECT floor(extract(epoch FROM f.hour - timestamptz '2000-01-01 00:00:00Z') / 86400)::smallint AS day, f.tenant,
            coalesce(nullif(f.template_ref, ''), t.template_id, '') AS template_id, f.component, f.path, f.rule, max(f.severity) AS severity,
            sum(f.count)::bigint AS count
        FROM hindcast.%I f LEFT JOIN hindcast.known_template t USING (template_version_key)
        WHERE %s GROUP BY 1, 2, 3, 4, 5, 6
        $s$;
BEGIN
    EXECUTE format($f$
        INSERT INTO hindcast.replay_change (
            count_before, count_after, example_offset, run_id, device_key, example_source, day, severity, change, tenant, device_id, template_id, module,
            component, path, rule, message)
        SELECT coalesce(b.count, 0), coalesce(a.count, 0), coalesce(a.source_offset, b.source_offset), %s, device_key, coalesce(a.source_id, b.source_id), day,
            coalesce(a.severity, b.severity), CASE WHEN b.count IS NULL THEN 'appeared' WHEN a.count IS NULL THEN 'disappeared' ELSE 'changed' END,
            d.tenant, d.device_id, template_id, module, component, path, rule, coalesce(a.message, b.message)
        FROM (%s) b FULL JOIN (%s) a USING (device_key, day, template_id, module, component, path, rule) JOIN hindcast.device d USING (device_key)
        WHERE (a.count, a.lane0, a.lane1) IS DISTINCT FROM (b.count, b.lane0, b.lane1)
        $f$, _run, format(_side, 'replay_finding', format('f.run_id = %s AND f.generation = %s', _run, _base)),
        format(_side, 'finding_g' || _generation, 'true'));
    EXECUTE format($f$
        INSERT INTO hindcast.replay_change_day (count_before, count_after, run_id, day, severity, tenant, template_id, component, path, rule)
        SELECT coalesce(b.count, 0), coalesce(a.count, 0), %s, day, coalesce(a.severity, b.severity), tenant, template_id, component, path, rule
        FROM (%s) b FULL JOIN (%s) a USING (day, tenant, template_id, component, path, rule)
        WHERE a.count IS DISTINCT FROM b.count
        $f$, _run, format(_hours, 'replay_finding_hour', format('f.run_id = %s AND f.generation = %s', _run, _base)),
        format(_hours, 'finding_hour_g' || _generation, 'true'));
    EXECUTE format($f$
        UPDATE hindcast.replay_run r SET
            judged_events = (SELECT coalesce(sum(v.messages), 0)::bigint FROM hindcast.%I v),
            (appeared, disappeared, changed, new_errors) = (
                SELECT count(*) FILTER (WHERE c.change = 'appeared'), count(*) FILTER (WHERE c.change = 'disappeared'),
                    count(*) FILTER (WHERE c.change = 'changed'),
                    coalesce(sum(greatest(c.count_after - c.count_before, 0)) FILTER (WHERE c.severity = 3), 0)::bigint
                FROM hindcast.replay_change c WHERE c.run_id = r.run_id)
        WHERE r.run_id = %s
        $f$, 'device_verdict_g' || _generation, _run);
END $$;

-- Where a rebuilt answer differs from what the base said at the cut: rows that only one of both has, as JSON, the earliest first.
CREATE FUNCTION hindcast.verify_generation(_run int, _generation int, _base int, _limit int)
RETURNS TABLE (relation text, device_key int, at timestamptz, rule text, stored jsonb, rebuilt jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    _table text;
    _sql text := '';
BEGIN
    FOREACH _table IN ARRAY hindcast.generation_tables() LOOP
        _sql := _sql || CASE WHEN _sql = '' THEN '' ELSE ' UNION ALL ' END || format($f$
            SELECT %L::text AS relation, coalesce(b.j, a.j) AS j, b.j AS stored, a.j AS rebuilt
            FROM (SELECT to_jsonb(t) - '{run_id,chunk,generation}'::text[] AS j FROM hindcast.%I t
                WHERE t.run_id = %s AND t.chunk = 0 AND t.generation = %s) b
            FULL JOIN (SELECT to_jsonb(t) - 'generation' AS j FROM hindcast.%I t) a ON a.j = b.j
            WHERE a.j IS NULL OR b.j IS NULL
            $f$, _table, 'replay_' || _table, _run, _base, _table || '_g' || _generation);
    END LOOP;
    RETURN QUERY EXECUTE format($f$
        SELECT d.relation, (d.j ->> 'device_key')::int, coalesce(d.j ->> 'hour', d.j ->> 'first_time', d.j ->> 'judged_time')::timestamptz, d.j ->> 'rule',
            d.stored, d.rebuilt
        FROM (%s) d ORDER BY 3, 2, 4 NULLS LAST, 1, d.stored NULLS LAST LIMIT %s
        $f$, _sql, _limit);
END $$;

REVOKE ALL ON FUNCTION hindcast.generation_tables, hindcast.verify_generation, hindcast.begin_replay, hindcast.build_generation, hindcast.attach_generation,
    hindcast.drop_generation_table, hindcast.drop_replay_table, hindcast.compare_generation FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hindcast.generation_tables, hindcast.verify_generation, hindcast.begin_replay, hindcast.build_generation, hindcast.attach_generation,
    hindcast.drop_generation_table, hindcast.drop_replay_table, hindcast.compare_generation TO {{role_admin}};
GRANT SELECT, INSERT, UPDATE, DELETE ON hindcast.replay_run, hindcast.replay_source, hindcast.replay_device, hindcast.replay_chunk, hindcast.replay_change,
    hindcast.replay_change_day TO {{role_admin}};
GRANT SELECT, INSERT ON hindcast.replay_finding, hindcast.replay_finding_hour, hindcast.replay_device_verdict, hindcast.replay_verdict_hour,
    hindcast.replay_source_verdict_hour TO {{role_admin}};
GRANT SELECT ON hindcast.known_template TO {{role_admin}};
-- A candidate's checkpoints are placed where its past ends.
GRANT INSERT, UPDATE, DELETE ON hindcast.projection_checkpoint TO {{role_admin}};

CREATE VIEW diagnostics.replay_runs AS
SELECT ''::text AS tenant, r.run_id, r.state, r.template_id, r.from_time, r.to_time,
    (SELECT coalesce(sum(c.events), 0)::bigint FROM hindcast.replay_chunk c WHERE c.run_id = r.run_id) AS events,
    r.appeared, r.disappeared, r.changed, encode(r.diff_sha256, 'hex') AS diff_digest, r.started_at, r.finished_at,
    r.purpose, r.generation, r.base_generation, r.devices, r.planned_at, r.obstacle, r.failure
FROM hindcast.replay_run r;

CREATE VIEW diagnostics.replay_changes AS
SELECT c.tenant, c.run_id, c.device_id, c.template_id, c.path, c.rule, CASE WHEN c.day <> 0 THEN date '2000-01-01' + c.day::int END AS day, c.change,
    c.count_before, c.count_after, c.module, c.component, (ARRAY['info', 'warning', 'error'])[c.severity] AS severity, c.message,
    c.example_source, c.example_offset
FROM hindcast.replay_change c;

COMMENT ON VIEW diagnostics.replay_runs IS 'Replays: one row per run that was ever planned.';
COMMENT ON COLUMN diagnostics.replay_runs.tenant IS 'Empty: a run concerns all tenants.';
COMMENT ON COLUMN diagnostics.replay_runs.run_id IS 'The run''s number.';
COMMENT ON COLUMN diagnostics.replay_runs.state IS 'Where it stands: planned, loading, indexing, catching_up, ready, live, retired, paused, failed or aborted.';
COMMENT ON COLUMN diagnostics.replay_runs.template_id IS 'The template that is tried; NULL where a generation is only verified.';
COMMENT ON COLUMN diagnostics.replay_runs.from_time IS 'From when on the version tried is in force; NULL from the beginning.';
COMMENT ON COLUMN diagnostics.replay_runs.to_time IS 'Where the stretch ends that is looked at; NULL at the cut.';
COMMENT ON COLUMN diagnostics.replay_runs.events IS 'Events of its chunks.';
COMMENT ON COLUMN diagnostics.replay_runs.appeared IS 'Findings per device and place that would be new; NULL until they are compared, as the next three.';
COMMENT ON COLUMN diagnostics.replay_runs.disappeared IS 'Findings per device and place that would be gone.';
COMMENT ON COLUMN diagnostics.replay_runs.changed IS 'Findings per device and place that would have other occurrences.';
COMMENT ON COLUMN diagnostics.replay_runs.diff_digest IS 'SHA-256 of all changes, in hexadecimal: what a promotion is bound to.';
COMMENT ON COLUMN diagnostics.replay_runs.started_at IS 'When the first chunk could be claimed.';
COMMENT ON COLUMN diagnostics.replay_runs.finished_at IS 'When it was ready, or had failed or was aborted.';
COMMENT ON COLUMN diagnostics.replay_runs.purpose IS 'What it is for: replay, what_if, verify or migrate.';
COMMENT ON COLUMN diagnostics.replay_runs.generation IS 'The generation that it builds.';
COMMENT ON COLUMN diagnostics.replay_runs.base_generation IS 'The generation that it began with and is compared with.';
COMMENT ON COLUMN diagnostics.replay_runs.devices IS 'Patterns of the devices that the version is tried on; none is all.';
COMMENT ON COLUMN diagnostics.replay_runs.planned_at IS 'When it was planned.';
COMMENT ON COLUMN diagnostics.replay_runs.obstacle IS 'Why it can never be promoted; NULL where it can.';
COMMENT ON COLUMN diagnostics.replay_runs.failure IS 'Why it failed.';
COMMENT ON VIEW diagnostics.replay_changes IS 'What replays would change: one row per run and finding that would appear, disappear or have other occurrences.';
COMMENT ON COLUMN diagnostics.replay_changes.tenant IS 'The namespace of the device''s id.';
COMMENT ON COLUMN diagnostics.replay_changes.run_id IS 'The run.';
COMMENT ON COLUMN diagnostics.replay_changes.device_id IS 'The device.';
COMMENT ON COLUMN diagnostics.replay_changes.template_id IS 'The template that the finding is about; empty where none applied.';
COMMENT ON COLUMN diagnostics.replay_changes.path IS 'The place in the message; see validation_findings.';
COMMENT ON COLUMN diagnostics.replay_changes.rule IS 'Which rule says so.';
COMMENT ON COLUMN diagnostics.replay_changes.day IS 'The UTC day for places that a device chooses, which are bounded per day; NULL for all others.';
COMMENT ON COLUMN diagnostics.replay_changes.change IS 'appeared, disappeared or changed.';
COMMENT ON COLUMN diagnostics.replay_changes.count_before IS 'Occurrences that the generation compared with counts.';
COMMENT ON COLUMN diagnostics.replay_changes.count_after IS 'Occurrences that the run counts.';
COMMENT ON COLUMN diagnostics.replay_changes.module IS 'The edge module; empty for the device itself.';
COMMENT ON COLUMN diagnostics.replay_changes.component IS 'The component; empty for the default one.';
COMMENT ON COLUMN diagnostics.replay_changes.severity IS 'error, warning or info.';
COMMENT ON COLUMN diagnostics.replay_changes.message IS 'What is wrong, in a sentence.';
COMMENT ON COLUMN diagnostics.replay_changes.example_source IS 'The source of an event that shows it, for `hindcast explain`.';
COMMENT ON COLUMN diagnostics.replay_changes.example_offset IS 'The offset of that event.';

GRANT SELECT ON diagnostics.replay_runs, diagnostics.replay_changes TO {{role_dashboard}}, {{role_admin}};
RESET ROLE;
