package import JSON

extension ExportDestination {
    /// Reads a destination in the shape of IoT Central's REST API (`Destinations - Get`), older shapes with a connection string beside `type` too, and
    /// our own `kafka@v1`. Of secrets nothing is read; the name of an event hub is, even from within a connection string.
    ///
    /// Throws where a member that counts is missing or of another type; the error names it.
    package static func read(_ tree: JSONTree) throws(ExportFileError) -> ExportDestination {
        let reading = try ExportReading(tree, noun: "a destination")
        let kind = Kind(rawValue: try reading.identifier("type"))
        var destination = ExportDestination(destinationID: try reading.identifier("id"), kind: kind)
        destination.displayName = try reading.text("displayName")
        let authorization = try reading.object("authorization")
        if let type = authorization?["type"]?.stringValue {
            destination.authorization = Authorization(rawValue: BoundedText.bound(type, limit: BoundedText.identifierLimit))
        } else if authorization?["connectionString"]?.stringValue != nil || tree["connectionString"]?.stringValue != nil {
            destination.authorization = .connectionString
        }
        destination.topic = topic(of: kind, tree, authorization)
        destination.status = try reading.text("status")
        destination.errors = try reading.faults()
        destination.lastExportTime = try reading.time("lastExportTime")
        if kind == .kafka && destination.topic.isEmpty {
            throw ExportFileError(.missingMember, at: "/topic", "a destination of type kafka@v1 needs its topic, a text")
        }
        return destination
    }

    /// The topic that a Kafka client would read: an event hub is one.
    private static func topic(of kind: Kind, _ tree: JSONTree, _ authorization: JSONTree?) -> String {
        switch kind {
        case .kafka: return tree["topic"]?.stringValue ?? ""
        case .eventHubs:
            if let name = authorization?["eventHubName"]?.stringValue ?? tree["eventHubName"]?.stringValue { return name }
            let text = authorization?["connectionString"]?.stringValue ?? tree["connectionString"]?.stringValue ?? ""
            return ConnectionString.parts(of: text).first { $0.name.lowercased() == "entitypath" }?.value ?? ""
        default: return ""
        }
    }
}
