-- Group roles without login, and the two schemas: `hindcast` for tables, `diagnostics` for what dashboards read.
-- Locks: none that anybody waits for. Duration: milliseconds.
-- Roles belong to the whole server, so another database of the same server may have made them already.
DO $$ BEGIN CREATE ROLE {{role_owner}} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE {{role_ingest}} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE {{role_project}} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE {{role_admin}} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE {{role_dashboard}} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE {{role_payload}} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;

-- Granting a role twice at the same moment from two databases collides on one catalogue row, so membership is asked for first.
DO $$
BEGIN
    IF NOT pg_has_role(current_user, '{{role_owner}}'::regrole, 'MEMBER') THEN
        GRANT {{role_owner}} TO CURRENT_USER;
    END IF;
END $$;

ALTER SCHEMA hindcast OWNER TO {{role_owner}};
CREATE SCHEMA diagnostics AUTHORIZATION {{role_owner}};

GRANT USAGE ON SCHEMA hindcast TO {{role_ingest}}, {{role_project}}, {{role_admin}};
GRANT USAGE ON SCHEMA diagnostics TO {{role_dashboard}}, {{role_payload}}, {{role_admin}};
GRANT SELECT ON hindcast.schema_migration TO {{role_ingest}}, {{role_project}}, {{role_admin}};
