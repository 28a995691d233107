import Catalog
import JSON
package import Postgres
import Projections

/// The runs and their life: each step is one compare-and-swap in one transaction with its control event.
package enum ReplayRuns {
    /// A run.
    ///
    /// - Throws: ``ReplayError/Code/runUnknown``.
    package static func show(_ run: Int32, on connection: inout Connection) throws(ReplayError) -> ReplayRun {
        let found = try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            try connection.queryOne(SelectRun(run: run))
        }
        guard let found else {
            throw ReplayError(.runUnknown, "There is no replay \(run); `hindcast replay list` shows those that there are.")
        }
        return found
    }

    /// Every run that was ever planned, in that order.
    package static func list(on connection: inout Connection) throws(ReplayError) -> [ReplayRun] {
        try connection.replaying { (connection: inout Connection) throws(PostgresError) in try connection.query(SelectRuns()) }
    }

    /// Interrupts a run; whoever works on it stops at its next chunk. `resume` goes on.
    package static func pause(_ run: Int32, actor: String, on connection: inout Connection) throws(ReplayError) {
        let current = try show(run, on: &connection)
        try act("pause", done: "paused", on: current, to: .paused, actor: actor, connection: &connection)
    }

    /// Has a paused or failed run go on where it was.
    package static func resume(_ run: Int32, actor: String, on connection: inout Connection) throws(ReplayError) {
        let current = try show(run, on: &connection)
        guard current.state == .paused || current.state == .failed, let next = current.resumesIn else {
            throw wrong(current, "resumed", expected: [.paused, .failed])
        }
        try connection.withTransaction { (connection: inout Connection) throws(ReplayError) in
            guard try move(current, from: [current.state], to: next, on: &connection) else { throw raced(current) }
            try record("resume", current, actor, on: &connection)
        }
    }

    /// Gives a run up that is not live, and drops everything it made. Doing so again finishes what was interrupted.
    package static func abort(_ run: Int32, actor: String, on connection: inout Connection) throws(ReplayError) {
        let current = try show(run, on: &connection)
        if current.state == .live {
            throw ReplayError(
                .stateWrong,
                "Replay \(run) is live and cannot be aborted; make what was live before live again first: `hindcast replay rollback \(run)`.")
        }
        if current.state != .aborted { try act("abort", done: "aborted", on: current, to: .aborted, actor: actor, connection: &connection) }
        try clear(current, on: &connection)
    }

    /// Keeps why a run cannot go on. Without effect where it has moved meanwhile.
    package static func fail(_ run: ReplayRun, _ error: ReplayError, on connection: inout Connection) throws(ReplayError) {
        guard run.state.canMove(to: .failed) else { return }
        try connection.withTransaction { (connection: inout Connection) throws(ReplayError) in
            _ = try move(run, from: [run.state], to: .failed, failure: "\(error.code): \(error.message)", on: &connection)
        }
    }

    // MARK: - Steps of the life cycle

    private static func act(
        _ name: String, done: String, on run: ReplayRun, to next: Generation.State, actor: String, connection: inout Connection
    ) throws(ReplayError) {
        guard run.state.canMove(to: next) else {
            throw wrong(run, done, expected: Generation.State.allCases.filter { $0.canMove(to: next) })
        }
        try connection.withTransaction { (connection: inout Connection) throws(ReplayError) in
            guard try move(run, from: [run.state], to: next, on: &connection) else { throw raced(run) }
            try record(name, run, actor, on: &connection)
        }
    }

    /// Moves a run and its generation, in the caller's transaction; false where it is somewhere else.
    ///
    /// A run that can never be promoted has no tables that live workers could keep up, so its generation stays where it is built.
    static func move(
        _ run: ReplayRun, from: [Generation.State], to next: Generation.State, failure: String? = nil, fence: ReplayFence = ReplayFence(),
        on connection: inout Connection
    ) throws(ReplayError) -> Bool {
        let statement = MoveRun(run: run.id, from: from, to: next, failure: failure, comparesState: fence.comparesState)
        return try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            guard try connection.execute(statement) == 1 else { return false }
            let state = next == .ready && run.obstacle != nil ? Generation.State.indexing : next
            try Generations.set(run.generation, to: state, on: &connection)
            return true
        }
    }

    /// Writes what was done into the control log.
    static func record(
        _ act: String, _ run: ReplayRun, _ actor: String, _ more: [String: JSONTree] = [:], kind: ControlEvent.Kind = .replay,
        on connection: inout Connection
    ) throws(ReplayError) {
        var members: [String: JSONTree] = ["act": .string(act), "run": .integer(run.id), "generation": .integer(run.generation)]
        members.merge(more) { $1 }
        let body = JSONTree.object(members.sorted { $0.key < $1.key }.map { JSONTree.Member(key: $0.key, value: $0.value) })
        _ = try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            try ControlLog.append(kind, actor: actor, body: body, on: &connection)
        }
    }

    static func wrong(_ run: ReplayRun, _ what: String, expected: [Generation.State]) -> ReplayError {
        ReplayError(
            .stateWrong,
            "Replay \(run.id) is \(run.state.words) and cannot be \(what), expected one that is \(choice(expected.map(\.words))).")
    }

    /// `a, b or c`.
    private static func choice(_ words: [String]) -> String {
        words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " or \(words[words.count - 1])"
    }

    static func raced(_ run: ReplayRun) -> ReplayError {
        ReplayError(
            .stateWrong, "Replay \(run.id) was \(run.state.words) and has been moved by somebody else; look at it with `hindcast replay show`.")
    }
}
