import Diagnostics
import Hashing
import JSON

/// Records of properties in every format, and what a fold makes of them.
enum PropertyFixture {
    /// A change of a twin, as an IoT Hub tells it.
    static func twin(
        _ section: String, _ json: String, operation: String = "updateTwin", time: String = "2024-01-02T03:04:05.1230000Z",
        module: String? = nil
    ) -> SampleRecord {
        SampleHub.notification(
            "twinChangeEvents", schema: "twinChangeNotification", operation: operation, time: time,
            more: module.map { [("moduleId", SampleHub.text($0))] } ?? [], #"{"version":4,"properties":{"\#(section)":\#(json)}}"#)
    }

    /// A change of a digital twin.
    static func patch(_ json: String, time: String = "2024-01-02T03:04:05.1230000Z") -> SampleRecord {
        SampleHub.notification(
            "digitalTwinChangeEvents", schema: "digitalTwinChangeNotification", operation: "updateDigitalTwin", time: time, json)
    }

    /// Folds records of device 1 at consecutive offsets.
    static func fold(_ records: [SampleRecord], settings: SourceSettings = SourceSettings()) -> PropertyFold {
        var fold = PropertyFold()
        var hash = SHA256()
        for (offset, record) in records.enumerated() { apply(record, to: &fold, offset: Int64(offset), hash: &hash, settings: settings) }
        return fold
    }

    static func apply(
        _ record: SampleRecord, to fold: inout PropertyFold, device: Int32 = 1, offset: Int64, hash: inout SHA256,
        settings: SourceSettings = SourceSettings()
    ) {
        var decoder = EventDecoder()
        var event = DecodedEvent()
        record.decode(by: &decoder, into: &event, settings: settings)
        let payload = record.payload ?? []
        let bytes: RawSpan? = record.payload == nil ? nil : payload.rawBytes
        let view = RecordView(
            key: nil, headers: record.headers.rawBytes, payload: bytes, brokerTime: record.brokerTime, ingestTime: record.ingestTime)
        fold.apply(event, view, decoder: decoder, device: device, offset: offset, hash: &hash)
    }

    /// The rows as lines: section, place and the latest value, with its version and acknowledgement where there is one.
    static func lines(_ records: SampleRecord..., settings: SourceSettings = SourceSettings()) -> Set<String> {
        let lines = fold(records, settings: settings).properties.map { key, delta in
            let value = delta.byTime.value
            var line = "\(key.section) \([key.module, key.component, key.name].joined(separator: "|")) = \(value.text ?? "(gone)")"
            if let version = value.version { line += " v\(version)" }
            if let answer = value.acknowledgement { line += " ack \(answer.code)/\(answer.version) \(answer.description)" }
            return line.trimmed
        }
        return Set(lines)
    }
}

extension String {
    /// Without blanks at the end.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
