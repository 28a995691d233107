package import Hashing
package import Postgres

/// SHA-256 over what a run would change, in an order that depends on nothing but the changes: two runs, or a full and a partial one, that agree here would change the
/// same.
///
/// Per change, by tenant, device, day, template, module, component, path and rule in the order of their bytes: each text with its UTF-8 length (4 bytes,
/// big-endian), `change` among them, then day (2 bytes), count before and after (8 bytes each), big-endian.
package enum ReplayDigest {
    /// Reads the digest of a run that was compared.
    package static func read(run: Int32, on connection: inout Connection) throws(PostgresError) -> SHA256Digest {
        var hash = SHA256()
        try connection.forEachRow(SelectChangesInOrder(run: run)) { (row: borrowing RowView) throws(PostgresError) in
            for column in 0..<8 {
                let text = try row.text(column)
                hash.update(UInt32(text.byteCount))
                hash.update(text)
            }
            hash.update(try row.int16(8))
            hash.update(try row.int64(9))
            hash.update(try row.int64(10))
        }
        return hash.finish()
    }
}

private struct SelectChangesInOrder: Statement {
    let run: Int32

    static let sql = """
        SELECT tenant, device_id, template_id, module, component, path, rule, change, day, count_before, count_after FROM hindcast.replay_change
        WHERE run_id = $1
        ORDER BY tenant COLLATE "C", device_id COLLATE "C", day, template_id COLLATE "C", module COLLATE "C", component COLLATE "C", path COLLATE "C",
            rule COLLATE "C"
        """

    func bind(to parameters: inout Parameters) { parameters.append(run) }
}
