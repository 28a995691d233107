import Diagnostics

/// Records as an IoT Hub's routes write them, read through the Kafka endpoint.
enum SampleHub {
    static let device = "sample-device-01"
    /// 2024-01-02T03:04:05.123Z as AMQP's timestamp.
    static let enqueued: [UInt8] = [0x83, 0x00, 0x00, 0x01, 0x8C, 0xC8, 0x20, 0xD9, 0x03]

    /// AMQP's `str8`.
    static func text(_ text: String) -> [UInt8] { [0xA1, UInt8(text.utf8.count)] + Array(text.utf8) }

    static func telemetry(_ payload: String?, _ more: [(String, [UInt8]?)] = []) -> SampleRecord {
        let headers: [(String, [UInt8]?)] = [
            ("iothub-connection-device-id", text(device)), ("iothub-message-source", text("Telemetry")), ("iothub-enqueuedtime", enqueued),
            ("dt-dataschema", text("dtmi:example:pump;1")), ("content-type", Array("application/json".utf8)),
            ("content-encoding", Array("utf-8".utf8)),
        ]
        return SampleRecord(payload, headers: more + headers)
    }

    /// A word on a device's connection with the hub's number.
    static func connection(device: String, isConnected: Bool, number: Int, _ time: String) -> SampleRecord {
        let digits = String(number, radix: 16, uppercase: true)
        let body = "{\"sequenceNumber\":\"\(String(repeating: "0", count: 64 - digits.utf8.count))\(digits)\"}"
        return notification(
            "deviceConnectionStateEvents", operation: isConnected ? "deviceConnected" : "deviceDisconnected", time: time,
            more: [("deviceId", text(device))], body)
    }

    static func notification(
        _ source: String?, schema: String? = nil, operation: String? = nil, time: String = "2024-01-02T03:04:05.1230000Z",
        more: [(String, [UInt8]?)] = [], _ payload: String?
    ) -> SampleRecord {
        var headers = more
        headers.append(("deviceId", text(device)))
        headers.append(("hubName", text("fleet")))
        headers.append(("operationTimestamp", text(time)))
        if let source { headers.append(("iothub-message-source", text(source))) }
        if let schema { headers.append(("iothub-message-schema", text(schema))) }
        if let operation { headers.append(("opType", text(operation))) }
        return SampleRecord(payload, headers: headers)
    }
}
