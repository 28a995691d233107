package import Postgres

/// Where a candidate's past ends in one source, and which decisions are in force there already.
package struct CheckpointPlace: Equatable, Sendable {
    package let source: Int32
    package let nextOffset: Int64
    package let controlSeq: Int64

    package init(source: Int32, nextOffset: Int64, controlSeq: Int64) {
        self.source = source
        self.nextOffset = nextOffset
        self.controlSeq = controlSeq
    }
}

extension Checkpoints {
    /// Puts a generation's checkpoints where its past ends: from there on live workers keep it up.
    package static func place(_ places: [CheckpointPlace], generation: Int32, on connection: inout Connection) throws(PostgresError) {
        guard !places.isEmpty else { return }
        try connection.execute(PlaceCheckpoints(places: places, generation: generation))
    }

    /// The checkpoints of some generations, which stand still until the transaction ends: locked by source, then by generation, as live workers lock them.
    package static func lock(generations: [Int32], on connection: inout Connection) throws(PostgresError) -> [Checkpoint] {
        try connection.query(LockCheckpoints(generations: generations))
    }

    /// Forgets a generation that is given up. Whoever holds one of its checkpoints finds the fence closed.
    package static func delete(generation: Int32, on connection: inout Connection) throws(PostgresError) {
        try connection.execute(DeleteCheckpoints(generation: generation))
    }
}

private struct PlaceCheckpoints: Statement {
    let places: [CheckpointPlace]
    let generation: Int32

    static let sql = """
        INSERT INTO hindcast.projection_checkpoint (projection, generation, source_id, next_offset, control_seq)
        SELECT 'finding', $1, p.source_id, p.next_offset, p.control_seq FROM unnest($2::int[], $3::bigint[], $4::bigint[]) AS p (source_id, next_offset, control_seq)
        ORDER BY p.source_id
        ON CONFLICT (projection, generation, source_id) DO UPDATE SET next_offset = excluded.next_offset, control_seq = excluded.control_seq
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(places.map(\.source))
        parameters.append(places.map(\.nextOffset))
        parameters.append(places.map(\.controlSeq))
    }
}

private struct LockCheckpoints: Statement {
    let generations: [Int32]

    static let sql = """
        SELECT projection, generation, source_id, next_offset, control_seq, owner_epoch, owner, lease_until < clock_timestamp(),
            coalesce(last_advanced, '-infinity') < clock_timestamp() - interval '1 hour', failure
        FROM hindcast.projection_checkpoint WHERE projection = 'finding' AND generation = ANY ($1) ORDER BY source_id, generation FOR NO KEY UPDATE
        """

    func bind(to parameters: inout Parameters) { parameters.append(generations) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Checkpoint { try Checkpoint(row) }
}

private struct DeleteCheckpoints: Statement {
    let generation: Int32

    static let sql = "DELETE FROM hindcast.projection_checkpoint WHERE projection = 'finding' AND generation = $1"

    func bind(to parameters: inout Parameters) { parameters.append(generation) }
}
