package import Postgres

/// The rows of `projection_checkpoint`: leases on the database's clock, and the compare-and-swap that every batch begins with.
package enum Checkpoints {
    /// All checkpoints.
    package static func all(on connection: inout Connection) throws(PostgresError) -> [Checkpoint] {
        try connection.query(SelectCheckpoints())
    }

    /// Makes the rows that are missing, at the beginning of their source.
    package static func create(_ keys: [CheckpointKey], on connection: inout Connection) throws(PostgresError) {
        guard !keys.isEmpty else { return }
        try connection.execute(InsertCheckpoints(keys: keys))
    }

    /// Takes over those of some checkpoints whose lease is over, but none of a source that somebody else still holds: one read should feed all.
    ///
    /// - Parameter keys: those that live workers keep up. A source has others too: of generations that a replay builds, or has interrupted.
    static func acquire(
        _ keys: [CheckpointKey], owner: String, lease: Duration, fence: ProjectionFence, on connection: inout Connection
    ) throws(PostgresError) -> [Checkpoint] {
        guard !keys.isEmpty else { return [] }
        return try connection.query(AcquireCheckpoints(keys: keys, owner: owner, lease: lease, fence: fence))
    }

    /// Prolongs leases, and says which are still held.
    static func renew(
        _ checkpoints: [Checkpoint], owner: String, lease: Duration, on connection: inout Connection
    ) throws(PostgresError) -> Set<CheckpointKey> {
        guard !checkpoints.isEmpty else { return [] }
        return Set(try connection.query(RenewCheckpoints(checkpoints: checkpoints, owner: owner, lease: lease)).map(\.key))
    }

    /// Gives leases back, so that another worker need not wait for their end.
    static func release(_ checkpoints: [Checkpoint], owner: String, on connection: inout Connection) throws(PostgresError) {
        guard !checkpoints.isEmpty else { return }
        try connection.execute(ReleaseCheckpoints(checkpoints: checkpoints, owner: owner))
    }

    /// Opens the transaction of a batch and passes the fence, in one round trip; false when somebody else moved or took one of the checkpoints.
    ///
    /// - Parameter controlSeq: the last control event that the batch applies; checkpoints of generation 0 know none.
    static func begin(
        _ checkpoints: [Checkpoint], from: Int64, to: Int64, controlSeq: Int64, lease: Duration, fence: ProjectionFence,
        on connection: inout Connection
    ) throws(PostgresError) -> Bool {
        precondition(to >= from, "Cannot move a checkpoint back from \(from) to \(to)")
        let advance = AdvanceCheckpoints(checkpoints: checkpoints, from: from, to: to, controlSeq: controlSeq, lease: lease, fence: fence)
        let moved = try connection.pipeline(BeginTransaction(), advance).1.affected
        return moved == checkpoints.count
    }

    /// Stores why a projection does not move. Without effect where it is not ours any more.
    static func pause(_ checkpoint: Checkpoint, failure: String, on connection: inout Connection) throws(PostgresError) {
        try connection.execute(PauseCheckpoint(checkpoint: checkpoint, failure: failure))
    }
}

extension [Checkpoint] {
    /// Binds projection, generation, source and owner epoch as four arrays.
    fileprivate func bindIdentity(to parameters: inout Parameters) {
        parameters.append(map(\.key.projection.rawValue))
        parameters.append(map(\.key.generation))
        parameters.append(map(\.key.source))
        parameters.append(map(\.ownerEpoch))
    }
}

private struct SelectCheckpoints: Statement {
    static let sql = """
        SELECT projection, generation, source_id, next_offset, control_seq, owner_epoch, owner, lease_until < clock_timestamp(),
            coalesce(last_advanced, '-infinity') < clock_timestamp() - interval '1 hour', failure
        FROM hindcast.projection_checkpoint ORDER BY source_id, projection, generation
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Checkpoint { try Checkpoint(row) }
}

private struct InsertCheckpoints: Statement {
    let keys: [CheckpointKey]

    static let sql = """
        INSERT INTO hindcast.projection_checkpoint (projection, generation, source_id)
        SELECT w.projection, w.generation, w.source_id FROM unnest($1::text[], $2::int[], $3::int[]) AS w (projection, generation, source_id)
        ORDER BY w.source_id, w.projection, w.generation
        ON CONFLICT DO NOTHING
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(keys.map(\.projection.rawValue))
        parameters.append(keys.map(\.generation))
        parameters.append(keys.map(\.source))
    }
}

private struct AcquireCheckpoints: Statement {
    let keys: [CheckpointKey]
    let owner: String
    let lease: Duration
    let fence: ProjectionFence

    // 1. Rows whose lease is over, of sources that nobody else holds; rows that somebody else is just taking are passed over.
    // 2. The new epoch makes every earlier lease void.
    static let sql = """
        WITH free AS (
            SELECT c.projection, c.generation, c.source_id
            FROM hindcast.projection_checkpoint c
            JOIN unnest($1::text[], $2::int[], $3::int[]) AS w (projection, generation, source_id) USING (projection, generation, source_id)
            WHERE c.lease_until < clock_timestamp() AND NOT EXISTS (
                SELECT FROM hindcast.projection_checkpoint o
                WHERE o.source_id = c.source_id AND o.owner <> $4 AND o.lease_until >= clock_timestamp())
            FOR NO KEY UPDATE OF c SKIP LOCKED)
        UPDATE hindcast.projection_checkpoint c
        SET owner = $4, owner_epoch = c.owner_epoch + $6, lease_until = clock_timestamp() + make_interval(secs => $5), last_polled = clock_timestamp(),
            state = CASE c.state WHEN 'paused' THEN 'paused' ELSE 'running' END
        FROM free f WHERE c.projection = f.projection AND c.generation = f.generation AND c.source_id = f.source_id
        RETURNING c.projection, c.generation, c.source_id, c.next_offset, c.control_seq, c.owner_epoch, c.owner, false, false, c.failure
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(keys.map(\.projection.rawValue))
        parameters.append(keys.map(\.generation))
        parameters.append(keys.map(\.source))
        parameters.append(owner)
        parameters.append(lease.seconds)
        parameters.append(Int64(fence.raisesEpoch ? 1 : 0))
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Checkpoint { try Checkpoint(row) }
}

private struct RenewCheckpoints: Statement {
    let checkpoints: [Checkpoint]
    let owner: String
    let lease: Duration

    static let sql = """
        UPDATE hindcast.projection_checkpoint c SET lease_until = clock_timestamp() + make_interval(secs => $6), last_polled = clock_timestamp()
        FROM unnest($1::text[], $2::int[], $3::int[], $4::bigint[]) AS h (projection, generation, source_id, owner_epoch)
        WHERE c.projection = h.projection AND c.generation = h.generation AND c.source_id = h.source_id AND c.owner_epoch = h.owner_epoch AND c.owner = $5
        RETURNING c.projection, c.generation, c.source_id, c.next_offset, c.control_seq, c.owner_epoch, c.owner, false, false, c.failure
        """

    func bind(to parameters: inout Parameters) {
        checkpoints.bindIdentity(to: &parameters)
        parameters.append(owner)
        parameters.append(lease.seconds)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Checkpoint { try Checkpoint(row) }
}

private struct ReleaseCheckpoints: Statement {
    let checkpoints: [Checkpoint]
    let owner: String

    static let sql = """
        UPDATE hindcast.projection_checkpoint c
        SET lease_until = '-infinity', owner = NULL, state = CASE c.state WHEN 'paused' THEN 'paused' ELSE 'waiting' END
        FROM unnest($1::text[], $2::int[], $3::int[], $4::bigint[]) AS h (projection, generation, source_id, owner_epoch)
        WHERE c.projection = h.projection AND c.generation = h.generation AND c.source_id = h.source_id AND c.owner_epoch = h.owner_epoch AND c.owner = $5
        """

    func bind(to parameters: inout Parameters) {
        checkpoints.bindIdentity(to: &parameters)
        parameters.append(owner)
    }
}

/// The fence: as many rows as there are checkpoints when all are ours and stand where we left them.
private struct AdvanceCheckpoints: Statement {
    let checkpoints: [Checkpoint]
    let from: Int64
    let to: Int64
    let controlSeq: Int64
    let lease: Duration
    let fence: ProjectionFence

    static let sql = """
        UPDATE hindcast.projection_checkpoint c
        SET next_offset = $7, control_seq = CASE h.generation WHEN 0 THEN c.control_seq ELSE $8 END, state = 'running', failure = NULL,
            last_advanced = clock_timestamp(), last_polled = clock_timestamp(), lease_until = clock_timestamp() + make_interval(secs => $9)
        FROM unnest($1::text[], $2::int[], $3::int[], $4::bigint[], $5::bigint[]) AS h (projection, generation, source_id, owner_epoch, control_seq)
        WHERE c.projection = h.projection AND c.generation = h.generation AND c.source_id = h.source_id
            AND (c.next_offset = $6 AND c.control_seq = h.control_seq OR NOT $10) AND (c.owner_epoch = h.owner_epoch OR NOT $11)
        """

    func bind(to parameters: inout Parameters) {
        checkpoints.bindIdentity(to: &parameters)
        parameters.append(checkpoints.map(\.controlSeq))
        parameters.append(from)
        parameters.append(to)
        parameters.append(controlSeq)
        parameters.append(lease.seconds)
        parameters.append(fence.comparesOffset)
        parameters.append(fence.comparesEpoch)
    }
}

private struct PauseCheckpoint: Statement {
    let checkpoint: Checkpoint
    let failure: String

    static let sql = """
        UPDATE hindcast.projection_checkpoint SET state = 'paused', failure = $5
        WHERE projection = $1 AND generation = $2 AND source_id = $3 AND owner_epoch = $4
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(checkpoint.key.projection.rawValue)
        parameters.append(checkpoint.key.generation)
        parameters.append(checkpoint.key.source)
        parameters.append(checkpoint.ownerEpoch)
        parameters.append(failure)
    }
}
