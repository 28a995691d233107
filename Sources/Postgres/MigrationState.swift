/// How far a database is along a program's migrations.
package enum MigrationState: Hashable, Sendable {
    /// Nothing was ever applied.
    case notMigrated
    /// Some were applied; these are still to come.
    case behind(version: Int, pending: [Migration])
    /// All were applied, and no others.
    case current(version: Int)
    /// One was applied that this program does not know: a newer program was here.
    case newer(database: Int, program: Int)
}
