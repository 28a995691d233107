package import Hashing
package import Postgres

/// The right to write one source, and where its log ends. A value: whoever claims later makes all earlier claims void.
package struct SourceClaim: Equatable, Sendable {
    package let source: Int32
    /// Raised by every claim; an append names it, and fails when it is not the newest.
    package let ownerEpoch: Int64
    /// The first offset that the log does not hold.
    package internal(set) var nextOffset: Int64
    /// The day that the source writes to; never goes back.
    package internal(set) var segment: Int16
    /// SHA-256 of the last batch.
    package internal(set) var chain: SHA256Digest

    /// Takes a source over: nobody who claimed it before can append any more.
    package static func take(source: Int32, owner: String, on connection: inout Connection) throws(PostgresError) -> SourceClaim {
        guard let claim = try connection.queryOne(TakeSource(source: source, owner: owner)) else {
            throw PostgresError(.unexpectedValue, "source \(source) has no cursor, expected one", advice: "open the source first")
        }
        return claim
    }

    /// Gives a source up, where it is still ours: `ingest_progress` then shows no owner.
    package func release(on connection: inout Connection) throws(PostgresError) {
        try connection.execute(ReleaseSource(claim: self))
    }

    /// The claim with the cursor read anew; nil when somebody else has claimed the source since. How an append whose outcome is unknown is settled.
    package func refreshed(on connection: inout Connection) throws(PostgresError) -> SourceClaim? {
        try connection.queryOne(SelectClaim(claim: self))
    }
}

private struct TakeSource: Statement {
    let source: Int32
    let owner: String

    static let sql = """
        UPDATE hindcast.source_cursor SET owner_epoch = owner_epoch + 1, owner = $2
        WHERE source_id = $1 RETURNING source_id, owner_epoch, next_offset, segment, chain
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(owner)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> SourceClaim { try SourceClaim(row) }
}

private struct ReleaseSource: Statement {
    let claim: SourceClaim

    static let sql = "UPDATE hindcast.source_cursor SET owner = NULL WHERE source_id = $1 AND owner_epoch = $2"

    func bind(to parameters: inout Parameters) {
        parameters.append(claim.source)
        parameters.append(claim.ownerEpoch)
    }
}

/// No row when somebody else has claimed the source since. Locks the row, because the transaction whose outcome is asked for may still be ending in a
/// session that we no longer hear from: its cursor is read after that, not before.
private struct SelectClaim: Statement {
    let claim: SourceClaim

    static let sql = """
        SELECT source_id, owner_epoch, next_offset, segment, chain FROM hindcast.source_cursor WHERE source_id = $1 AND owner_epoch = $2
        FOR NO KEY UPDATE
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(claim.source)
        parameters.append(claim.ownerEpoch)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> SourceClaim { try SourceClaim(row) }
}

extension SourceClaim {
    /// Reads source, owner epoch, next offset, segment and chain, in this order.
    fileprivate init(_ row: borrowing RowView) throws(PostgresError) {
        guard let chain = SHA256Digest(bytes: try row.byteArray(4)) else {
            throw PostgresError(.unexpectedValue, "the chain of source \(try row.int32(0)) is no SHA-256 of 32 bytes")
        }
        self.init(source: try row.int32(0), ownerEpoch: try row.int64(1), nextOffset: try row.int64(2), segment: try row.int16(3), chain: chain)
    }
}
