/// Who said that something went wrong. Raw values are stored, shown and read; one number means different things at different places.
package enum ErrorOrigin: String, CaseIterable, Sendable {
    /// Azure's Device Provisioning Service.
    case dps
    /// Azure IoT Hub.
    case hub
    /// An IoT Edge runtime.
    case edge
    /// A protocol adapter or gateway, such as Eclipse Hono's.
    case adapter
    /// The device itself, in its answer to a command.
    case device
    /// Anybody else.
    case other

    /// Reads what a report says, in whatever spelling.
    package init(text: String) {
        let letters = text.lowercased().filter { $0.isLetter }
        switch letters {
        case "dps", "deviceprovisioningservice", "provisioning": self = .dps
        case "hub", "iothub", "azureiothub": self = .hub
        case "edge", "iotedge", "edgehub", "edgeagent": self = .edge
        case "adapter", "hono", "gateway", "protocoladapter": self = .adapter
        case "device": self = .device
        default: self = .other
        }
    }
}
