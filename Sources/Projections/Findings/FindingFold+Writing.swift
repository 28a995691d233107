import Diagnostics
import Postgres

extension FindingFold {
    /// The temporary tables that its changes go through.
    static let tables: [DeltaTable] = [.finding, .findingHour, .deviceVerdict, .verdictHour, .sourceVerdictHour]

    /// The days of a generation's hourly tables that the changes touch.
    func hourLeaves(generation: Int32) -> [HourLeaves.Need] {
        [
            HourLeaves.Need(relation: "verdict_hour_g\(generation)", days: Set(verdicts.keys.map(\.hour.day))),
            HourLeaves.Need(relation: "finding_hour_g\(generation)", days: Set(hours.keys.map(\.hour.day))),
        ]
    }

    /// Writes the changes of a batch, in its transaction.
    func write(generation: Int32, source: Int32, rows: inout CopyBuffer, on connection: inout Connection) throws(PostgresError) {
        if !findings.isEmpty {
            rows.removeAll()
            rows.append(findings)
            try connection.copyIn(DeltaTable.finding.copy, rows)
            try connection.execute(MergeFindings(generation: generation, source: source))
            // Only a batch that brought names can have brought too many.
            if findings.keys.contains(where: \.rule.isOpen),
                try connection.queryOne(SelectIsCrowded(generation: generation, source: source)) == true
            {
                try connection.execute(TrimOpenNames(generation: generation, source: source))
            }
        }
        if let extent = hours.keys.map(\.hour).extent {
            rows.removeAll()
            rows.append(hours)
            try connection.copyIn(DeltaTable.findingHour.copy, rows)
            try connection.execute(MergeFindingHours(generation: generation, source: source, hours: extent))
        }
        if !devices.isEmpty {
            rows.removeAll()
            rows.append(devices)
            try connection.copyIn(DeltaTable.deviceVerdict.copy, rows)
            try connection.execute(MergeDeviceVerdicts(generation: generation, source: source))
        }
        if let extent = verdicts.keys.map(\.hour).extent {
            rows.removeAll()
            rows.append(verdicts)
            try connection.copyIn(DeltaTable.verdictHour.copy, rows)
            try connection.execute(MergeVerdictHours(generation: generation, source: source, hours: extent))
            rows.removeAll()
            rows.append(tenants)
            try connection.copyIn(DeltaTable.sourceVerdictHour.copy, rows)
            try connection.execute(MergeSourceVerdictHours(generation: generation, source: source))
        }
    }
}
