import Catalog
package import Diagnostics
import EventLog
package import Postgres

/// What building a generation again has shown.
package struct Verification: Equatable, Sendable {
    /// A row that only one of both has.
    package struct Difference: Equatable, Sendable {
        /// The table.
        package let table: String
        package let tenant: String
        /// The device; empty where the table sums over the fleet.
        package let deviceID: String
        /// The hour, or when it was seen first.
        package let at: Timestamp?
        package let rule: String?
        /// The row as it is stored, as JSON; nil where there is none.
        package let stored: String?
        /// The row as it was built again, as JSON; nil where there is none.
        package let rebuilt: String?
    }

    /// The first difference, by time, device and rule; nil where there is none.
    package let first: Difference?
    /// Why the comparison means less than it could: the past is not all there, or other rules judged a part of it. Empty where it means all.
    package let reservations: [String]

    /// Compares a run that was built to verify, before it is cleaned up.
    ///
    /// - Throws: ``ReplayError/Code/stateWrong`` where it is no such run, or not built yet.
    package static func read(_ run: ReplayRun, on connection: inout Connection) throws(ReplayError) -> Verification {
        guard run.purpose == .verify, run.state == .ready else { throw ReplayRuns.wrong(run, "compared with what it verifies", expected: [.ready]) }
        return try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            let first = try connection.query(SelectDifferences(run: run)).first
            var reservations: [String] = []
            if run.lostEvents > 0 { reservations.append("retention has taken \(run.lostEvents) events, which are counted and cannot be read again") }
            for source in try RuleSets.mixedSources(of: run.base, on: &connection) {
                reservations.append("an older rule set judged a part of source \(source), which this program cannot run again")
            }
            return Verification(first: first, reservations: reservations)
        }
    }
}

private struct SelectDifferences: Statement {
    let run: ReplayRun

    static let sql = """
        SELECT v.relation, coalesce(d.tenant, ''), coalesce(d.device_id, ''), v.at, v.rule, v.stored::text, v.rebuilt::text
        FROM hindcast.verify_generation($1, $2, $3, 1) v LEFT JOIN hindcast.device d USING (device_key)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(run.id)
        parameters.append(run.generation)
        parameters.append(run.base)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Verification.Difference {
        Verification.Difference(
            table: try row.string(0), tenant: try row.string(1), deviceID: try row.string(2), at: try row.timestampOrNil(3).map { Timestamp($0) },
            rule: try row.stringOrNil(4), stored: try row.stringOrNil(5), rebuilt: try row.stringOrNil(6))
    }
}
