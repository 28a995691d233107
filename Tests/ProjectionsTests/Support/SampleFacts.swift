import Diagnostics
import LogSupport

/// Records of properties and errors in the formats that carry them, seconds after the time of all samples.
extension SampleRecord {
    /// A change of a twin, as an IoT Hub tells it.
    static func twin(
        device: String = "pump", _ section: String, _ json: String, operation: String = "updateTwin", second: Int64 = 0
    ) -> SampleRecord {
        hub(
            device: device, "twinChangeEvents", operation: operation, #"{"version":4,"properties":{"\#(section)":\#(json)}}"#, second: second)
    }

    /// A change of a digital twin, as an IoT Hub tells it.
    static func patch(device: String = "pump", _ json: String, second: Int64 = 0) -> SampleRecord {
        hub(device: device, "digitalTwinChangeEvents", operation: "updateDigitalTwin", json, second: second)
    }

    /// The end of a device.
    static func deletion(device: String = "pump", second: Int64 = 0) -> SampleRecord {
        hub(device: device, "deviceLifecycleEvents", operation: "deleteDeviceIdentity", "{}", second: second)
    }

    /// An event of our own.
    static func native(device: String = "pump", _ type: String, _ data: String, second: Int64 = 0) -> SampleRecord {
        let time = Timestamp(microseconds: Timestamp.sample.microseconds + second * 1_000_000)
        let headers = [
            ("ce_specversion", "1.0"), ("ce_id", "1"), ("ce_source", "/north"), ("ce_type", type), ("ce_subject", device), ("ce_time", time.rfc3339),
        ]
        return SampleRecord(headers: headers.map { ($0.0, Array($0.1.utf8)) }, payload: Array(data.utf8), brokerTime: time)
    }

    private static func hub(device: String, _ source: String, operation: String, _ payload: String, second: Int64) -> SampleRecord {
        let time = Timestamp(microseconds: Timestamp.sample.microseconds + second * 1_000_000)
        let headers = [
            ("iothub-message-source", source), ("opType", operation), ("deviceId", device), ("hubName", "fleet"),
            ("operationTimestamp", time.rfc3339),
        ]
        return SampleRecord(headers: headers.map { ($0.0, Array($0.1.utf8)) }, payload: Array(payload.utf8), brokerTime: time)
    }
}
