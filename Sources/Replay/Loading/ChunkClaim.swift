import Diagnostics
import Postgres

/// A chunk that a worker holds.
struct ChunkClaim: Equatable, Sendable {
    let run: Int32
    let chunk: Int32
    let source: Int32
    let range: Range<Int64>
    /// Raised by every claim: whoever writes names it, and fails when it is not the newest.
    let ownerEpoch: Int64
}

/// The chunks of a run: claimed by one worker at a time, taken in once.
enum Chunks {
    /// Claims the next chunk that nobody holds; nil where there is none now.
    static func claim(run: Int32, owner: String, lease: Duration, on connection: inout Connection) throws(PostgresError) -> ChunkClaim? {
        try connection.queryOne(ClaimChunk(run: run, owner: owner, lease: lease))
    }

    /// How many are not done.
    static func remaining(run: Int32, on connection: inout Connection) throws(PostgresError) -> Int64 {
        try connection.queryOne(CountRemaining(run: run)) ?? 0
    }

    /// Marks a chunk done, as the first statement of the transaction that writes its rows; false when it is not ours any more, or the run has been interrupted.
    static func finish(
        _ claim: ChunkClaim, events: Int, digest: FindingDigest, fence: ReplayFence, on connection: inout Connection
    ) throws(PostgresError) -> Bool {
        try connection.execute(FinishChunk(claim: claim, events: Int64(events), digest: digest, fence: fence)) == 1
    }

    /// Gives a chunk back, so that another worker need not wait for the lease's end.
    static func release(_ claim: ChunkClaim, on connection: inout Connection) throws(PostgresError) {
        try connection.execute(ReleaseChunk(claim: claim))
    }
}

private struct ClaimChunk: Statement {
    let run: Int32
    let owner: String
    let lease: Duration

    // Materialized: a plan that asks again for every row that it joins would find, and claim, another chunk each time.
    static let sql = """
        WITH next AS MATERIALIZED (
            SELECT n.chunk FROM hindcast.replay_chunk n
            WHERE n.run_id = $1 AND n.done_at IS NULL AND n.lease_until < clock_timestamp()
            ORDER BY n.chunk LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
        UPDATE hindcast.replay_chunk c
        SET owner = $2, owner_epoch = c.owner_epoch + 1, lease_until = clock_timestamp() + make_interval(secs => $3)
        FROM next
        WHERE c.run_id = $1 AND c.chunk = next.chunk
        RETURNING c.run_id, c.chunk, c.source_id, c.from_offset, c.to_offset, c.owner_epoch
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(run)
        parameters.append(owner)
        parameters.append(lease.seconds)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> ChunkClaim {
        ChunkClaim(
            run: try row.int32(0), chunk: try row.int32(1), source: try row.int32(2), range: try row.int64(3)..<(try row.int64(4)),
            ownerEpoch: try row.int64(5))
    }
}

private struct CountRemaining: Statement {
    let run: Int32

    static let sql = "SELECT count(*) FROM hindcast.replay_chunk WHERE run_id = $1 AND done_at IS NULL"

    func bind(to parameters: inout Parameters) { parameters.append(run) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

private struct FinishChunk: Statement {
    let claim: ChunkClaim
    let events: Int64
    let digest: FindingDigest
    let fence: ReplayFence

    static let sql = """
        UPDATE hindcast.replay_chunk c SET done_at = clock_timestamp(), lease_until = '-infinity', events = $4, count = $5, lane0 = $6, lane1 = $7
        FROM hindcast.replay_run r
        WHERE r.run_id = $1 AND c.run_id = $1 AND c.chunk = $2 AND (c.owner_epoch = $3 AND c.done_at IS NULL OR NOT $8)
            AND (r.state = 'loading' OR NOT $9)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(claim.run)
        parameters.append(claim.chunk)
        parameters.append(claim.ownerEpoch)
        parameters.append(events)
        parameters.append(digest.count)
        parameters.append(Int64(bitPattern: digest.lane0))
        parameters.append(Int64(bitPattern: digest.lane1))
        parameters.append(fence.comparesClaim)
        parameters.append(fence.comparesState)
    }
}

private struct ReleaseChunk: Statement {
    let claim: ChunkClaim

    static let sql = """
        UPDATE hindcast.replay_chunk SET lease_until = '-infinity', owner = NULL WHERE run_id = $1 AND chunk = $2 AND owner_epoch = $3 AND done_at IS NULL
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(claim.run)
        parameters.append(claim.chunk)
        parameters.append(claim.ownerEpoch)
    }
}

extension Duration {
    /// The duration in seconds, for the server's `make_interval`.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
