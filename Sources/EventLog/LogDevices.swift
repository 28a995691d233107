package import Postgres

/// Which devices have events of a kind in the log's index.
package enum LogDevices {
    /// A device and whether one of its messages names the template that was asked for; else one names none.
    package struct Mention: Equatable, Sendable {
        package let key: Int32
        package let tenant: String
        package let deviceID: String
        package let names: Bool
    }

    /// The devices of a source below an offset with a message that names a template, or that names none at all.
    package static func mentioning(
        _ templateID: String, source: Int32, before offset: Int64, on connection: inout Connection
    ) throws(PostgresError) -> [Mention] {
        try connection.query(SelectMentions(templateID: templateID, source: source, before: offset))
    }

    /// Whether events below an offset stand under the index of another decoder than this one, so that the index cannot be gone by.
    package static func isIndexed(
        source: Int32, before offset: Int64, by decoder: Int16, on connection: inout Connection
    ) throws(PostgresError) -> Bool {
        try connection.queryOne(SelectIsIndexed(source: source, before: offset, decoder: decoder)) ?? true
    }
}

private struct SelectMentions: Statement {
    let templateID: String
    let source: Int32
    let before: Int64

    static let sql = """
        SELECT m.device_key, d.tenant, d.device_id, m.names
        FROM (
            SELECT e.device_key, coalesce(bool_or(e.template_ref = $3), false) AS names FROM hindcast.event e
            WHERE e.source_id = $1 AND e.source_offset < $2 AND (e.template_ref = $3 OR e.template_ref IS NULL) GROUP BY e.device_key) m
        JOIN hindcast.device d USING (device_key)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(before)
        parameters.append(templateID)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> LogDevices.Mention {
        LogDevices.Mention(key: try row.int32(0), tenant: try row.string(1), deviceID: try row.string(2), names: try row.bool(3))
    }
}

private struct SelectIsIndexed: Statement {
    let source: Int32
    let before: Int64
    let decoder: Int16

    static let sql = "SELECT NOT EXISTS (SELECT FROM hindcast.event WHERE source_id = $1 AND source_offset < $2 AND decoder <> $3)"

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(before)
        parameters.append(decoder)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Bool { try row.bool(0) }
}
