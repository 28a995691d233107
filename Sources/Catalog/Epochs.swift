package import Diagnostics
package import Postgres

/// From which offset on a control event is in force, per generation and source.
package enum Epochs {
    /// The epochs of one source in one generation, in the order of the control events.
    package static func load(generation: Int32, source: Int32, on connection: inout Connection) throws(CatalogError) -> [Epoch] {
        let rows = try connection.catalog { (connection: inout Connection) throws(PostgresError) in
            try connection.query(SelectEpochs(generation: generation, source: source))
        }
        var epochs: [Epoch] = []
        for (event, fromOffset) in rows {
            epochs.append(Epoch(controlSeq: event.seq, fromOffset: fromOffset, act: try event.act()))
        }
        return epochs
    }

    /// Records from where on control events are in force. To be called in the transaction of the batch that they apply to first.
    package static func record(
        generation: Int32, source: Int32, _ epochs: [Epoch], on connection: inout Connection
    ) throws(PostgresError) {
        guard !epochs.isEmpty else { return }
        try connection.execute(InsertEpochs(generation: generation, source: source, epochs: epochs))
    }

    /// Forgets the epochs of a generation that is given up.
    package static func delete(generation: Int32, on connection: inout Connection) throws(PostgresError) {
        try connection.execute(DeleteEpochs(generation: generation))
    }
}

private struct DeleteEpochs: Statement {
    let generation: Int32

    static let sql = "DELETE FROM hindcast.epoch WHERE generation = $1"

    func bind(to parameters: inout Parameters) { parameters.append(generation) }
}

private struct SelectEpochs: Statement {
    let generation: Int32
    let source: Int32

    static let sql = """
        SELECT c.control_seq, c.at, c.actor, c.kind, c.body, e.from_offset
        FROM hindcast.epoch e JOIN hindcast.control_event c USING (control_seq)
        WHERE e.generation = $1 AND e.source_id = $2 ORDER BY c.control_seq
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(source)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> (event: ControlEvent, fromOffset: Int64) {
        (try ControlEvent(row), try row.int64(5))
    }
}

private struct InsertEpochs: Statement {
    let generation: Int32
    let source: Int32
    let epochs: [Epoch]

    static let sql = """
        INSERT INTO hindcast.epoch (generation, source_id, control_seq, from_offset)
        SELECT $1, $2, e.control_seq, e.from_offset FROM unnest($3::bigint[], $4::bigint[]) AS e (control_seq, from_offset)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(source)
        parameters.append(epochs.map(\.controlSeq))
        parameters.append(epochs.map(\.fromOffset))
    }
}
