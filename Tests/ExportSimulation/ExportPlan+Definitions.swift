import Diagnostics

// MARK: - Definitions, as the service's REST API lists them

extension ExportPlan {
    /// A file for `hindcast export import`: a tenant's exports and destinations.
    ///
    /// - Parameter withLate: whether the export that is made in the course of the day is in it.
    package func definitions(of tenant: String, withLate: Bool) -> String {
        let ours = routes.filter { $0.tenant == tenant }
        var exports: [String] = []
        for route in ours where !exports.contains(route.exportID) && (withLate || route.exportID != "late") { exports.append(route.exportID) }
        return """
            {"exports":[\(exports.map(export).joined(separator: ","))],"destinations":[\(ours.map(destination).joined(separator: ","))]}
            """
    }

    /// An export's definition.
    func export(_ id: String) -> String {
        let ours = routes.filter { $0.exportID == id }
        let targets = ours.map { "{\"id\":\"\($0.destinationID)\"}" }.joined(separator: ",")
        let filter = ours.first?.filter.map { ",\"filter\":\"\($0)\"" } ?? ""
        let source = ours.first?.source.rawValue ?? ""
        return """
            {"id":"\(id)","displayName":"Export \(id)","enabled":true,"source":"\(source)"\(filter),"enrichments":{},\
            "destinations":[\(targets)],"status":"healthy","errors":[]}
            """
    }

    /// A destination's definition.
    func destination(_ route: SimulatedRoute) -> String {
        let authorization =
            route.isManagedIdentity
            ? "{\"type\":\"systemAssignedManagedIdentity\"}"
            : "{\"type\":\"connectionString\",\"connectionString\":\"Endpoint=sb://sim/;SharedAccessKeyName=send;SharedAccessKey=c2VjcmV0\"}"
        let topic = route.kind == .kafka ? ",\"topic\":\"\(route.exportID)-\(route.destinationID)\"" : ""
        return """
            {"id":"\(route.destinationID)","displayName":"Destination \(route.destinationID)","type":"\(route.kind.rawValue)"\(topic),\
            "authorization":\(authorization),"status":"waiting","errors":[]}
            """
    }
}
