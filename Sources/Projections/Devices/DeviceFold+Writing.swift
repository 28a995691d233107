import Diagnostics
import Postgres

extension DeviceFold {
    /// The temporary tables that its changes go through.
    static let tables: [DeltaTable] = [.deviceState, .deviceFact, .deviceLife, .deviceHour, .sourceHour]

    /// The days of hourly tables that the changes touch.
    var hourLeaves: [HourLeaves.Need] { [HourLeaves.Need(relation: "device_hour", days: Set(traffic.keys.map(\.hour.day)))] }

    /// Writes the changes of a batch, in its transaction.
    func write(source: Int32, rows: inout CopyBuffer, on connection: inout Connection) throws(PostgresError) {
        if !devices.isEmpty {
            // Sorted, so that a batch touches the pages of the tables in order.
            let devices = devices.sorted { $0.key < $1.key }
            rows.removeAll()
            rows.append(devices)
            try connection.copyIn(DeltaTable.deviceState.copy, rows)
            try connection.execute(MergeDeviceStates(source: source))
            // Apart, so that most batches of telemetry compare and rewrite nothing for facts that they say nothing of.
            rows.removeAll()
            rows.appendFacts(devices)
            if rows.rowCount > 0 {
                try connection.copyIn(DeltaTable.deviceFact.copy, rows)
                try connection.execute(MergeDeviceFacts(source: source))
            }
            rows.removeAll()
            rows.appendLives(devices)
            if rows.rowCount > 0 { try writeLives(source: source, rows, on: &connection) }
        }
        if let hours = traffic.keys.map(\.hour).extent {
            rows.removeAll()
            rows.append(traffic)
            try connection.copyIn(DeltaTable.deviceHour.copy, rows)
            try connection.execute(MergeDeviceHours(source: source, hours: hours))
            rows.removeAll()
            rows.append(tenants)
            try connection.copyIn(DeltaTable.sourceHour.copy, rows)
            try connection.execute(MergeSourceHours(source: source))
        }
    }

    private func writeLives(source: Int32, _ rows: borrowing CopyBuffer, on connection: inout Connection) throws(PostgresError) {
        try connection.copyIn(DeltaTable.deviceLife.copy, rows)
        let known = try connection.execute(UpdateDeviceLives(source: source))
        guard known < rows.rowCount else { return }
        try connection.execute(InsertDeviceLives(source: source))
        try connection.execute(TrimDeviceLives(source: source))
    }
}

extension [Timestamp] {
    /// From the earliest to the latest; nil where there are none.
    var extent: ClosedRange<Timestamp>? {
        guard let first = self.min(), let last = self.max() else { return nil }
        return first...last
    }
}
