package import Postgres

extension LogDevices {
    /// Whether the dictionary has a device whose id matches one of some patterns of SQL's LIKE.
    package static func isAny(like patterns: [String], on connection: inout Connection) throws(PostgresError) -> Bool {
        try connection.queryOne(SelectIsAny(patterns: patterns)) ?? false
    }
}

private struct SelectIsAny: Statement {
    let patterns: [String]

    static let sql = "SELECT EXISTS (SELECT FROM hindcast.device WHERE device_id LIKE ANY ($1))"

    func bind(to parameters: inout Parameters) { parameters.append(patterns) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Bool { try row.bool(0) }
}
