import Postgres
import TestSupport

/// A device's properties as the view shows them to a dashboard, one line each; times are seconds after the time of all samples.
func propertyRows(_ device: String) throws(PostgresError) -> [String] {
    var connection = try TestDatabase.connect(role: "hindcast_dashboard")
    return try connection.query(SelectPropertyRows(device: device))
}

private struct SelectPropertyRows: Statement {
    let device: String

    static let sql = """
        SELECT line FROM (SELECT concat(module, '|', component, '|', property, ': desired ', coalesce(desired, '-'), ' v', coalesce(desired_version::text, '-'),
            ', reported ', coalesce(reported, '-'), ' v', coalesce(reported_version::text, '-'),
            ', ack ', coalesce(ack_code::text, '-'), ' ', coalesce(ack_version::text, '-'), ' ', ack_description, ' | ',
            CASE WHEN in_sync THEN 'in sync'
                ELSE 'out since ' || extract(epoch FROM out_of_sync_since - timestamptz '2026-11-23T12:00:00Z')::bigint END,
            CASE WHEN acknowledged_ahead THEN ' ahead' END, ', cloud ' || cloud) AS line
        FROM diagnostics.device_properties WHERE device_id = $1) l ORDER BY line COLLATE "C"
        """

    func bind(to parameters: inout Parameters) { parameters.append(device) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}
