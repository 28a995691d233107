/// How a record was understood: the wire format around its payload. One byte in the log, append-only.
package enum EnvelopeFormat: UInt8, CaseIterable, Sendable {
    /// No format matched.
    case none = 0
    /// Azure IoT Central data export, schema `default@v1`.
    case iotCentral = 1
    /// Azure IoT Central data export of 2020, schema `default@preview`.
    case iotCentralPreview = 2
    /// Azure IoT Central data export in the shape that its transforms are given: `device{}` and `telemetry[]`.
    case iotCentralTransform = 3
    /// What Azure IoT Central exported before 2022: device bodies and snapshots told apart by headers, and lines of its files.
    case iotCentralLegacy = 4
    /// Azure IoT Hub through the Kafka endpoint of Event Hubs.
    case iotHub = 5
    /// CloudEvents 1.0, binary or structured.
    case cloudEvents = 6
    /// Eclipse Hono's northbound API.
    case hono = 7
    /// The payload is the device's own message and the record key is the device. Only where settings say so.
    case raw = 8

    /// The name in SQL views and output.
    package var name: String {
        switch self {
        case .none: "none"
        case .iotCentral: "iotcentral"
        case .iotCentralPreview: "iotcentral_preview"
        case .iotCentralTransform: "iotcentral_transform"
        case .iotCentralLegacy: "iotcentral_legacy"
        case .iotHub: "iothub"
        case .cloudEvents: "cloudevents"
        case .hono: "hono"
        case .raw: "raw"
        }
    }
}
