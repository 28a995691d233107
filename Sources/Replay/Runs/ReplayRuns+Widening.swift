import Catalog
package import Postgres

extension ReplayRuns {
    /// Has a run that was not begun read every event, also what no change can touch: nothing is carried over then. Nothing where it does so already.
    package static func readAll(_ run: Int32, actor: String, on connection: inout Connection) throws(ReplayError) {
        let current = try show(run, on: &connection)
        guard !current.readsAll else { return }
        guard current.state == .planned else {
            throw ReplayError(
                .stateWrong,
                "Replay \(run) is \(current.state.words) and has carried over what it does not read, expected planned; plan it again with --full.")
        }
        try connection.withTransaction { (connection: inout Connection) throws(ReplayError) in
            let isWidened = try connection.replaying { (connection: inout Connection) throws(PostgresError) in
                guard try connection.execute(WidenRun(run: run)) == 1 else { return false }
                try connection.execute(DeleteTouched(run: run))
                return true
            }
            guard isWidened else { throw raced(current) }
            try record("full", current, actor, on: &connection)
        }
    }
}

private struct WidenRun: Statement {
    let run: Int32

    static let sql = """
        UPDATE hindcast.replay_run SET reads_all = true, covered_devices = covered_devices + carried_devices, carried_devices = 0, carried_events = 0
        WHERE run_id = $1 AND state = 'planned' AND NOT reads_all
        """

    func bind(to parameters: inout Parameters) { parameters.append(run) }
}

private struct DeleteTouched: Statement {
    let run: Int32

    static let sql = "DELETE FROM hindcast.replay_device WHERE run_id = $1"

    func bind(to parameters: inout Parameters) { parameters.append(run) }
}
