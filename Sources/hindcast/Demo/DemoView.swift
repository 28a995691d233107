import Postgres

/// What the views say about the demo's tenant, read once everything is processed.
struct DemoView {
    let summary: FleetRow
    /// The worst first.
    let devices: [DeviceRow]
    let findings: [FindingRow]
    /// Per device, the first cause first.
    let causes: [CauseRow]
    let fleetCauses: [FleetCauseRow]
    /// The latest first, whatever their state.
    let gaps: [ExportGapRow]
    let events: Int64
}

extension DemoView {
    /// - Throws: ``OperatorError`` where the tenant is not in the fleet summary.
    init(tenant: String, on connection: inout Connection) throws {
        guard let summary = try connection.queryOne(SelectFleet(tenant: tenant)) else {
            throw OperatorError(.negative, "fleet_summary has no row for tenant \(tenant), expected one.")
        }
        self.summary = summary
        devices = try connection.query(
            SelectDevices(health: [], causes: [], template: "", device: "%", tenant: tenant, limit: .max))
        findings = try connection.query(SelectFindings(device: "%", tenant: tenant))
        causes = try connection.query(SelectAllCauses(device: "%", tenant: tenant))
        fleetCauses = try connection.query(SelectFleetCauses(tenant: tenant, limit: .max))
        gaps = try connection.query(SelectExportGaps(everyOf: tenant))
        events = try connection.queryOne(CountEvents(tenant: tenant)) ?? 0
    }
}
