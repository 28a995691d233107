import Testing

/// What stands in for Grafana when the dashboards' queries are run.
struct GrafanaQueryTests {
    private static let query = GrafanaQuery(
        variables: ["tenant": ["north"], "device": ["o'neill"], "cause": ["silent", "blocked"]], from: "2026-01-02T03:04:05Z",
        to: "2026-01-02T09:00:00Z")

    @Test(arguments: [
        ("SELECT 1", "SELECT 1"),
        ("$__timeFilter(hour)", "hour BETWEEN '2026-01-02T03:04:05Z' AND '2026-01-02T09:00:00Z'"),
        ("$__timeFilter(coalesce(a, b))", "coalesce(a, b) BETWEEN '2026-01-02T03:04:05Z' AND '2026-01-02T09:00:00Z'"),
        ("t >= $__timeFrom()::timestamptz", "t >= '2026-01-02T03:04:05Z'::timestamptz"),
        ("t < $__timeTo()", "t < '2026-01-02T09:00:00Z'"),
        ("$__time(hour)", "hour AS \"time\""),
        ("$__timeEpoch(hour)", "extract(epoch from hour) AS \"time\""),
        ("$__timeGroup(hour, '1h')", "floor(extract(epoch from hour)/3600)*3600"),
        ("$__timeGroup(hour,'5m',0)", "floor(extract(epoch from hour)/300)*300"),
        ("$__timeGroupAlias(hour,'1d')", "floor(extract(epoch from hour)/86400)*86400 AS \"time\""),
        ("$__interval and $__interval_ms", "60000ms and 60000"),
        ("LIKE '$__searchFilter'", "LIKE '%'"),
        ("${tenant}, $tenant, ${tenant:raw}", "north, north, north"),
        ("tenant = ${tenant:sqlstring}", "tenant = 'north'"),
        ("${device:sqlstring}", "'o''neill'"),
        ("IN (${cause:sqlstring})", "IN ('silent','blocked')"),
        ("${cause:csv}", "silent,blocked"),
    ])
    func `macros and variables are replaced as Grafana replaces them`(text: String, expected: String) throws {
        #expect(try Self.query.expand(text) == expected)
    }

    @Test(arguments: [
        "$__unknown(a)", "$__timeFilter", "$__timeFilter(a, b)", "$__timeFilter(a", "$__timeGroup(a,'month')", "${nobody}", "$nobody",
        "${tenant", "${tenant:html}", "$cause", "costs 5$",
    ])
    func `what Grafana would send as it stands is an error`(text: String) {
        #expect(throws: GrafanaQuery.Failure.self) { try Self.query.expand(text) }
    }
}
