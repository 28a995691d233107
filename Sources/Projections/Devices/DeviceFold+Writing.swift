import Diagnostics
import Postgres

extension DeviceFold {
    /// The temporary tables that its changes go through.
    static let tables: [DeltaTable] = [.deviceState, .deviceHour]

    /// The days of hourly tables that the changes touch.
    var hourLeaves: [HourLeaves.Need] { [HourLeaves.Need(relation: "device_hour", days: Set(traffic.keys.map(\.hour.day)))] }

    /// Writes the changes of a batch, in its transaction.
    func write(source: Int32, rows: inout CopyBuffer, on connection: inout Connection) throws(PostgresError) {
        if !devices.isEmpty {
            rows.removeAll()
            rows.append(devices)
            try connection.copyIn(DeltaTable.deviceState.copy, rows)
            try connection.execute(MergeDeviceStates(source: source))
        }
        if let hours = traffic.keys.map(\.hour).extent {
            rows.removeAll()
            rows.append(traffic)
            try connection.copyIn(DeltaTable.deviceHour.copy, rows)
            try connection.execute(MergeDeviceHours(source: source, hours: hours))
        }
    }
}

extension [Timestamp] {
    /// From the earliest to the latest; nil where there are none.
    var extent: ClosedRange<Timestamp>? {
        guard let first = self.min(), let last = self.max() else { return nil }
        return first...last
    }
}
