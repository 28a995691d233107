import JSON

extension IoTCentralExport {
    /// The six message sources and their types; a source or type that is none of them is `unsupported`, not an error: the service may add some.
    static func kind(source: JSONNode, type: JSONNode?, in document: JSONDocument) -> EventKind {
        if document.equals(source, "telemetry") { return .telemetry }
        guard let type else { return .unsupported }
        if document.equals(source, "properties") {
            if document.equals(type, "devicePropertyReportedChange") { return .propertyReported }
            if document.equals(type, "devicePropertyDesiredChange") { return .propertyDesired }
            if document.equals(type, "cloudPropertyChange") { return .propertyCloud }
        } else if document.equals(source, "deviceConnectivity") {
            if document.equals(type, "connected") { return .connected }
            if document.equals(type, "disconnected") { return .disconnected }
        } else if document.equals(source, "deviceLifecycle") {
            if document.equals(type, "registered") { return .registered }
            if document.equals(type, "deleted") { return .deleted }
            if document.equals(type, "provisioned") { return .provisioned }
            if document.equals(type, "enabled") { return .enabled }
            if document.equals(type, "disabled") { return .disabled }
            if document.equals(type, "displayNameChanged") { return .renamed }
            if document.equals(type, "deviceTemplateChanged") { return .templateAssigned }
        } else if document.equals(source, "deviceTemplateLifecycle") {
            if isChange(type, in: document) { return .templateLifecycle }
        } else if document.equals(source, "audit") {
            if isChange(type, in: document) { return .audit }
        }
        return .unsupported
    }

    private static func isChange(_ type: JSONNode, in document: JSONDocument) -> Bool {
        document.equals(type, "created") || document.equals(type, "updated") || document.equals(type, "deleted")
    }
}
