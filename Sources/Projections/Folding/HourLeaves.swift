import Diagnostics
import Postgres

/// The daily leaves of the hourly tables: made before the batch that needs them, each in a short transaction of its own, so that no batch holds their locks.
struct HourLeaves {
    private struct Leaf: Hashable {
        let relation: String
        let day: Int16
    }

    private var made: Set<Leaf> = []

    /// The table of traffic.
    static let deviceHour = "device_hour"

    /// A generation's table of verdicts.
    static func verdictHour(_ generation: Int32) -> String { "verdict_hour_g\(generation)" }

    /// A generation's table of hourly findings.
    static func findingHour(_ generation: Int32) -> String { "finding_hour_g\(generation)" }

    /// Makes sure that the leaves of some days are there.
    mutating func ensure(_ relation: String, _ days: Set<Int16>, on connection: inout Connection) throws(PostgresError) {
        for day in days.sorted() where !made.contains(Leaf(relation: relation, day: day)) {
            try connection.execute(MakeHourLeaf(relation: relation, day: day))
            made.insert(Leaf(relation: relation, day: day))
        }
    }

    /// Forgets what is there: somebody may have dropped it.
    mutating func forget() { made = [] }
}

private struct MakeHourLeaf: Statement {
    let relation: String
    let day: Int16

    static let sql = "SELECT hindcast.make_hour_leaf($1, $2)"

    func bind(to parameters: inout Parameters) {
        parameters.append(relation)
        parameters.append(day)
    }
}
