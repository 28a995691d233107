import Postgres

/// What the views say about the demo's tenant, read once everything is processed.
struct DemoView {
    let summary: SelectFleetSummary.Row
    let devices: [SelectDeviceHealth.Row]
    let findings: [FindingRow]
    let events: Int64
}

extension DemoView {
    /// - Throws: ``OperatorError`` where the tenant is not in the fleet summary.
    init(tenant: String, on connection: inout Connection) throws {
        guard let summary = try connection.queryOne(SelectFleetSummary(tenant: tenant)) else {
            throw OperatorError(.negative, "fleet_summary has no row for tenant \(tenant), expected one.")
        }
        self.summary = summary
        devices = try connection.query(SelectDeviceHealth(tenant: tenant))
        findings = try connection.query(SelectFindings(device: "%", tenant: tenant))
        events = try connection.queryOne(CountEvents(tenant: tenant)) ?? 0
    }
}
