package import Diagnostics
package import Kafka

/// A message of a simulated device, ready to be produced.
package struct FleetMessage: Sendable {
    /// Whom it is about.
    package let device: PlannedDevice
    /// What it is.
    package let kind: MessageKind
    /// When the service received it.
    package let time: Timestamp
    /// The record's key; nil where the format has none.
    package let key: [UInt8]?
    /// The record's headers.
    package let headers: [ProducerHeader]
    /// The record's value.
    package let value: [UInt8]
}
