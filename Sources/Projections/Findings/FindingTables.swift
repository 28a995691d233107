import Diagnostics
import EventLog
import Postgres

extension DeltaTable {
    static let finding = DeltaTable(
        definition: """
            CREATE TEMPORARY TABLE IF NOT EXISTS finding_delta (
                count bigint, lane0 bigint, lane1 bigint, first_time timestamptz, first_offset bigint, last_time timestamptz, last_offset bigint,
                name_hash bigint, byte_offset int, device_key int, day smallint, template_version_key int, severity smallint,
                module text, component text, path text, rule text, template_ref text, expected text, actual text, message text, suggestion text
            ) ON COMMIT DELETE ROWS
            """,
        copy: CopyIn(
            schema: "pg_temp", table: "finding_delta",
            columns: [
                "count", "lane0", "lane1", "first_time", "first_offset", "last_time", "last_offset", "name_hash", "byte_offset", "device_key", "day",
                "template_version_key", "severity", "module", "component", "path", "rule", "template_ref", "expected", "actual", "message",
                "suggestion",
            ]), columns: 22)

    static let findingHour = DeltaTable(
        definition: """
            CREATE TEMPORARY TABLE IF NOT EXISTS finding_hour_delta (
                hour timestamptz, count bigint, template_version_key int, severity smallint, tenant text, template_ref text, component text, path text,
                rule text
            ) ON COMMIT DELETE ROWS
            """,
        copy: CopyIn(
            schema: "pg_temp", table: "finding_hour_delta",
            columns: ["hour", "count", "template_version_key", "severity", "tenant", "template_ref", "component", "path", "rule"]), columns: 9)

    static let deviceVerdict = DeltaTable(
        definition: """
            CREATE TEMPORARY TABLE IF NOT EXISTS device_verdict_delta (
                device_key int, template_version_key int, judged_time timestamptz, judged_offset bigint, messages bigint, failed bigint
            ) ON COMMIT DELETE ROWS
            """,
        copy: CopyIn(
            schema: "pg_temp", table: "device_verdict_delta",
            columns: ["device_key", "template_version_key", "judged_time", "judged_offset", "messages", "failed"]), columns: 6)

    static let verdictHour = DeltaTable(
        definition: """
            CREATE TEMPORARY TABLE IF NOT EXISTS verdict_hour_delta (
                device_key int, hour timestamptz, messages bigint, failed bigint, warned bigint, malformed bigint
            ) ON COMMIT DELETE ROWS
            """,
        copy: CopyIn(
            schema: "pg_temp", table: "verdict_hour_delta", columns: ["device_key", "hour", "messages", "failed", "warned", "malformed"]), columns: 6)

    static let sourceVerdictHour = DeltaTable(
        definition: """
            CREATE TEMPORARY TABLE IF NOT EXISTS source_verdict_hour_delta (
                tenant text, hour timestamptz, messages bigint, failed bigint, warned bigint, malformed bigint
            ) ON COMMIT DELETE ROWS
            """,
        copy: CopyIn(
            schema: "pg_temp", table: "source_verdict_hour_delta", columns: ["tenant", "hour", "messages", "failed", "warned", "malformed"]),
        columns: 6)
}

extension CopyBuffer {
    /// Writes one row per finding.
    mutating func append(_ findings: [FindingKey: FindingDelta]) {
        for (key, delta) in findings.sorted(by: { ($0.key.device, $0.key.day, $0.key.path) < ($1.key.device, $1.key.day, $1.key.path) }) {
            let finding = delta.last
            beginRow(columns: DeltaTable.finding.columns)
            int64(delta.digest.count)
            int64(Int64(bitPattern: delta.digest.lane0))
            int64(Int64(bitPattern: delta.digest.lane1))
            timestamp(PostgresTimestamp(delta.firstTime))
            int64(delta.firstOffset)
            timestamp(PostgresTimestamp(delta.lastTime))
            int64(delta.lastOffset)
            int64(delta.nameHash)
            int32(Int32(clamping: finding.byteOffset))
            int32(key.device)
            int16(key.day)
            int32(key.templateVersionKey)
            int16(finding.rule.severity.rawValue)
            text(key.module)
            text(key.component)
            text(key.path)
            text(key.rule.rawValue)
            text(delta.templateRef)
            text(finding.expected)
            text(finding.actual)
            text(finding.message)
            text(finding.suggestion)
        }
    }

    /// Writes one row per hour and kind of finding.
    mutating func append(_ hours: [FindingHourKey: Int64]) {
        for (key, count) in hours {
            beginRow(columns: DeltaTable.findingHour.columns)
            timestamp(PostgresTimestamp(key.hour))
            int64(count)
            int32(key.templateVersionKey)
            int16(key.rule.severity.rawValue)
            text(key.tenant)
            text(key.templateRef)
            text(key.component)
            text(key.path)
            text(key.rule.rawValue)
        }
    }

    /// Writes one row per judged device. Before anything was judged, the time is before all others.
    mutating func append(_ devices: [Int32: DeviceVerdictDelta]) {
        for (device, delta) in devices.sorted(by: { $0.key < $1.key }) {
            beginRow(columns: DeltaTable.deviceVerdict.columns)
            int32(device)
            int32(delta.templateVersionKey?.value ?? 0)
            timestamp(delta.templateVersionKey.map { PostgresTimestamp($0.time) } ?? PostgresTimestamp(rawValue: .min))
            int64(delta.templateVersionKey?.offset ?? -1)
            int64(delta.messages)
            int64(delta.failed)
        }
    }

    /// Writes one row per device and hour.
    mutating func append(_ verdicts: [DeviceHour: VerdictDelta]) {
        for (key, delta) in verdicts.sorted(by: { ($0.key.device, $0.key.hour) < ($1.key.device, $1.key.hour) }) {
            beginRow(columns: DeltaTable.verdictHour.columns)
            int32(key.device)
            timestamp(PostgresTimestamp(key.hour))
            int64(delta.messages)
            int64(delta.failed)
            int64(delta.warned)
            int64(delta.malformed)
        }
    }

    /// Writes one row per tenant and hour.
    mutating func append(_ verdicts: [TenantHour: VerdictDelta]) {
        for (key, delta) in verdicts {
            beginRow(columns: DeltaTable.sourceVerdictHour.columns)
            text(key.tenant)
            timestamp(PostgresTimestamp(key.hour))
            int64(delta.messages)
            int64(delta.failed)
            int64(delta.warned)
            int64(delta.malformed)
        }
    }
}
