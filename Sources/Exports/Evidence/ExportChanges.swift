package import Diagnostics
import EventLog
package import Postgres

/// What happened to exports: told by events, and imported by operators.
package enum ExportChanges {
    /// Everything that events told, by tenant.
    package static func all(on connection: inout Connection) throws(PostgresError) -> [String: [ExportChange]] {
        var changes: [String: [ExportChange]] = [:]
        try connection.forEach(SelectChanges()) { (row: SelectChanges.Row) throws(PostgresError) in
            if let change = row.change { changes[row.tenant, default: []].append(change) }
        }
        return changes
    }

    /// What imports say. Their time is only since when we know.
    static func imported(_ known: KnownExports) -> [ExportChange] {
        let exports = known.exports.values.joined().filter { $0.number != nil }.map {
            ExportChange(.defined, time: $0.from, exportID: $0.value.exportID, body: $0.body, isImported: true)
        }
        let destinations = known.destinations.values.joined().filter { $0.number != nil }.map {
            ExportChange(
                .destinationDefined, time: $0.from, exportID: "", destinationID: $0.value.destinationID, body: $0.body, isImported: true)
        }
        return exports + destinations
    }
}

private struct SelectChanges: Statement {
    struct Row: Sendable {
        let tenant: String
        /// Nil for an act of a later program.
        let change: ExportChange?
    }

    static let sql = """
        SELECT tenant, act, event_time, export_id, destination_id, since, code, message, topic, partition, first_offset, last_offset, events, body
        FROM hindcast.export_event
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        guard let act = ExportChange.Act(rawValue: try row.string(1)) else { return Row(tenant: try row.string(0), change: nil) }
        var range: ReceiptRange?
        if let partition = try row.int32OrNil(9), let first = try row.int64OrNil(10), let last = try row.int64OrNil(11) {
            range = ReceiptRange(topic: try row.string(8), partition: partition, firstOffset: first, lastOffset: last)
        }
        let change = ExportChange(
            act, time: Timestamp(try row.timestamp(2)), exportID: try row.string(3), destinationID: try row.string(4),
            since: try row.timestampOrNil(5).map { Timestamp($0) }, code: try row.string(6), message: try row.string(7), range: range,
            events: try row.int64OrNil(12), body: try row.string(13))
        return Row(tenant: try row.string(0), change: change)
    }
}
