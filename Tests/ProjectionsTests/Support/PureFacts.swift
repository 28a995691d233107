import Diagnostics
import Postgres

/// The rows of properties and error reports as lines of text, out of the pure folds.
func factLines(_ property: PropertyFold, _ error: ErrorFold, _ export: ExportFold, source: Int32) -> [String] {
    var lines: [String] = []
    for (key, delta) in property.properties {
        lines.append(
            "device_property|\(source)|\(key.device)|\(key.section.rawValue)|\(key.module)|\(key.component)|\(key.name)|\(delta.nameHash)|\(text(delta.byVersion))|\(text(delta.byTime))"
        )
    }
    for (key, delta) in error.errors {
        lines.append(
            "device_error|\(source)|\(key.device)|\(key.name.origin.rawValue)|\(key.name.status)|\(key.name.subcode)|\(delta.count)|\(delta.firstTime.microseconds)|\(delta.firstOffset)|\(delta.lastTime.microseconds)|\(delta.lastOffset)|\(delta.nameHash)|\(delta.message)|\(ErrorCatalogue.code(key.name)?.cause ?? "")"
        )
    }
    for (offset, tenant, change) in export.changes {
        lines.append(
            "export_event|\(source)|\(offset)|\(change.time.microseconds)|\(tenant)|\(change.act.rawValue)|\(change.exportID)|\(change.destinationID)|\(change.body)"
        )
    }
    return lines
}

private func text(_ statement: PropertyDelta.Statement?) -> String {
    guard let statement else { return "||||||||" }
    let value = statement.value
    let answer = value.acknowledgement.map { "\($0.code)|\($0.version)|\($0.description)" } ?? "||"
    let version = statement.version.map { "\($0)" } ?? ""
    let set = value.version.map { "\($0)" } ?? ""
    return "\(version)|\(statement.time.microseconds)|\(statement.offset)|\(set)|\(value.changedAt.microseconds)|\(value.text ?? "")|\(answer)"
}

/// The same lines out of the tables.
struct SelectFactLines: Statement {
    let source: Int32

    static let sql = """
        SELECT concat_ws('|', 'device_property', source_id, device_key, section, module, component, name, name_hash,
            coalesce(versioned_at::text, ''), hindcast.test_us(versioned_time), coalesce(versioned_offset::text, ''), coalesce(versioned_version::text, ''),
            hindcast.test_us(versioned_changed), coalesce(versioned_value, ''), coalesce(versioned_ack_code::text, ''),
            coalesce(versioned_ack_version::text, ''), coalesce(versioned_ack_description, ''),
            coalesce(latest_at::text, ''), hindcast.test_us(latest_time), latest_offset, coalesce(latest_version::text, ''),
            hindcast.test_us(latest_changed), coalesce(latest_value, ''), coalesce(latest_ack_code::text, ''), coalesce(latest_ack_version::text, ''),
            coalesce(latest_ack_description, ''))
        FROM hindcast.device_property WHERE source_id = $1
        UNION ALL SELECT concat_ws('|', 'device_error', source_id, device_key, origin, status, subcode, count, hindcast.test_us(first_time), first_offset,
            hindcast.test_us(last_time), last_offset, name_hash, message, cause)
        FROM hindcast.device_error WHERE source_id = $1
        UNION ALL SELECT concat_ws('|', 'export_event', source_id, source_offset, hindcast.test_us(event_time), tenant, act, export_id, destination_id, body)
        FROM hindcast.export_event WHERE source_id = $1
        """

    func bind(to parameters: inout Parameters) { parameters.append(source) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}
