import Diagnostics
import Hashing
import JSON
import Testing

/// Error reports are counted by origin, status and code, those that nobody knows too.
struct ErrorFoldTests {
    private static func native(_ data: String, type: String = "dev.hindcast.device.error", time: String = "2024-01-02T03:04:05Z") -> SampleRecord {
        SampleRecord(
            data,
            headers: [
                ("ce_specversion", Array("1.0".utf8)), ("ce_id", Array("1".utf8)), ("ce_source", Array("/n".utf8)), ("ce_type", Array(type.utf8)),
                ("ce_subject", Array("pump-07".utf8)), ("ce_time", Array(time.utf8)),
            ])
    }

    private static func hono(_ contentType: String, status: String, _ payload: String?) -> SampleRecord {
        SampleRecord(
            payload,
            headers: [
                ("device_id", Array("pump-07".utf8)), ("creation-time", Array("1704164645123".utf8)), ("content-type", Array(contentType.utf8)),
                ("status", Array(status.utf8)), ("correlation-id", Array("c1".utf8)), ("tenant_id", Array("north".utf8)),
            ])
    }

    private static func apply(_ record: SampleRecord, to fold: inout ErrorFold, offset: Int64, hash: inout SHA256) {
        var decoder = EventDecoder()
        var event = DecodedEvent()
        record.decode(by: &decoder, into: &event)
        let payload = record.payload ?? []
        let bytes: RawSpan? = record.payload == nil ? nil : payload.rawBytes
        let view = RecordView(
            key: nil, headers: record.headers.rawBytes, payload: bytes, brokerTime: record.brokerTime, ingestTime: record.ingestTime)
        fold.apply(event, view, decoder: decoder, device: 1, offset: offset, hash: &hash)
    }

    private static func fold(_ records: [SampleRecord]) -> ErrorFold {
        var fold = ErrorFold()
        var hash = SHA256()
        for (offset, record) in records.enumerated() { apply(record, to: &fold, offset: Int64(offset), hash: &hash) }
        return fold
    }

    /// The rows as lines: origin, status, code, how often, the last message.
    private static func lines(_ records: SampleRecord...) -> [String] {
        fold(records).errors.map { key, delta in
            "\(key.name.origin.rawValue) \(key.name.status) '\(key.name.subcode)' \(delta.count) '\(delta.message)'"
        }.sorted()
    }

    @Test func `events of our own say origin, status, code and message`() {
        let data = #"{"origin":"dps","status":401,"subcode":"401002","message":"no"}"#
        let structured = SampleRecord(
            #"{"specversion":"1.0","id":"1","source":"/n","type":"dev.hindcast.device.error","subject":"pump-07","time":"2024-01-02T03:04:06Z","data":{"origin":"iothub","status":429}}"#,
            headers: [("content-type", Array("application/cloudevents+json".utf8))])
        #expect(
            Self.lines(Self.native(data), Self.native(data.replacing(#""no""#, with: #""again""#)), structured) == [
                "dps 401 '401002' 2 'again'", "hub 429 '' 1 ''",
            ])
    }

    @Test func `a code in the place of the status is the code, and its first digits are the status`() {
        #expect(Self.lines(Self.native(#"{"origin":"IoT Hub","status":403002}"#)) == ["hub 403 '403002' 1 ''"])
    }

    @Test func `what Eclipse Hono tells of commands that failed`() {
        let notice = "application/vnd.eclipse-hono-delivery-failure-notification+json"
        #expect(
            Self.lines(
                Self.hono(notice, status: "503", #"{"error":"not connected"}"#), Self.hono("application/json", status: "404", "{}"),
                Self.hono("application/json", status: "200", "{}"), Self.hono(notice, status: "9", "{}"))
                == ["adapter 503 '' 1 'not connected'", "device 404 '' 1 ''"])
    }

    @Test func `a report that does not say which error counts for none`() {
        #expect(Self.lines(Self.native("{}"), Self.native("[]"), Self.native(#"{"origin":"dps","status":"401"}"#), Self.native("{")) == [])
        #expect(
            Self.lines(Self.native(#"{"origin":7,"status":99999999999999,"subcode":7}"#)) == ["other \(Int32.max) '' 1 ''"])
    }

    @Test func `codes that nobody knows are kept up to a bound and none is lost, in any order`() {
        let records = (0..<400).map { index in
            let code = index % 5 == 0 ? "401002" : "made up \(index % 150)"
            return Self.native(#"{"origin":"dps","status":401,"subcode":"\#(code)","message":"\#(index)"}"#, time: "2024-01-02T03:04:0\(index % 7)Z")
        }
        let whole = Self.fold(records)
        #expect(whole.errors.count == ErrorFold.unknownPerDevice + 2)
        #expect(whole.errors.values.map(\.count).reduce(0, +) == 400)
        #expect(whole.errors.first { $0.key.name.subcode == "*" }?.key.name.origin == .other)
        #expect(whole.errors.first { $0.key.name.subcode == "401002" }?.value.count == 80)
        var hash = SHA256()
        var random = SeededRandom(seed: 3)
        var shuffled = ErrorFold()
        for (offset, record) in records.enumerated().shuffled(using: &random) {
            Self.apply(record, to: &shuffled, offset: Int64(offset), hash: &hash)
        }
        #expect(shuffled.errors == whole.errors)
    }
}
