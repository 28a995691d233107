package import Postgres

extension LogHole {
    /// Declares by an operator's word that the next offsets of a source will never be had, so that the source goes on behind them. Whoever writes the
    /// source at the moment is fenced off. To be called in a transaction together with the control event.
    ///
    /// - Returns: false, with nothing changed, where the source's next offset is not `first` (any more), or its life has ended.
    package static func declare(
        source: Int32, first: Int64, last: Int64, on connection: inout Connection
    ) throws(PostgresError) -> Bool {
        guard try connection.execute(SkipOffsets(source: source, first: first, last: last)) == 1 else { return false }
        try connection.execute(InsertHole(source: source, firstOffset: first, lastOffset: last, reason: .operator))
        return true
    }
}

private struct SkipOffsets: Statement {
    let source: Int32
    let first: Int64
    let last: Int64

    static let sql = """
        UPDATE hindcast.source_cursor c SET next_offset = $3 + 1, owner_epoch = owner_epoch + 1, owner = NULL
        WHERE c.source_id = $1 AND c.next_offset = $2
            AND EXISTS (SELECT FROM hindcast.source s WHERE s.source_id = c.source_id AND s.ended_at IS NULL)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(first)
        parameters.append(last)
    }
}
