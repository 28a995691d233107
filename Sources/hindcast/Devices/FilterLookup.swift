import Postgres

/// Tells an answer of nothing from a filter that nothing can match.
enum FilterLookup {
    /// Says which filter is about nobody whom the log knows. To be asked only where nothing was found: then an empty answer would sound like good news.
    ///
    /// - Parameter device: a pattern of device ids.
    /// - Throws: ``ExitStatus/unknown``.
    static func refuseUnknown(
        tenant: String? = nil, template: String? = nil, device: String? = nil, on connection: inout Connection
    ) throws {
        if let tenant {
            let known = try connection.query(SelectTenants())
            guard known.contains(tenant) else {
                throw unknown("tenant", tenant, among: known, elsewise: "; `hindcast fleet summary` shows those that are known.")
            }
        }
        if let template {
            let known = try connection.query(SelectUsedTemplates())
            guard known.contains(template) else {
                throw unknown("template", template, among: known, elsewise: "; `hindcast template list` shows those that were published.")
            }
        }
        if let device, try connection.queryOne(SelectMatchesDevice(device: DeviceGlob.like(device), tenant: tenant ?? "")) == false {
            let near = try DeviceLookup.nearest(to: device, tenant: tenant, on: &connection)
            let place = tenant.map { " of tenant \"\($0)\"" } ?? ""
            let hint = near?.hint ?? "; `hindcast device list` shows those that are known."
            throw OperatorError(.unknown, "No device\(place) has an id that matches \"\(device)\"\(hint)")
        }
    }

    private static func unknown(_ what: String, _ name: String, among known: [String], elsewise: String) -> OperatorError {
        let hint = NearestName.of(name, among: known.filter { !$0.isEmpty }).map { "; did you mean \"\($0)\"?" } ?? elsewise
        return OperatorError(.unknown, "The log has no device of \(what) \"\(name)\"\(hint)")
    }
}
