import Hashing
import Postgres
import Projections
import TestSupport
import Testing

/// What is derived has a version, which every change of it has to raise: else devices keep what an older derivation said of them.
@Suite(.database) struct DerivationTests {
    /// The version, and the digest of everything that it stands for.
    private static let recorded: (version: Int32, digest: String) = (2, "e2eef86d22220cdb43be3543242f9b9a916cd0dfb180132d5d3f94b3a9646011")

    @Test func `a change of what is derived raises the version of the derivation`() throws {
        var connection = try TestDatabase.connect()
        var hasher = SHA256()
        for part in try connection.query(SelectDerivation()) { hasher.update(Array((part + "\n").utf8)) }
        let digest = hasher.finish().hex
        #expect(
            FleetSnapshot.derivation == Self.recorded.version && digest == Self.recorded.digest,
            """
            What is said about devices is derived otherwise than when its version was recorded: expected version \(Self.recorded.version) with digest \
            \(Self.recorded.digest), found version \(FleetSnapshot.derivation) with digest \(digest). If what is derived changed, raise FleetSnapshot.derivation, so \
            that all devices are looked at again; if only words in a comment did, leave it. Then record both in DerivationTests.
            """)
    }
}

/// The functions' bodies and the views between them, then the tables of causes that the derivation reads, each in an order of its own.
private struct SelectDerivation: Statement {
    static let sql = """
        SELECT part FROM (
            SELECT 1 AS place, p.proname || ': ' || coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) AS part FROM pg_proc p
            WHERE p.pronamespace = 'hindcast'::regnamespace AND p.proname IN (
                'day_start', 'exports_off_until', 'health_score', 'device_present', 'device_traffic', 'device_judgement', 'refresh_device_snapshot',
                'registration_label', 'connection_label', 'is_token_renewal')
            UNION ALL SELECT 2, pg_get_viewdef('hindcast.device_fact'::regclass)
            UNION ALL SELECT 3, row(c.rank, c.confidence, c.ends, c.cause)::text FROM hindcast.cause c
            UNION ALL SELECT 4, row(r.rule, r.cause)::text FROM hindcast.rule_cause r) parts
        ORDER BY place, part COLLATE "C"
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}
