import JSON

/// A capture file of messages as IoT Central exports them.
enum CaptureText {
    static let templateID = "dtmi:hindcast:test:Pump;1"
    static let template = """
        {"@context":"dtmi:dtdl:context;2","@id":"\(templateID)","@type":"Interface","contents":[{"@type":"Telemetry","name":"flow","schema":"double"}]}
        """

    /// One record of telemetry, as a line.
    static func telemetry(_ device: String, _ values: String, offset: Int) -> String {
        let payload = """
            {"applicationId":"app","messageSource":"telemetry","schema":"default@v1","deviceId":"\(device)","templateId":"\(templateID)",\
            "enqueuedTime":"2026-06-01T12:00:0\(offset % 10).000Z","telemetry":\(values)}
            """
        return line(key: device, payload: payload, offset: offset)
    }

    /// One record with any payload, as a line.
    static func line(key: String, payload: String, offset: Int) -> String {
        var writer = JSONWriter()
        writer.tree(
            .object([
                "topic": .string("t"), "partition": .integer(0), "offset": .integer(offset), "tstype": .string("create"),
                "ts": .integer(1_780_315_200_000), "key": .string(key), "payload": .string(payload),
            ]))
        return String(decoding: writer.bytes, as: UTF8.self) + "\n"
    }

    /// Two pumps: one sends a string where a number belongs, twice, the other a name in the wrong case, once.
    static let faults = [
        telemetry("pump-1", #"{"flow":1.5}"#, offset: 0), telemetry("pump-1", #"{"flow":"1.5"}"#, offset: 1),
        telemetry("pump-1", #"{"flow":"1,5"}"#, offset: 2), telemetry("pump-2", #"{"Flow":2}"#, offset: 3),
    ].joined()
}
