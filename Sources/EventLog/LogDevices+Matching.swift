package import Postgres

extension LogDevices {
    /// What an operator names devices by.
    package enum Name: Equatable, Sendable {
        /// This very id.
        case id(String)
        /// Ids that match a pattern of SQL's LIKE.
        case like(String)
    }

    /// Which names no device of the dictionary has, by their places in the list.
    package static func unmatched(_ names: [Name], on connection: inout Connection) throws(PostgresError) -> [Int] {
        try connection.query(SelectUnmatched(names: names))
    }
}

private struct SelectUnmatched: Statement {
    let names: [LogDevices.Name]

    // No id is empty. Ids are joined, so that a list of many is one pass over the devices.
    static let sql = """
        SELECT p.place FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS p (id, pattern, place)
        WHERE NOT EXISTS (SELECT FROM hindcast.device d WHERE d.device_id = p.id)
            AND (p.pattern = '' OR NOT EXISTS (SELECT FROM hindcast.device d WHERE d.device_id LIKE p.pattern))
        ORDER BY p.place
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(names.map { if case .id(let id) = $0 { id } else { "" } })
        parameters.append(names.map { if case .like(let pattern) = $0 { pattern } else { "" } })
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int { Int(try row.int64(0)) - 1 }
}
