-- The data source's user. It reads the public views, and what devices sent; run with psql after `hindcast migrate`, as often as you like.
\set ON_ERROR_STOP on
\getenv password GRAFANA_POSTGRES_PASSWORD
SELECT 'CREATE ROLE hindcast_grafana LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hindcast_grafana') \gexec
ALTER ROLE hindcast_grafana PASSWORD :'password';
ALTER ROLE hindcast_grafana SET statement_timeout = '30s';
GRANT hindcast_dashboard, hindcast_payload TO hindcast_grafana;
