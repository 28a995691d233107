import Diagnostics
import Postgres

/// Changes of one batch to one table, on their way: encoded rows, and the temporary table that they are copied to before they are merged.
///
/// COPY into a temporary table and one MERGE is about twice as fast as an upsert of arrays. Only the owner of a checkpoint writes the rows of its source, so
/// MERGE, which has no answer to rows that somebody else inserts meanwhile, is safe here.
struct DeltaTable {
    /// Makes the temporary table; it is empty again after every transaction.
    let definition: StaticString
    /// Where the rows are copied to.
    let copy: CopyIn
    /// How many columns a row has.
    let columns: Int16
}

extension DeltaTable {
    /// All of them: made once per session.
    static let all = FactFolds.tables + FindingFold.tables

    /// What a session of a worker runs first.
    ///
    /// Temporary tables have no statistics, and a table that is still small when a plan is made will not stay small: so joins are looked up by key, whatever
    /// the planner guesses, one by one instead of out of a copy of what lies near. Plans are made with the values at hand, since then only the partitions that a batch touches are opened and locked.
    static var sessionScript: String {
        let planning = """
            SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off; SET enable_material = off; SET jit = off;
            SET plan_cache_mode = force_custom_plan
            """
        return ([planning] + all.map(\.definition.description)).joined(separator: ";\n")
    }

    /// Empties the tables of one generation's changes, before those of another go through them in the same transaction.
    static let clearingFindings = """
        TRUNCATE pg_temp.finding_delta, pg_temp.finding_hour_delta, pg_temp.device_verdict_delta, pg_temp.verdict_hour_delta,
            pg_temp.source_verdict_hour_delta
        """
}
