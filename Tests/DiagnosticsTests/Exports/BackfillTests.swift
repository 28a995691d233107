import Diagnostics
import JSON
import Testing

/// Events that are sent again.
struct BackfillTests {
    static func record(_ message: String, type: [UInt8]? = nil) -> SampleRecord {
        let time = Timestamp(microseconds: 1_704_164_645_123_000)
        let headers = BackfillIdentity.headers(id: "0123456789abcdef0123456789abcdef", exportID: "my export/1", time: time, subject: "pump-07")
        return SampleRecord(
            message, headers: headers.map { ($0.name, $0.name == "ce_type" ? type ?? Array($0.value.utf8) : Array($0.value.utf8)) })
    }

    private static func isMarked(_ headers: [UInt8]) -> Bool { BackfillIdentity.isBackfill(headers.rawBytes) }

    @Test func `an event that is sent again decodes as the message that it is`() {
        for message in [
            SampleExport.telemetry(#"{"a":1}"#, component: "motor", module: "vitals"), SampleExport.properties(#"[{"name":"a","value":1}]"#),
            SampleExport.message(source: "deviceConnectivity", type: "connected"),
            SampleExport.message(source: "audit", type: "created", device: nil, template: nil),
        ] {
            let (plain, sent) = (SampleRecord(message), Self.record(message))
            let (original, again) = (plain.decoded(), sent.decoded())
            #expect(again.kind == original.kind)
            #expect(again.envelope == .iotCentral)
            #expect(again.deviceID == original.deviceID)
            #expect(again.tenant == original.tenant)
            #expect(again.eventTime == original.eventTime)
            #expect(again.sections == original.sections)
            #expect(again.notices == original.notices)
            #expect(again.messageID == "urn:hindcast:export:my%20export%2F1 0123456789abcdef0123456789abcdef")
            #expect(ExportFixture.fingerprint(sent) == ExportFixture.fingerprint(plain))
        }
    }

    @Test func `the mark is known in AMQP's encoding too, and only the mark`() {
        let message = SampleExport.telemetry(#"{"a":1}"#)
        let type = Array("dev.hindcast.backfill".utf8)
        let amqp = Self.record(message, type: [0xA1, UInt8(type.count)] + type)
        #expect(Self.isMarked(amqp.headers))
        #expect(amqp.decoded().envelope == .iotCentral)
        for record in [SampleRecord(message), Self.record(message, type: Array("dev.hindcast.backfilled".utf8))] {
            #expect(!Self.isMarked(record.headers))
        }
        #expect(!Self.isMarked([1, 2, 3]))
    }

    @Test(arguments: [nil, "", "{", "7", #"{"a":1}"#])
    func `what bears the mark around something else is unsupported, or no JSON`(payload: String?) {
        var record = Self.record("")
        record.payload = payload.map { Array($0.utf8) }
        let event = record.decoded()
        #expect(event.envelope == .cloudEvents)
        #expect([.unsupported, .tombstone].contains(event.kind))
        #expect(event.deviceID == "pump-07")
    }

    @Test func `only sources that are offered to CloudEvents or IoT Central know it`() {
        let record = Self.record(SampleExport.telemetry(#"{"a":1}"#))
        for choice in [EnvelopeChoice.auto, .cloudEvents, .iotCentral] {
            #expect(record.decoded(settings: SourceSettings(envelope: choice)).kind == .telemetry)
        }
        #expect(record.decoded(settings: SourceSettings(envelope: .iotHub)).envelope == .none)
    }

    @Test func `an id is stable, and another for another place, route or part`() {
        let route = ExportRoute(tenant: "t", exportID: "e", destinationID: "d")
        func id(
            _ cluster: String = "c", _ topic: String = "t", _ partition: Int32 = 0, _ life: Int32 = 1, _ offset: Int64 = 7,
            _ route: ExportRoute = route,
            part: Int = 0
        ) -> String {
            BackfillIdentity.id(cluster: cluster, topic: topic, partition: partition, life: life, offset: offset, route: route, part: part)
        }
        #expect(id() == "fbb457e4c2f0c04999763fb0da95ee0c")
        let ids = [
            id(), id("ct", ""), id("c", "u"), id("c", "t", 1), id("c", "t", 0, 2), id("c", "t", 0, 1, 8), id(part: 1),
            id("c", "t", 0, 1, 7, ExportRoute(tenant: "te", exportID: "", destinationID: "d")),
            id("c", "t", 0, 1, 7, ExportRoute(tenant: "t", exportID: "e", destinationID: "e")),
        ]
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.utf8.count == 32 })
    }
}
