/// Which decoders a source's records are offered to. The raw values are what settings and options say, and what the log keeps of a source.
package enum EnvelopeChoice: String, CaseIterable, Sendable {
    /// Every format that can be told from a record, chosen per record. `raw` cannot.
    case auto
    /// Azure IoT Central's export in any of its four shapes.
    case iotCentral = "iotcentral"
    /// Azure IoT Hub through Event Hubs.
    case iotHub = "iothub"
    /// CloudEvents 1.0.
    case cloudEvents = "cloudevents"
    /// Eclipse Hono.
    case hono
    /// Each payload is a device's own message, each key a device.
    case raw

    /// Reads a setting's value.
    package init?(name: String) { self.init(rawValue: name) }

    /// The setting's value.
    package var name: String { rawValue }

    /// Every value that a setting may have, for messages: `auto, iotcentral, …`.
    package static var names: String { allCases.map(\.name).joined(separator: ", ") }

    /// Whether records of a source with this choice are offered to the decoder of another.
    func admits(_ format: EnvelopeChoice) -> Bool { self == .auto ? format != .raw : self == format }
}
