import Postgres

/// What the views say about the demo's tenant, read once everything is processed.
struct DemoView {
    let summary: SelectFleetSummary.Row
    let devices: [SelectDeviceHealth.Row]
    let findings: [FindingRow]
    /// Per device, the first cause first.
    let causes: [SelectDeviceCauses.Row]
    let fleetCauses: [SelectFleetCauses.Row]
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
        causes = try connection.query(SelectDeviceCauses(tenant: tenant))
        fleetCauses = try connection.query(SelectFleetCauses(tenant: tenant))
        events = try connection.queryOne(CountEvents(tenant: tenant)) ?? 0
    }
}
