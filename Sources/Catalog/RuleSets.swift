import Diagnostics
package import Postgres

/// The versions of decoders and rules that have judged this log.
package enum RuleSets {
    /// Records this program's rule set where it is newer than all before. Folds hear of it at their next batch border.
    ///
    /// - Throws: ``CatalogError/Code/ruleSetNewer`` when a program with newer rules was here: what it said must not be mixed with what this one would say.
    package static func declare(
        version: Int = Rule.setVersion, actor: String, on connection: inout Connection
    ) throws(CatalogError) {
        // Nearly always there is nothing to do, and then no lock is taken.
        if try newest(on: &connection) == version { return }
        try connection.withTransaction { (connection: inout Connection) throws(CatalogError) in
            try connection.catalog { (connection: inout Connection) throws(PostgresError) in try ControlLog.lock(on: &connection) }
            let newest = try newest(on: &connection)
            try check(newest, against: version)
            guard newest < version else { return }
            _ = try connection.catalog { (connection: inout Connection) throws(PostgresError) in
                try ControlLog.append(.ruleSet, actor: actor, body: ControlBody.ruleSet(version: version), on: &connection)
            }
        }
    }

    /// Refuses to go on where a newer rule set than this program's is in force.
    package static func check(_ declared: Int, against version: Int = Rule.setVersion) throws(CatalogError) {
        guard declared > version else { return }
        throw CatalogError(
            .ruleSetNewer,
            "The control log holds rule set \(declared); this program has rule set \(version). Run a program at least as new as the one that declared it."
        )
    }

    /// The sources of a generation of which a rule set judged a part that was not the last one.
    package static func mixedSources(of generation: Int32, on connection: inout Connection) throws(PostgresError) -> [Int32] {
        try connection.query(SelectMixedSources(generation: generation))
    }

    /// The newest rule set that was declared; 0 where none was.
    package static func newest(on connection: inout Connection) throws(CatalogError) -> Int {
        try connection.catalog { (connection: inout Connection) throws(PostgresError) in
            Int(try connection.queryOne(SelectNewestRuleSet()) ?? 0)
        }
    }
}

private struct SelectMixedSources: Statement {
    let generation: Int32

    static let sql = """
        SELECT DISTINCT e.source_id FROM hindcast.epoch e JOIN hindcast.control_event c USING (control_seq)
        WHERE e.generation = $1 AND c.kind = 'rule_set' AND e.from_offset > 0 ORDER BY e.source_id
        """

    func bind(to parameters: inout Parameters) { parameters.append(generation) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 { try row.int32(0) }
}

private struct SelectNewestRuleSet: Statement {
    static let sql = "SELECT coalesce(max((body ->> 'version')::bigint), 0) FROM hindcast.control_event WHERE kind = 'rule_set'"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
