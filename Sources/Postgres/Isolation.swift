/// How much of other transactions a transaction sees (SQL:2016 part 2, 4.41.4; PostgreSQL manual, section 13.2).
package enum Isolation: Sendable {
    /// Each statement sees what was committed before it began.
    case readCommitted
    /// Every statement sees what was committed before the first.
    case repeatableRead
    /// As if transactions ran one after the other; some fail with ``SQLState/serializationFailure``.
    case serializable

    var beginSQL: String {
        switch self {
        case .readCommitted: "BEGIN ISOLATION LEVEL READ COMMITTED"
        case .repeatableRead: "BEGIN ISOLATION LEVEL REPEATABLE READ"
        case .serializable: "BEGIN ISOLATION LEVEL SERIALIZABLE"
        }
    }
}
