-- What operators and the system decided: the control log, templates and their versions, generations and their epochs.
-- Locks: new tables only. Duration: milliseconds.
SET LOCAL ROLE {{role_owner}};

-- Numbered from a locked counter, so that control events become visible in the order of their numbers.
CREATE TABLE hindcast.control_counter (
    only_row boolean PRIMARY KEY DEFAULT true CONSTRAINT control_counter_only_row_check CHECK (only_row),
    seq      bigint NOT NULL
) WITH (fillfactor = 50);
INSERT INTO hindcast.control_counter (seq) VALUES (0);

CREATE TABLE hindcast.control_event (
    control_seq bigint PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor       text NOT NULL,
    kind        text NOT NULL CONSTRAINT control_event_kind_check CHECK (
        kind IN ('publish', 'activate', 'assign', 'rule_set', 'replay', 'promote', 'retain', 'new_source_life', 'hole')),
    body        jsonb NOT NULL
);
CREATE TRIGGER control_event_immutable BEFORE UPDATE OR DELETE ON hindcast.control_event FOR EACH ROW EXECUTE FUNCTION hindcast.deny_change();
ALTER TABLE hindcast.control_event ENABLE ALWAYS TRIGGER control_event_immutable;

-- A version of a device template: immutable, named by the SHA-256 of its canonical JSON, numbered per template from 1.
CREATE TABLE hindcast.template_version (
    template_version_key int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    template_id          text NOT NULL,
    version              int NOT NULL,
    sha256               bytea NOT NULL,
    document             bytea NOT NULL,     -- as published, byte for byte
    published_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT template_version_ordinal_key UNIQUE (template_id, version),
    CONSTRAINT template_version_content_key UNIQUE (template_id, sha256)
);
CREATE TRIGGER template_version_immutable BEFORE UPDATE OR DELETE ON hindcast.template_version FOR EACH ROW EXECUTE FUNCTION hindcast.deny_change();
ALTER TABLE hindcast.template_version ENABLE ALWAYS TRIGGER template_version_immutable;

-- One complete answer. `state` follows the replay's life cycle; the first generation is live from the start.
CREATE TABLE hindcast.generation (
    generation   int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state        text NOT NULL CONSTRAINT generation_state_check CHECK (
        state IN ('planned', 'loading', 'indexing', 'catching_up', 'ready', 'live', 'retired', 'paused', 'failed', 'aborted')),
    rule_options jsonb NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    base         int REFERENCES hindcast.generation     -- whose epochs it began with
);

-- A template that a replay tries out and that nobody published. Its number is of the versions' own sequence, so that promotion publishes it under the number
-- that the generation's rows have already.
CREATE TABLE hindcast.template_draft (
    template_version_key int PRIMARY KEY,
    template_id          text NOT NULL,
    sha256               bytea NOT NULL,
    document             bytea NOT NULL
);

CREATE TABLE hindcast.live_generation (
    only_row   boolean PRIMARY KEY DEFAULT true CONSTRAINT live_generation_only_row_check CHECK (only_row),
    generation int NOT NULL REFERENCES hindcast.generation
) WITH (fillfactor = 50);

-- From which offset on, in one source and one generation, a control event is in force.
CREATE TABLE hindcast.epoch (
    generation  int NOT NULL REFERENCES hindcast.generation,
    source_id   int NOT NULL REFERENCES hindcast.source,
    control_seq bigint NOT NULL REFERENCES hindcast.control_event,
    from_offset bigint NOT NULL,
    PRIMARY KEY (generation, source_id, control_seq)
);

INSERT INTO hindcast.generation (state, rule_options) VALUES ('live', '{}');
INSERT INTO hindcast.live_generation (generation) SELECT generation FROM hindcast.generation;

GRANT SELECT ON hindcast.control_event, hindcast.template_version, hindcast.generation, hindcast.live_generation, hindcast.epoch
    TO {{role_ingest}}, {{role_project}}, {{role_admin}};
GRANT INSERT ON hindcast.control_event TO {{role_ingest}}, {{role_project}}, {{role_admin}};
GRANT SELECT, UPDATE ON hindcast.control_counter TO {{role_ingest}}, {{role_project}}, {{role_admin}};
GRANT INSERT ON hindcast.epoch TO {{role_project}}, {{role_admin}};
GRANT INSERT ON hindcast.template_version TO {{role_admin}};
-- Replay makes generations, moves them through their life, and points to another one.
GRANT SELECT ON hindcast.template_draft TO {{role_project}}, {{role_admin}};
GRANT INSERT, DELETE ON hindcast.template_draft TO {{role_admin}};
GRANT USAGE ON SEQUENCE hindcast.template_version_template_version_key_seq TO {{role_admin}};
GRANT INSERT, UPDATE ON hindcast.generation TO {{role_admin}};
GRANT UPDATE ON hindcast.live_generation TO {{role_admin}};
GRANT DELETE ON hindcast.epoch TO {{role_admin}};
RESET ROLE;
