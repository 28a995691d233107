import Diagnostics
import JSON
import Testing

struct DeviceFoldTests {
    private static let start: Int64 = 1_704_164_400_000_000  // 2024-01-02T03:00:00Z

    private func time(_ minutes: Int64) -> Timestamp { Timestamp(microseconds: Self.start + minutes * 60_000_000) }

    private func apply(
        _ kind: EventKind, to fold: inout DeviceFold, minutes: Int64, offset: Int64, device: Int32 = 1, size: Int = 10, template: String? = nil
    ) {
        var decoder = EventDecoder()
        var event = DecodedEvent()
        SampleRecord(SampleExport.message(source: "telemetry", template: template)).decode(by: &decoder, into: &event)
        event.kind = kind
        event.eventTime = time(minutes)
        fold.apply(event, device: device, offset: offset, size: size)
    }

    @Test(arguments: EventKind.allCases)
    func `every event counts, telemetry and property changes by themselves too`(kind: EventKind) throws {
        var fold = DeviceFold()
        apply(kind, to: &fold, minutes: 7, offset: 1, size: 300)
        let delta = try #require(fold.devices[1])
        #expect(delta.messages == 1)
        #expect(delta.bytes == 300)
        #expect(delta.firstSeen == time(7) && delta.lastSeen == time(7))
        #expect(delta.telemetry == (kind == .telemetry ? 1 : 0))
        #expect(delta.firstTelemetry == (kind == .telemetry ? time(7) : nil))
        #expect(delta.lastTelemetry == delta.firstTelemetry)
        #expect(delta.lastProperty == (kind.isProperty ? time(7) : nil))
        #expect(delta.connection?.value == (kind == .connected ? .connected : kind == .disconnected ? .disconnected : nil))
        #expect(delta.presence?.value == (kind == .registered ? .registered : kind == .deleted ? .deleted : nil))
        #expect(delta.access?.value == (kind == .enabled ? .enabled : kind == .disabled ? .disabled : nil))
        #expect(delta.provisioned?.value == (kind == .provisioned ? true : nil))
        #expect(delta.template == nil)
    }

    @Test func `first and last are by time, not by arrival`() throws {
        var fold = DeviceFold()
        for (offset, minutes) in [Int64(5), 2, 9, 3].enumerated() { apply(.telemetry, to: &fold, minutes: minutes, offset: Int64(offset)) }
        let delta = try #require(fold.devices[1])
        #expect((delta.firstSeen, delta.lastSeen) == (time(2), time(9)))
        #expect((delta.firstTelemetry, delta.lastTelemetry) == (time(2), time(9)))
        #expect(delta.telemetry == 4)
    }

    @Test func `the last writer is the later, at one time the one of the greater offset`() throws {
        var fold = DeviceFold()
        apply(.disconnected, to: &fold, minutes: 5, offset: 7)
        apply(.connected, to: &fold, minutes: 4, offset: 8)
        #expect(fold.devices[1]?.connection?.value == .disconnected)
        apply(.connected, to: &fold, minutes: 5, offset: 6)
        #expect(fold.devices[1]?.connection?.value == .disconnected)
        apply(.connected, to: &fold, minutes: 5, offset: 9)
        #expect(fold.devices[1]?.connection == LastWriter(value: .connected, time: time(5), offset: 9))
    }

    @Test func `the template is the one that a message last named`() {
        var fold = DeviceFold()
        apply(.telemetry, to: &fold, minutes: 1, offset: 1, template: "a")
        apply(.telemetry, to: &fold, minutes: 2, offset: 2, template: "a")
        #expect(fold.devices[1]?.template == LastWriter(value: "a", time: time(2), offset: 2))
        apply(.audit, to: &fold, minutes: 3, offset: 3)
        apply(.audit, to: &fold, minutes: 3, offset: 4, template: "")
        #expect(fold.devices[1]?.template?.value == "a")
        apply(.registered, to: &fold, minutes: 1, offset: 5, template: "b")
        #expect(fold.devices[1]?.template?.value == "a")
        apply(.registered, to: &fold, minutes: 2, offset: 6, template: "b")
        #expect(fold.devices[1]?.template == LastWriter(value: "b", time: time(2), offset: 6))
    }

    @Test func `traffic is by device and UTC hour`() {
        var fold = DeviceFold()
        apply(.telemetry, to: &fold, minutes: 0, offset: 1, size: 100)
        apply(.tombstone, to: &fold, minutes: 59, offset: 2, size: 0)
        apply(.telemetry, to: &fold, minutes: 60, offset: 3, size: 7)
        apply(.telemetry, to: &fold, minutes: -1, offset: 4, size: 8)
        apply(.connected, to: &fold, minutes: 0, offset: 5, device: 2, size: 9)
        let rows = Dictionary(
            uniqueKeysWithValues: fold.traffic.map {
                ("\($0.key.device) \($0.key.hour.rfc3339)", [$0.value.messages, $0.value.telemetry, $0.value.bytes])
            })
        #expect(
            rows == [
                "1 2024-01-02T03:00:00Z": [2, 1, 100],
                "1 2024-01-02T04:00:00Z": [1, 1, 7],
                "1 2024-01-02T02:00:00Z": [1, 1, 8],
                "2 2024-01-02T03:00:00Z": [1, 0, 9],
            ])
        fold.reset()
        #expect(fold.traffic.isEmpty && fold.devices.isEmpty)
    }

    private func apply(_ record: SampleRecord, to fold: inout DeviceFold) {
        var decoder = EventDecoder()
        var event = DecodedEvent()
        record.decode(by: &decoder, into: &event)
        fold.apply(event, device: 1, offset: 1, size: 10)
    }

    @Test func `the life, the connection and the model of a module are not its device's`() {
        var fold = DeviceFold()
        let module: [(String, [UInt8]?)] = [("moduleId", SampleHub.text("edge")), ("dt-dataschema", SampleHub.text("dtmi:example:edge;1"))]
        for (source, operation) in [
            ("deviceLifecycleEvents", "deleteDeviceIdentity"), ("deviceLifecycleEvents", "createDeviceIdentity"),
            ("deviceConnectionStateEvents", "deviceConnected"), ("deviceConnectionStateEvents", "deviceDisconnected"),
        ] {
            apply(SampleHub.notification(source, operation: operation, more: module, "{}"), to: &fold)
        }
        #expect(fold.devices[1]?.messages == 4)
        #expect(fold.devices[1]?.presence == nil)
        #expect(fold.devices[1]?.connection == nil)
        #expect(fold.devices[1]?.template == nil)
        apply(SampleHub.notification("deviceLifecycleEvents", operation: "deleteDeviceIdentity", more: [module[1]], "{}"), to: &fold)
        #expect(fold.devices[1]?.presence?.value == .deleted)
        #expect(fold.devices[1]?.template?.value == "dtmi:example:edge;1")
    }

    @Test func `a twin with values is a change of properties, one without is not`() {
        var fold = DeviceFold()
        apply(SampleHub.notification("twinChangeEvents", operation: "updateTwin", #"{"tags":{}}"#), to: &fold)
        #expect(fold.devices[1]?.lastProperty == nil)
        apply(SampleHub.notification("twinChangeEvents", operation: "replaceTwin", #"{"properties":{"desired":{},"reported":{}}}"#), to: &fold)
        #expect(fold.devices[1]?.lastProperty != nil)
    }

    @Test func `stored values keep their numbers`() {
        #expect(DeviceDelta.Connection.connected.rawValue == 1 && DeviceDelta.Connection.disconnected.rawValue == 2)
        #expect(DeviceDelta.Presence.registered.rawValue == 1 && DeviceDelta.Presence.deleted.rawValue == 2)
        #expect(DeviceDelta.Access.enabled.rawValue == 1 && DeviceDelta.Access.disabled.rawValue == 2)
    }
}
