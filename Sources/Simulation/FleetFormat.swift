/// The wire format in which a simulated device's messages arrive. Raw values stand in the plan file.
package enum FleetFormat: String, CaseIterable, Sendable {
    /// Azure IoT Central's data export, schema `default@v1`.
    case central
    /// The same export with a transform that passes on what it is given: the only one that says whether a device is approved.
    case transform
    /// Azure IoT Hub through the Kafka endpoint of Event Hubs: the device's own body, and headers in AMQP's encoding.
    case hub
    /// CloudEvents 1.0 with the types under `dev.hindcast.`.
    case cloudEvents = "cloudevents"

    /// All, each as often as it is to be drawn for devices that may have any.
    static let mix: [FleetFormat] = [.central, .central, .central, .central, .hub, .hub, .hub, .cloudEvents, .cloudEvents, .transform]
}
