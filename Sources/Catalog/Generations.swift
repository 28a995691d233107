package import JSON
package import Postgres

/// One complete answer: everything that depends on templates and rules.
package struct Generation: Equatable, Sendable {
    /// Where a generation stands in the life cycle of a replay.
    package enum State: String, Sendable, CaseIterable {
        case planned, loading, indexing
        case catchingUp = "catching_up"
        case ready, live, retired, paused, failed, aborted

        /// Whether live workers fold new events into it. A generation that was replaced goes back to `ready` and tails on, so that rolling back is possible;
        /// one that is `retired` is given up.
        package var isTailing: Bool {
            switch self {
            case .catchingUp, .ready, .live: true
            case .planned, .loading, .indexing, .retired, .paused, .failed, .aborted: false
            }
        }
    }

    package let number: Int32
    package let state: State
    /// Options of rules, stored with the generation and never in a process's settings.
    package let ruleOptions: JSONTree
}

/// The generations and the pointer to the live one.
package enum Generations {
    /// The live generation's number.
    package static func live(on connection: inout Connection) throws(CatalogError) -> Int32 {
        let live = try connection.catalog { (connection: inout Connection) throws(PostgresError) in
            try connection.queryOne(SelectLiveGeneration())
        }
        guard let live else {
            throw CatalogError(.generationMissing, "No generation is live, expected exactly one; the database is damaged or was never migrated.")
        }
        return live
    }

    /// The generations that live workers have to keep up, by number.
    package static func tailing(on connection: inout Connection) throws(PostgresError) -> [Generation] {
        try connection.query(SelectGenerations()).filter(\.state.isTailing)
    }
}

private struct SelectLiveGeneration: Statement {
    static let sql = "SELECT generation FROM hindcast.live_generation"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 { try row.int32(0) }
}

private struct SelectGenerations: Statement {
    static let sql = "SELECT generation, state, rule_options FROM hindcast.generation ORDER BY generation"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Generation {
        guard let state = Generation.State(rawValue: try row.string(1)) else {
            throw PostgresError(
                .unexpectedValue, "generation \(try row.int32(0)) is in state '\(try row.string(1))', which this program does not know",
                advice: "upgrade it"
            )
        }
        return Generation(number: try row.int32(0), state: state, ruleOptions: try row.json(2))
    }
}
