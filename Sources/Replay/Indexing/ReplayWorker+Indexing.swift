import Catalog
import Hashing
import Postgres
import Projections

extension ReplayWorker {
    /// Folds what the chunks left into tables, indexes and compares them, and attaches them: one transaction, so that a worker who dies in it leaves nothing.
    mutating func index(_ current: ReplayRun) throws(ReplayError) -> Turn {
        let fence = fence
        let turn = try connection.withTransaction { (connection: inout Connection) throws(ReplayError) -> Turn in
            // One at a time; whoever dies lets go by dying. The run's own row stays free, so that it can be aborted meanwhile.
            guard try Self.takeBaton(current, on: &connection) else { return .waiting }
            try connection.replaying { (connection: inout Connection) throws(PostgresError) in
                let carried = current.readsAll ? nil : current.base
                try connection.execute(BuildGeneration(run: current.id, generation: current.generation, carried: carried))
                try connection.execute(CompareGeneration(run: current.id, generation: current.generation, base: current.base))
                let digest = try ReplayDigest.read(run: current.id, on: &connection)
                try connection.execute(StoreDigest(run: current.id, digest: digest))
            }
            try fence.pass(.built)
            let next = current.obstacle == nil ? Generation.State.catchingUp : .ready
            if next == .catchingUp {
                try connection.replaying { (connection: inout Connection) throws(PostgresError) in
                    try connection.execute(AttachGeneration(generation: current.generation))
                    let places = try connection.query(SelectCuts(run: current.id))
                    try Checkpoints.place(places, generation: current.generation, on: &connection)
                }
            }
            guard try ReplayRuns.move(current, from: [.indexing], to: next, fence: fence, on: &connection) else {
                throw ReplayRuns.raced(current)
            }
            try fence.pass(.attached)
            return .moved(to: next)
        }
        guard turn != .waiting else { return turn }
        try fence.pass(.indexed)
        // What verifies still needs what the base said at the cut.
        if current.purpose != .verify { try ReplayRuns.dropPartials(current, on: &connection) }
        return turn
    }

    /// Whether the candidate is as far as the live generation in every source; then it is ready.
    mutating func catchUp(_ current: ReplayRun) throws(ReplayError) -> Turn {
        try ReplayRuns.dropPartials(current, on: &connection)
        let lag = try connection.deciding { (connection: inout Connection) throws(CatalogError) in
            try Promotions.lag(of: current.generation, on: &connection)
        }
        guard lag.isEmpty else { return .catchingUp }
        return try move(current, from: .catchingUp, to: .ready)
    }

    private static func takeBaton(_ current: ReplayRun, on connection: inout Connection) throws(ReplayError) -> Bool {
        try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            guard try connection.queryOne(CountRunSources(run: current.id)) ?? 0 > 0 else { return true }
            return try connection.queryOne(TakeBaton(run: current.id)) != nil
        }
    }
}

private struct CountRunSources: Statement {
    let run: Int32

    static let sql = "SELECT count(*) FROM hindcast.replay_source WHERE run_id = $1"

    func bind(to parameters: inout Parameters) { parameters.append(run) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

/// The first row of the run's sources: nobody else locks or changes it.
private struct TakeBaton: Statement {
    let run: Int32

    static let sql = """
        SELECT s.source_id FROM hindcast.replay_source s
        WHERE s.run_id = $1 AND s.source_id = (SELECT min(f.source_id) FROM hindcast.replay_source f WHERE f.run_id = $1)
            AND EXISTS (SELECT FROM hindcast.replay_run r WHERE r.run_id = $1 AND r.state = 'indexing')
        FOR UPDATE OF s SKIP LOCKED
        """

    func bind(to parameters: inout Parameters) { parameters.append(run) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 { try row.int32(0) }
}

private struct BuildGeneration: Statement {
    let run: Int32
    let generation: Int32
    let carried: Int32?

    static let sql = "SELECT hindcast.build_generation($1, $2, $3)"

    func bind(to parameters: inout Parameters) {
        parameters.append(run)
        parameters.append(generation)
        parameters.append(carried)
    }
}

private struct CompareGeneration: Statement {
    let run: Int32
    let generation: Int32
    let base: Int32

    static let sql = "SELECT hindcast.compare_generation($1, $2, $3)"

    func bind(to parameters: inout Parameters) {
        parameters.append(run)
        parameters.append(generation)
        parameters.append(base)
    }
}

private struct AttachGeneration: Statement {
    let generation: Int32

    static let sql = "SELECT hindcast.attach_generation($1)"

    func bind(to parameters: inout Parameters) { parameters.append(generation) }
}

private struct StoreDigest: Statement {
    let run: Int32
    let digest: SHA256Digest

    static let sql = "UPDATE hindcast.replay_run SET diff_sha256 = $2 WHERE run_id = $1"

    func bind(to parameters: inout Parameters) {
        parameters.append(run)
        parameters.append(digest.bytes)
    }
}

private struct SelectCuts: Statement {
    let run: Int32

    static let sql = "SELECT source_id, cut_offset, control_seq FROM hindcast.replay_source WHERE run_id = $1 ORDER BY source_id"

    func bind(to parameters: inout Parameters) { parameters.append(run) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> CheckpointPlace {
        CheckpointPlace(source: try row.int32(0), nextOffset: try row.int64(1), controlSeq: try row.int64(2))
    }
}
