import Diagnostics

/// A message as IoT Central exports it, schema `default@v1`: written here on its own, so that the program's reader and writer are held to something that
/// is not theirs.
package enum ExportedMessage {
    /// The message's text. There is none for a malformed message.
    package static func text(of message: UpstreamMessage, applicationID: String) -> String {
        let head = """
            {"applicationId":"\(applicationID)","deviceId":"\(message.device.id)","enqueuedTime":"\(milliseconds(message.time))",\
            "enrichments":{},"messageSource":"\(message.source.rawValue)","schema":"default@v1","templateId":"\(message.device.template)"
            """
        switch message.content {
        case .telemetry(let values, let component, _):
            let named = component.map { ",\"component\":\"\($0)\"" } ?? ""
            return "\(head)\(named),\"telemetry\":\(values),\"messageProperties\":{}}"
        case .property(let name, let value):
            return "\(head),\"messageType\":\"devicePropertyReportedChange\",\"properties\":[{\"name\":\"\(name)\",\"value\":\(value)}]}"
        case .connection(let isConnected): return "\(head),\"messageType\":\"\(isConnected ? "connected" : "disconnected")\"}"
        case .registered: return "\(head),\"messageType\":\"registered\"}"
        case .renamed: return "\(head),\"messageType\":\"displayNameChanged\"}"
        case .malformed: preconditionFailure("Cannot export a message that is not JSON")
        }
    }

    /// RFC 3339 with three digits, as the service writes it.
    static func milliseconds(_ time: Timestamp) -> String {
        let text = time.rfc3339
        guard let point = text.firstIndex(of: ".") else { return text.dropLast() + ".000Z" }
        return text[..<point] + text[point...].prefix(4) + "Z"
    }
}
