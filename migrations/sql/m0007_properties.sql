-- Properties: what devices report, what they should take, what only the service keeps, and whether both agree.
-- Locks: new tables and views only. Duration: milliseconds.
SET LOCAL ROLE {{role_owner}};

-- One row per value of a property: section 1 reported, 2 desired, 3 cloud. Two registers, each with an order of its own, so that they merge in any order:
-- versioned_* is the last statement by (version, time, offset) of those that carry the version of their section, latest_* the last by (time, offset) of
-- all. A value of NULL is a removal. Rows without a name are marks: what is older in their component ('*' for all) is gone. Section 0 is a mark of the
-- device's deletion, or with a module of that module's. Device before source, as in `finding`.
CREATE TABLE hindcast.device_property (
    versioned_at              bigint,           -- the version of the section
    versioned_time            timestamptz,
    versioned_offset          bigint,
    versioned_version         bigint,           -- the version of the section when the value was set
    versioned_changed         timestamptz,
    versioned_ack_version     bigint,
    latest_at                 bigint,
    latest_time               timestamptz NOT NULL,
    latest_offset             bigint NOT NULL,
    latest_version            bigint,
    latest_changed            timestamptz NOT NULL,
    latest_ack_version        bigint,
    name_hash                 bigint NOT NULL,  -- orders the names of a device's module, of which the smallest are kept; 0 for marks of everything
    source_id                 int NOT NULL,
    device_key                int NOT NULL,
    versioned_ack_code        int,
    latest_ack_code           int,
    section                   smallint NOT NULL,
    module                    text NOT NULL,
    component                 text NOT NULL,
    name                      text NOT NULL,
    versioned_value           text,
    versioned_ack_description text,
    latest_value              text,
    latest_ack_description    text,
    PRIMARY KEY (device_key, source_id, module, component, name, section)
) WITH (fillfactor = 50);

-- 1. Per row of the device, its sources merged: the last statement by version and the last by time. 2. Which of both is in force: the one with the greater
-- version, unless it is from before the device's last deletion, or a later statement without a version says something else. 3. Without what was removed, by
-- name or by a mark, and without parts of values that are known whole. 4. The three values side by side.
CREATE VIEW diagnostics.device_properties AS
SELECT d.tenant, d.device_id, p.module, p.component, p.name AS property, p.desired, p.desired_version, p.reported, p.reported_version,
    p.ack_code, p.ack_version, p.ack_description, p.in_sync, greatest(p.desired_changed, p.reported_changed, p.cloud_changed) AS changed_at, p.cloud,
    CASE
        WHEN p.in_sync THEN NULL
        WHEN p.ack_code IS NULL AND p.reported_changed > p.desired_changed THEN p.reported_changed
        ELSE p.desired_changed
    END AS out_of_sync_since,
    coalesce(p.ack_version > p.known_version, false) AS acknowledged_ahead
FROM hindcast.device d
CROSS JOIN LATERAL (
    WITH merged AS (
        SELECT r.section, r.module, r.component, r.name,
            (array_agg(r ORDER BY r.versioned_at DESC, r.versioned_time DESC, r.source_id DESC, r.versioned_offset DESC)
                FILTER (WHERE r.versioned_time IS NOT NULL))[1] AS v,
            (array_agg(r ORDER BY r.latest_time DESC, r.source_id DESC, r.latest_offset DESC))[1] AS l
        FROM hindcast.device_property r WHERE r.device_key = d.device_key
        GROUP BY r.section, r.module, r.component, r.name),
    ending AS MATERIALIZED (SELECT m.module, (m.l).latest_time AS ended FROM merged m WHERE m.section = 0),
    lived AS MATERIALIZED (
        SELECT m.*, coalesce((SELECT max(e.ended) FROM ending e WHERE e.module IN ('', m.module)), '-infinity') AS ended
        FROM merged m WHERE m.section > 0),
    chosen AS MATERIALIZED (
        SELECT c.*, coalesce((c.v).versioned_time > c.ended AND NOT (
            (c.l).latest_at IS NULL AND (c.l).latest_time > (c.v).versioned_time
            AND (c.name = '' OR (c.l).latest_value IS DISTINCT FROM (c.v).versioned_value)), false) AS is_versioned
        FROM lived c WHERE (c.l).latest_time > c.ended),
    said AS MATERIALIZED (
        SELECT c.section, c.module, c.component, c.name,
            CASE WHEN c.is_versioned THEN (c.v).versioned_at ELSE (c.l).latest_at END AS at,
            CASE WHEN c.is_versioned THEN (c.v).versioned_time ELSE (c.l).latest_time END AS said_time,
            CASE WHEN c.is_versioned THEN (c.v).source_id ELSE (c.l).source_id END AS said_source,
            CASE WHEN c.is_versioned THEN (c.v).versioned_offset ELSE (c.l).latest_offset END AS said_offset,
            CASE WHEN c.is_versioned THEN (c.v).versioned_version ELSE (c.l).latest_version END AS set_version,
            CASE WHEN c.is_versioned THEN (c.v).versioned_changed ELSE (c.l).latest_changed END AS changed,
            CASE WHEN c.is_versioned THEN (c.v).versioned_value ELSE (c.l).latest_value END AS value_text,
            CASE WHEN c.is_versioned THEN (c.v).versioned_ack_code ELSE (c.l).latest_ack_code END AS ack_code,
            CASE WHEN c.is_versioned THEN (c.v).versioned_ack_version ELSE (c.l).latest_ack_version END AS ack_version,
            CASE WHEN c.is_versioned THEN (c.v).versioned_ack_description ELSE (c.l).latest_ack_description END AS ack_description
        FROM chosen c),
    marks AS MATERIALIZED (SELECT k.* FROM said k WHERE k.name = ''),
    present AS MATERIALIZED (
        SELECT s.* FROM said s
        WHERE s.name <> '' AND s.value_text IS NOT NULL AND NOT EXISTS (
            SELECT FROM marks k
            WHERE k.section = s.section AND k.module = s.module AND k.component IN ('*', s.component)
                AND CASE WHEN k.at IS NOT NULL AND s.at IS NOT NULL THEN k.at > s.at
                    ELSE (k.said_time, k.said_source, k.said_offset) > (s.said_time, s.said_source, s.said_offset) END)),
    -- A patch tells of a part of an object by a path that could as well be of a component. Where the whole object is known it has the part.
    objects AS MATERIALIZED (SELECT s.section, s.module, s.component, s.name FROM present s WHERE starts_with(s.value_text, '{')),
    whole AS (
        SELECT s.* FROM present s
        WHERE NOT EXISTS (
            SELECT FROM objects o
            WHERE o.section = s.section AND o.module = s.module
                AND (o.component = '' AND o.name = s.component OR o.component = s.component AND o.name = split_part(s.name, '/', 1) AND o.name <> s.name))),
    -- A device acknowledges the version that the whole section has, which may be past the one at which this property was set.
    known AS (SELECT s.module, max(s.at) AS known_version FROM said s WHERE s.section = 2 GROUP BY s.module),
    beside AS (
        SELECT b.module, b.component, b.name,
            max(b.value_text) FILTER (WHERE b.section = 2) AS desired, max(b.set_version) FILTER (WHERE b.section = 2) AS desired_version,
            max(b.changed) FILTER (WHERE b.section = 2) AS desired_changed,
            max(b.value_text) FILTER (WHERE b.section = 1) AS reported, max(b.set_version) FILTER (WHERE b.section = 1) AS reported_version,
            max(b.changed) FILTER (WHERE b.section = 1) AS reported_changed,
            max(b.ack_code) AS ack_code, max(b.ack_version) AS ack_version, max(b.ack_description) AS ack_description,
            max(b.value_text) FILTER (WHERE b.section = 3) AS cloud, max(b.changed) FILTER (WHERE b.section = 3) AS cloud_changed
        FROM whole b GROUP BY b.module, b.component, b.name)
    SELECT b.*, n.known_version,
        CASE
            WHEN b.desired IS NULL THEN true
            WHEN b.ack_code IS NULL THEN coalesce(b.reported = b.desired, false)
            WHEN b.ack_code NOT BETWEEN 200 AND 299 THEN false
            WHEN b.desired_version IS NULL THEN b.reported = b.desired
            ELSE b.ack_version >= b.desired_version
        END AS in_sync
    FROM beside b LEFT JOIN known n ON n.module = b.module) p;

COMMENT ON VIEW diagnostics.device_properties IS 'One row per device, module, component and property: what is desired, reported and kept, and whether they agree.';
COMMENT ON COLUMN diagnostics.device_properties.tenant IS 'The namespace of the device id.';
COMMENT ON COLUMN diagnostics.device_properties.device_id IS 'The device.';
COMMENT ON COLUMN diagnostics.device_properties.module IS 'The edge module; empty for the device itself.';
COMMENT ON COLUMN diagnostics.device_properties.component IS 'The component; empty for the default one.';
COMMENT ON COLUMN diagnostics.device_properties.property IS 'The property''s name; for a part that a JSON Patch changed by itself, its path, such as limits/high.';
COMMENT ON COLUMN diagnostics.device_properties.desired IS 'The value that the device should take, as canonical JSON; NULL for none. More than 4096 bytes are cut and marked with # and a hash.';
COMMENT ON COLUMN diagnostics.device_properties.desired_version IS 'The version of the desired section when the value was set; NULL where the format carries none.';
COMMENT ON COLUMN diagnostics.device_properties.reported IS 'The value that the device reports, as canonical JSON, of an acknowledgement the value in it; NULL for none. Cut like desired.';
COMMENT ON COLUMN diagnostics.device_properties.reported_version IS 'The version of the reported section when the value was set; NULL where the format carries none.';
COMMENT ON COLUMN diagnostics.device_properties.ack_code IS 'The device''s answer to the desired value (ac): 200 to 299 accept it; NULL where the device did not answer.';
COMMENT ON COLUMN diagnostics.device_properties.ack_version IS 'The version of the desired section that the device answers (av).';
COMMENT ON COLUMN diagnostics.device_properties.ack_description IS 'What the device says about its answer (ad); empty where it says nothing.';
COMMENT ON COLUMN diagnostics.device_properties.in_sync IS 'Whether nothing is desired, or the device accepted that version or a later one, or without an answer reports an equal value.';
COMMENT ON COLUMN diagnostics.device_properties.changed_at IS 'When one of the values was last set, by the service''s own account where the format has it.';
COMMENT ON COLUMN diagnostics.device_properties.cloud IS 'The value of a cloud property, which devices never see, as canonical JSON; NULL for none. Cut like desired.';
COMMENT ON COLUMN diagnostics.device_properties.out_of_sync_since IS 'Since when it is not in sync: since the value is desired, or since the device reports another one without an answer; NULL while in sync.';
COMMENT ON COLUMN diagnostics.device_properties.acknowledged_ahead IS 'Whether the device answers a version of the desired section that nobody has made yet.';

GRANT SELECT, INSERT, UPDATE, DELETE ON hindcast.device_property TO {{role_project}};
GRANT SELECT ON hindcast.device_property TO {{role_admin}};
GRANT SELECT ON diagnostics.device_properties TO {{role_dashboard}}, {{role_admin}}, {{role_project}};
RESET ROLE;
