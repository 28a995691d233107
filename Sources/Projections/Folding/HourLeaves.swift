import Diagnostics
import Postgres

/// The daily leaves of the hourly tables: made before the batch that needs them, each in a short transaction of its own, so that no batch holds their locks.
struct HourLeaves {
    /// Days of one hourly table.
    struct Need {
        let relation: String
        let days: Set<Int16>
    }

    private struct Leaf: Hashable {
        let relation: String
        let day: Int16
    }

    private var made: Set<Leaf> = []

    /// Makes sure that the leaves of some days are there.
    mutating func ensure(_ need: Need, on connection: inout Connection) throws(PostgresError) {
        for day in need.days.sorted() where !made.contains(Leaf(relation: need.relation, day: day)) {
            try connection.execute(MakeHourLeaf(relation: need.relation, day: day))
            made.insert(Leaf(relation: need.relation, day: day))
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
