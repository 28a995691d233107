import Diagnostics
import EventLog
import Postgres

extension DeltaTable {
    static let deviceError = DeltaTable(
        definition: """
            CREATE TEMPORARY TABLE IF NOT EXISTS device_error_delta (
                device_key int, origin text, status int, subcode text, count bigint, first_time timestamptz, first_offset bigint,
                last_time timestamptz, last_offset bigint, name_hash bigint, message text, cause text
            ) ON COMMIT DELETE ROWS
            """,
        copy: CopyIn(
            schema: "pg_temp", table: "device_error_delta",
            columns: [
                "device_key", "origin", "status", "subcode", "count", "first_time", "first_offset", "last_time", "last_offset", "name_hash",
                "message", "cause",
            ]), columns: 12)
}

extension CopyBuffer {
    /// Writes one row per device and code.
    mutating func append(_ errors: [ErrorKey: ErrorDelta]) {
        for (key, delta) in errors.sorted(by: { ($0.key.device, $0.key.name.status) < ($1.key.device, $1.key.name.status) }) {
            beginRow(columns: DeltaTable.deviceError.columns)
            int32(key.device)
            text(key.name.origin.rawValue)
            int32(key.name.status)
            text(key.name.subcode)
            int64(delta.count)
            timestamp(PostgresTimestamp(delta.firstTime))
            int64(delta.firstOffset)
            timestamp(PostgresTimestamp(delta.lastTime))
            int64(delta.lastOffset)
            int64(delta.nameHash)
            text(delta.message)
            text(ErrorCatalogue.code(key.name)?.cause ?? "")
        }
    }
}
