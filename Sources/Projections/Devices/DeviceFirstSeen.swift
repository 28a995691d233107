package import Diagnostics
import EventLog
package import Postgres

/// The earliest event of a device that the projection has seen, by source: what stood in the log once, whatever retention has taken since.
package enum DeviceFirstSeen {
    /// Reads it.
    package static func read(device: Int32, on connection: inout Connection) throws(PostgresError) -> [Int32: Timestamp] {
        var times: [Int32: Timestamp] = [:]
        for (source, time) in try connection.query(SelectFirstSeen(device: device)) { times[source] = time }
        return times
    }
}

private struct SelectFirstSeen: Statement {
    let device: Int32

    static let sql = "SELECT source_id, first_seen FROM hindcast.device_state WHERE device_key = $1"

    func bind(to parameters: inout Parameters) { parameters.append(device) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> (source: Int32, time: Timestamp) {
        (try row.int32(0), Timestamp(try row.timestamp(1)))
    }
}
