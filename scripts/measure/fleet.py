"""The item of make proof about a large fleet: how fast the projections go over a finished log and gaps are counted in it, and how fast the views then answer.

Variables: PROOF_DEVICES (1000000), PROOF_FLEET_EVENTS (10000000), PROOF_ASKED (20, how often each view is asked).
"""
import json
import os
import statistics
import time

from services import Failure, say, variable

DEVICES = variable("PROOF_DEVICES", 1_000_000)
FLEET = 10_000_000
EVENTS = variable("PROOF_FLEET_EVENTS", FLEET)
ASKED = variable("PROOF_ASKED", 20)
# A device sends to one topic alone. So many topics, because the broker looks through all batches of a partition for every fetch.
SLICES = 10
SETTINGS = {"shared_buffers": "1GB", "max_wal_size": "8GB", "fsync": "on", "synchronous_commit": "on"}
# What `hindcast.event.kind` says of telemetry.
TELEMETRY = 1
GOAL_RATIO = 1.0
GOAL_MS = 50
TABLES = (
    "event", "finding", "finding_hour", "device_verdict", "verdict_hour", "source_verdict_hour", "device_state", "device_life", "device_hour", "source_hour",
    "device_property", "device_error", "device_snapshot", "device_cause",
)
# What a dashboard asks first, about the fleet and about one device of a tenant.
VIEWS = {
    "fleet_summary": "SELECT * FROM diagnostics.fleet_summary",
    "fleet_causes": "SELECT * FROM diagnostics.fleet_causes",
    "worst_hundred": "SELECT * FROM diagnostics.device_health ORDER BY score DESC LIMIT 100",
    "failing_hundred": "SELECT * FROM diagnostics.device_health WHERE health = 'failing' LIMIT 100",
    "device_health_of_one": "SELECT * FROM diagnostics.device_health WHERE tenant = '{tenant}' AND device_id = 'meter-{device}'",
    "device_diagnosis_of_one": "SELECT * FROM diagnostics.device_diagnosis WHERE tenant = '{tenant}' AND device_id = 'meter-{device}'",
    "device_registration_of_one": "SELECT * FROM diagnostics.device_registration WHERE tenant = '{tenant}' AND device_id = 'meter-{device}'",
    "findings_of_one": "SELECT * FROM diagnostics.validation_findings WHERE tenant = '{tenant}' AND device_id = 'meter-{device}'",
    "export_gaps": "SELECT * FROM diagnostics.export_gaps",
    "export_status": "SELECT * FROM diagnostics.export_status",
}
# Two exports of all telemetry, the first off since before the first event, the second for the last half of the time.
EXPORTS = {
    "exports": [{"id": name, "enabled": True, "source": "telemetry", "destinations": [{"id": "lake"}]} for name in ("always-off", "off-lately")],
    "destinations": [{"id": "lake", "type": "kafka@v1", "topic": "exported"}],
}


def fleet(item, seed):
    """A finished log of a large fleet is projected, then asked. The ratio is to the rate at which the same run ingested it."""
    load = os.getloadavg()[0]
    item.server.configure(SETTINGS)
    item.close()
    programs = item.programs
    programs.migrate("proof")
    programs.publish("proof")
    ingested = ingest(item, seed)
    wal = wal_position(item)
    began, server = time.time(), item.server.processor_seconds()
    finished = programs.run(["project", "--exit-at-end"], item.environment(os.environ["HINDCAST_TEST_TANSU"]), seconds=3600)
    whole = time.time() - began
    # The snapshot is brought up to date beside the projections, and once more behind them.
    seconds = float(item.session().rows("SELECT extract(epoch FROM max(last_advanced)) FROM hindcast.projection_checkpoint")[0][0]) - began
    say(f"projected in {seconds:.0f} s, and looked at every device in {whole:.0f} s")
    if item.projected() != EVENTS:
        raise Failure(f"{item.projected()} events were projected, expected {EVENTS}")
    # A message that cannot be parsed does not say its tenant: its device counts once more, under the tenant without a name.
    tenants = item.session().rows("SELECT devices, tenant FROM diagnostics.fleet_summary ORDER BY devices DESC")
    devices = int(tenants[0][0]) if tenants else 0
    if not DEVICES * 0.99 <= devices <= DEVICES:
        raise Failure(f"fleet_summary counts {devices} devices in the largest of {len(tenants)} tenants, expected about {DEVICES}: {tenants}")
    rate = EVENTS / seconds
    figures = {
        "load_before": round(load, 1), "devices": devices, "devices_without_tenant": sum(int(count) for count, tenant in tenants if not tenant),
        "events": EVENTS, "ingest_per_s": round(EVENTS / ingested["seconds"]), "project_per_s": round(rate),
        "project_ratio_to_ingest": round(rate * ingested["seconds"] / EVENTS, 3), "goal_ratio": GOAL_RATIO,
        "project_client_us": round(finished.processor_seconds * 1e6 / EVENTS, 1),
        "project_server_us": round((item.server.processor_seconds() - server) * 1e6 / EVENTS, 1),
        "snapshot_seconds_after": round(whole - seconds, 1), "project_peak_mib": round(finished.peak_bytes / 2**20, 1),
        "ingest_wal_bytes_per_event": round(ingested["wal"] / EVENTS), "project_wal_bytes_per_event": round((wal_position(item) - wal) / EVENTS),
    }
    figures["derived_per_device"] = derived(item)
    figures["tables"] = tables(item)
    figures["exports"] = exports(item, tenants[0][1])
    figures["views"] = views(item)
    figures["goal_view_ms"] = GOAL_MS
    return figures


def ingest(item, seed):
    """Slice by slice; the seconds that a consumer group takes to form are left out, as in the bench."""
    programs, bootstrap = item.programs, os.environ["HINDCAST_TEST_TANSU"]
    seconds, before = 0.0, wal_position(item)
    for number in range(SLICES):
        topic = f"fleet-{number}"
        programs.produce(
            bootstrap, topic, events=EVENTS // SLICES, devices=DEVICES // SLICES, first_device=number * (DEVICES // SLICES), seed=seed + number, partitions=4)
        programs.run(["ingest", "--exit-at-end"], item.environment(bootstrap, INGEST_TOPICS=topic, KAFKA_GROUP_ID=topic))
        session = item.session()
        seconds += float(session.rows(
            "SELECT extract(epoch FROM max(c.last_advanced) - min(b.ingest_time)) FROM hindcast.ingest_batch b JOIN hindcast.source s USING (source_id) "
            f"JOIN hindcast.source_cursor c USING (source_id) WHERE s.topic = '{topic}'")[0][0])
        say(f"slice {number + 1} of {SLICES}: {item.logged()} events in the log, {seconds:.0f} s of ingest so far")
    return {"seconds": seconds, "wal": wal_position(item) - before}


def exports(item, tenant):
    """Two exports that were switched off: their gaps are found, and every event in them is counted."""
    first, last, lately = item.session().rows(
        "SELECT to_char(min(event_time) - interval '1 day', t), to_char(min(event_time) - interval '1 hour', t), "
        "to_char(max(event_time) - (max(event_time) - min(event_time)) / 2, t) FROM hindcast.event, "
        "(SELECT 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"' AS t) f GROUP BY t")[0]
    environment = item.environment(os.environ["HINDCAST_TEST_TANSU"])
    for at, off in ((first, ()), (last, ("always-off",)), (lately, ("always-off", "off-lately"))):
        document = {**EXPORTS, "exports": [{**export, "enabled": export["id"] not in off} for export in EXPORTS["exports"]]}
        file = item.programs.directory / "exports.json"
        file.write_text(json.dumps(document))
        item.programs.run(["export", "import", file, "--tenant", tenant, "--at", at], environment)
    began, server = time.monotonic(), item.server.processor_seconds()
    finished = item.programs.run(["project", "--exit-at-end"], environment, seconds=3600)
    seconds = time.monotonic() - began
    gaps = item.session().rows("SELECT export_id, cause, events, devices FROM diagnostics.export_gaps ORDER BY export_id")
    say(f"gaps counted in {seconds:.0f} s: {gaps}")
    # In a run of little size the second export was off for less than the grace period, which is no gap.
    if [row[:2] for row in gaps] not in ([["always-off", "disabled"], ["off-lately", "disabled"]], [["always-off", "disabled"]][:EVENTS < FLEET]):
        raise Failure(f"the gaps are {gaps}, expected one of each export, disabled")
    wanted = item.session().number(
        f"SELECT count(*) FROM hindcast.event e JOIN hindcast.device d USING (device_key) WHERE d.tenant = '{tenant}' AND e.kind = {TELEMETRY}")
    if int(gaps[0][2]) > wanted or int(gaps[0][2]) < wanted * 0.9:
        raise Failure(f"the gap of an export that was always off has {gaps[0][2]} events, expected nearly all of {wanted}")
    return {
        "gaps": [{"export": row[0], "events": int(row[2]), "devices": int(row[3])} for row in gaps], "seconds": round(seconds, 1),
        "client_us": round(finished.processor_seconds * 1e6 / wanted, 1),
        "server_us": round((item.server.processor_seconds() - server) * 1e6 / wanted, 1),
    }


def derived(item):
    """How many times a device was derived: once is what it takes when nothing comes meanwhile."""
    item.session().rows("SELECT pg_stat_force_next_flush()")
    rows = item.session().rows("SELECT n_tup_ins + n_tup_upd, n_tup_ins FROM pg_stat_user_tables WHERE relname = 'device_snapshot'")
    return round(int(rows[0][0]) / max(1, int(rows[0][1])), 2)


def wal_position(item):
    return item.session().number("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")


def tables(item):
    """Sizes with indexes and toast, and how many of a hundred updates stayed in place (HOT)."""
    item.session().rows("SELECT pg_stat_force_next_flush()")
    found = {}
    for name, mib, updates, hot in item.session().rows(
            "SELECT split_part(name, '.', 2), round(sum(size) / 1048576.0, 1), sum(updates), sum(hot) FROM ("
            " SELECT coalesce((SELECT r.relname FROM pg_partition_root(c.oid) p JOIN pg_class r ON r.oid = p), c.relname) AS root,"
            "  pg_total_relation_size(c.oid) AS size, s.n_tup_upd AS updates, s.n_tup_hot_upd AS hot"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_stat_user_tables s ON s.relid = c.oid"
            " WHERE n.nspname = 'hindcast' AND c.relkind = 'r') t, LATERAL (SELECT 'hindcast.' || root AS name) l GROUP BY name"):
        if name in TABLES and float(mib) > 0:
            found[name] = {"mib": float(mib), "updates": int(updates), **({"hot_percent": round(int(hot) * 100 / int(updates), 1)} if int(updates) else {})}
    return found


def views(item):
    """Milliseconds from asking to the last row, by psql: the median and the greatest."""
    session = item.session()
    tenant = session.rows("SELECT tenant FROM diagnostics.fleet_summary ORDER BY devices DESC LIMIT 1")[0][0]
    found = {}
    for name, sql in VIEWS.items():
        times = []
        for number in range(ASKED + 1):
            device = item.random.randrange(DEVICES) + 1
            began = time.monotonic()
            session.rows(sql.format(tenant=tenant, device=device))
            times.append((time.monotonic() - began) * 1000)
        # The first one plans, and loads the catalog.
        found[name] = {"median_ms": round(statistics.median(times[1:]), 1), "max_ms": round(max(times[1:]), 1), "first_ms": round(times[0], 1)}
        say(f"{name}: {found[name]}")
    return found
