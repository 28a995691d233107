import JSON

/// Azure IoT Hub through the Kafka endpoint of Event Hubs: what is said about a message stands in headers, the value is the device's or the hub's body.
enum IoTHubEnvelope {
    /// Fills `event` when the record is of this format; otherwise leaves it as it was and returns false.
    static func decode(_ input: borrowing DecoderInput, _ document: JSONDocument?, into event: inout DecodedEvent) -> Bool { false }
}
