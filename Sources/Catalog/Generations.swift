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
    /// The generations whose trials are in force in this one: itself, and those whose epochs it began with.
    package let lineage: Set<Int32>
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
        try all(on: &connection).filter(\.state.isTailing)
    }

    /// Every generation that ever was, by number.
    package static func all(on connection: inout Connection) throws(PostgresError) -> [Generation] {
        var lineages: [Int32: Set<Int32>] = [:]
        return try connection.query(SelectGenerations()).map { row in
            // A base is older than what began with it, so its own lineage is known by then.
            let lineage = (row.base.flatMap { lineages[$0] } ?? []).union([row.number])
            lineages[row.number] = lineage
            return Generation(number: row.number, state: row.state, ruleOptions: row.ruleOptions, lineage: lineage)
        }
    }

    /// Makes a generation that begins with another one's epochs and rule options. Its tables are not made.
    package static func create(base: Int32, on connection: inout Connection) throws(PostgresError) -> Int32 {
        guard let number = try connection.queryOne(InsertGeneration(base: base)) else {
            throw PostgresError(.unexpectedValue, "there is no generation \(base) to begin with")
        }
        return number
    }

    /// Moves a generation to another state; part of the transaction that decides so.
    package static func set(_ generation: Int32, to state: Generation.State, on connection: inout Connection) throws(PostgresError) {
        try connection.execute(UpdateGenerationState(generation: generation, state: state))
    }

    /// Points to another generation, if the pointer is where it is believed to be; false where it is not. One row, so that every reader sees exactly one.
    ///
    /// - Parameter comparesLive: false in tests alone, which take the comparison out.
    package static func point(
        from old: Int32, to new: Int32, comparesLive: Bool = true, on connection: inout Connection
    ) throws(PostgresError) -> Bool {
        try connection.execute(UpdateLiveGeneration(old: old, new: new, comparesLive: comparesLive)) == 1
    }
}

private struct InsertGeneration: Statement {
    let base: Int32

    static let sql = """
        INSERT INTO hindcast.generation (state, rule_options, base) SELECT 'planned', rule_options, generation FROM hindcast.generation WHERE generation = $1
        RETURNING generation
        """

    func bind(to parameters: inout Parameters) { parameters.append(base) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 { try row.int32(0) }
}

private struct UpdateGenerationState: Statement {
    let generation: Int32
    let state: Generation.State

    static let sql = "UPDATE hindcast.generation SET state = $2 WHERE generation = $1"

    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(state.rawValue)
    }
}

private struct UpdateLiveGeneration: Statement {
    let old: Int32
    let new: Int32
    let comparesLive: Bool

    static let sql = "UPDATE hindcast.live_generation SET generation = $2 WHERE generation = $1 OR NOT $3"

    func bind(to parameters: inout Parameters) {
        parameters.append(old)
        parameters.append(new)
        parameters.append(comparesLive)
    }
}

private struct SelectLiveGeneration: Statement {
    static let sql = "SELECT generation FROM hindcast.live_generation"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 { try row.int32(0) }
}

private struct SelectGenerations: Statement {
    struct Row: Sendable {
        let number: Int32
        let state: Generation.State
        let ruleOptions: JSONTree
        let base: Int32?
    }

    static let sql = "SELECT generation, state, rule_options, base FROM hindcast.generation ORDER BY generation"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        guard let state = Generation.State(rawValue: try row.string(1)) else {
            throw PostgresError(
                .unexpectedValue, "generation \(try row.int32(0)) is in state '\(try row.string(1))', which this program does not know",
                advice: "upgrade it"
            )
        }
        return Row(number: try row.int32(0), state: state, ruleOptions: try row.json(2), base: try row.int32OrNil(3))
    }
}
