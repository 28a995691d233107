import Diagnostics
import EventLog
import Postgres

/// Who works on a backfill: the owner's epoch rises with every claim, and only the newest one counts anything.
struct BackfillClaim: Equatable, Sendable {
    /// How long a process that is not heard of keeps its claim.
    static let lease = Duration.seconds(30)
    /// How often is looked whether it is heard of, while its lease goes.
    private static let look = Duration.seconds(1)

    let number: Int64
    let ownerEpoch: Int64

    /// Claims a backfill.
    ///
    /// Another process that holds it is waited for as long as its lease goes: one that was killed is not heard of again.
    ///
    /// - Throws: ``ExportJobError/Code/fenced`` where the other one is heard of.
    static func take(
        _ number: Int64, owner: String, takesOver: Bool, rest: (Duration) -> Void, isGoingOn: () -> Bool, on connection: inout Connection
    ) throws(ExportJobError) -> BackfillClaim {
        var seen: Timestamp?
        while true {
            let outcome = try connection.doing { (connection: inout Connection) throws(PostgresError) -> (epoch: Int64?, holder: SelectHolder.Row?) in
                if let epoch = try connection.queryOne(ClaimJob(number: number, owner: owner, takesOver: takesOver)) { return (epoch, nil) }
                return (nil, try connection.queryOne(SelectHolder(number: number)))
            }
            if let epoch = outcome.epoch { return BackfillClaim(number: number, ownerEpoch: epoch) }
            guard let holder = outcome.holder else {
                throw ExportJobError(.fenced, "Backfill \(number) has come to its end meanwhile.")
            }
            // Given back between the two questions.
            if !holder.isHeld { continue }
            if let seen, holder.leaseUntil != seen {
                throw ExportJobError(
                    .fenced,
                    "Backfill \(number) is worked on by \(holder.owner); let it end, or put it aside with --take-over.")
            }
            guard isGoingOn() else { throw ExportJobError(.interrupted, "Interrupted; nothing is lost, and the same command goes on.") }
            seen = holder.leaseUntil
            rest(min(look, .milliseconds(Int64(max(0, holder.remaining) * 1000) + 100)))
        }
    }

    /// Counts a chunk: the cursor, the sums and what each gap got back, together.
    ///
    /// - Throws: ``ExportJobError/Code/fenced`` where another process has claimed the backfill since; then nothing is counted.
    func count(_ chunk: borrowing BackfillChunk, gapID: String?, fence: BackfillFence, on connection: inout Connection) throws(ExportJobError) {
        let (source, offsets, events) = (chunk.source, chunk.offsets, Int64(chunk.events))
        var gaps = chunk.gaps
        if let gapID, events > 0 { gaps = [gapID: events] }
        let shares = gaps.sorted { $0.key < $1.key }
        try connection.withTransaction { (connection: inout Connection) throws(ExportJobError) in
            let isOurs = try connection.doing { (connection: inout Connection) throws(PostgresError) -> Bool in
                guard try connection.execute(CountChunk(claim: self, events: events, fence: fence)) == 1 else { return false }
                let move = MoveCursor(number: number, source: source, offsets: offsets, events: events, fence: fence)
                return try connection.execute(move) == 1
            }
            guard isOurs else {
                throw ExportJobError(
                    .fenced, "Another process works on backfill \(number) now. What this one sent last is sent again by it, under the same ids.")
            }
            try connection.doing { (connection: inout Connection) throws(PostgresError) in
                for (gap, events) in shares {
                    // A gap that the evidence no longer shows may be gone; what was sent was sent.
                    guard try connection.execute(AddGapBackfill(gap: gap, number: number, events: events)) == 1 else { continue }
                    try connection.execute(CountGap(gap: gap))
                }
            }
        }
    }

    /// Keeps it while a target takes longer than the lease lasts.
    ///
    /// - Throws: ``ExportJobError/Code/fenced`` where another process has claimed the backfill since.
    func renew(on connection: inout Connection) throws(ExportJobError) {
        let isOurs = try connection.doing { (connection: inout Connection) throws(PostgresError) in
            try connection.execute(RenewJob(claim: self)) == 1
        }
        guard isOurs else {
            throw ExportJobError(
                .fenced, "Another process works on backfill \(number) now. What this one sent last is sent again by it, under the same ids.")
        }
    }

    /// Ends the backfill.
    func finish(on connection: inout Connection) throws(ExportJobError) {
        try connection.doing { (connection: inout Connection) throws(PostgresError) in _ = try connection.execute(FinishJob(claim: self)) }
    }

    /// Gives it back, so that another process need not wait for the lease's end.
    func release(on connection: inout Connection) throws(PostgresError) { try connection.execute(ReleaseJob(claim: self)) }
}

private struct ClaimJob: Statement {
    let number: Int64
    let owner: String
    let takesOver: Bool

    static let sql = """
        UPDATE hindcast.export_backfill SET owner = $2, owner_epoch = owner_epoch + 1, lease_until = clock_timestamp() + make_interval(secs => $4)
        WHERE backfill_id = $1 AND finished_at IS NULL AND (lease_until < clock_timestamp() OR $3) RETURNING owner_epoch
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(number)
        parameters.append(owner)
        parameters.append(takesOver)
        parameters.append(BackfillClaim.lease.seconds)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

private struct SelectHolder: Statement {
    struct Row: Sendable {
        let owner: String
        let leaseUntil: Timestamp
        let remaining: Double
        let isHeld: Bool
    }

    let number: Int64

    static let sql = """
        SELECT coalesce(owner, ''), until, greatest(0, extract(epoch FROM until - clock_timestamp()))::float8, lease_until > '-infinity'
        FROM hindcast.export_backfill, LATERAL (SELECT greatest(lease_until, 'epoch') AS until) l WHERE backfill_id = $1 AND finished_at IS NULL
        """

    func bind(to parameters: inout Parameters) { parameters.append(number) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(owner: try row.string(0), leaseUntil: Timestamp(try row.timestamp(1)), remaining: try row.double(2), isHeld: try row.bool(3))
    }
}

private struct CountChunk: Statement {
    let claim: BackfillClaim
    let events: Int64
    let fence: BackfillFence

    static let sql = """
        UPDATE hindcast.export_backfill SET sent = sent + $3, lease_until = clock_timestamp() + make_interval(secs => $4)
        WHERE backfill_id = $1 AND finished_at IS NULL AND (owner_epoch = $2 OR NOT $5)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(claim.number)
        parameters.append(claim.ownerEpoch)
        parameters.append(events)
        parameters.append(BackfillClaim.lease.seconds)
        parameters.append(fence.comparesOwner)
    }
}

private struct MoveCursor: Statement {
    let number: Int64
    let source: Int32
    let offsets: Range<Int64>
    let events: Int64
    let fence: BackfillFence

    static let sql = """
        UPDATE hindcast.export_backfill_source SET next_offset = $4, sent = sent + $5
        WHERE backfill_id = $1 AND source_id = $2 AND (next_offset = $3 OR NOT $6)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(number)
        parameters.append(source)
        parameters.append(offsets.lowerBound)
        parameters.append(offsets.upperBound)
        parameters.append(events)
        parameters.append(fence.comparesOwner)
    }
}

private struct AddGapBackfill: Statement {
    let gap: String
    let number: Int64
    let events: Int64

    static let sql = """
        INSERT INTO hindcast.export_gap_backfill (gap_id, backfill_id, events)
        SELECT gap_id, $2, $3 FROM hindcast.export_gap WHERE gap_id = $1 FOR UPDATE
        ON CONFLICT (gap_id, backfill_id) DO UPDATE SET events = export_gap_backfill.events + excluded.events
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(gap)
        parameters.append(number)
        parameters.append(events)
    }
}

/// What the largest backfill gave back, not the sum: the same events may be sent again, or to a second target, and a gap must not seem filled for that.
private struct CountGap: Statement {
    let gap: String

    static let sql = """
        UPDATE hindcast.export_gap SET backfilled_events = (SELECT max(events) FROM hindcast.export_gap_backfill WHERE gap_id = $1) WHERE gap_id = $1
        """

    func bind(to parameters: inout Parameters) { parameters.append(gap) }
}

private struct RenewJob: Statement {
    let claim: BackfillClaim

    static let sql = """
        UPDATE hindcast.export_backfill SET lease_until = clock_timestamp() + make_interval(secs => $3)
        WHERE backfill_id = $1 AND owner_epoch = $2 AND finished_at IS NULL
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(claim.number)
        parameters.append(claim.ownerEpoch)
        parameters.append(BackfillClaim.lease.seconds)
    }
}

private struct FinishJob: Statement {
    let claim: BackfillClaim

    static let sql = """
        UPDATE hindcast.export_backfill SET finished_at = clock_timestamp(), lease_until = '-infinity', owner = NULL
        WHERE backfill_id = $1 AND owner_epoch = $2 AND finished_at IS NULL
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(claim.number)
        parameters.append(claim.ownerEpoch)
    }
}

private struct ReleaseJob: Statement {
    let claim: BackfillClaim

    static let sql = """
        UPDATE hindcast.export_backfill SET lease_until = '-infinity', owner = NULL WHERE backfill_id = $1 AND owner_epoch = $2 AND finished_at IS NULL
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(claim.number)
        parameters.append(claim.ownerEpoch)
    }
}
