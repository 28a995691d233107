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
        fold.apply(event, device: device, offset: offset, size: size, isExportable: true)
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
        #expect(delta.approved?.value == (kind == .enabled ? true : nil), "Enabling a device approves it")
        #expect(delta.provisioned?.value == (kind == .provisioned ? true : nil))
        #expect(delta.templateAssigned?.value == (kind == .templateAssigned ? true : nil))
        #expect(delta.simulated == nil && delta.hubConnection == nil && delta.lives.all.isEmpty)
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
                let counts = [$0.value.messages, $0.value.telemetry, $0.value.bytes, $0.value.exportable, $0.value.exportableBytes]
                return ("\($0.key.device) \($0.key.hour.rfc3339)", counts)
            })
        #expect(
            rows == [
                "1 2024-01-02T03:00:00Z": [2, 1, 100, 1, 100],
                "1 2024-01-02T04:00:00Z": [1, 1, 7, 1, 7],
                "1 2024-01-02T02:00:00Z": [1, 1, 8, 1, 8],
                "2 2024-01-02T03:00:00Z": [1, 0, 9, 0, 0],
            ])
        fold.reset()
        #expect(fold.traffic.isEmpty && fold.devices.isEmpty)
    }

    private func apply(_ record: SampleRecord, to fold: inout DeviceFold, offset: Int64 = 1, isRepeated: Bool = false) {
        var decoder = EventDecoder()
        var event = DecodedEvent()
        record.decode(by: &decoder, into: &event)
        fold.apply(event, device: 1, offset: offset, size: 10, isExportable: false, isRepeated: isRepeated)
    }

    @Test func `the hub's number says which word on a connection is the last, whatever the clocks say`() throws {
        var fold = DeviceFold()
        apply(SampleHub.connection(device: SampleHub.device, isConnected: false, number: 0x1F, "2024-01-02T03:00:00Z"), to: &fold, offset: 1)
        apply(SampleHub.connection(device: SampleHub.device, isConnected: true, number: 0x2, "2024-01-02T03:30:00Z"), to: &fold, offset: 2)
        let word = try #require(fold.devices[1]?.hubConnection)
        #expect(word.value == .disconnected && word.offset == 1)
        #expect(word.sequence.text == String(repeating: "0", count: 62) + "1F")
        #expect(fold.devices[1]?.connection == nil, "a word with a number is no word by time")
        apply(SampleHub.connection(device: SampleHub.device, isConnected: true, number: 0x20, "2024-01-02T03:10:00Z"), to: &fold, offset: 3)
        #expect(fold.devices[1]?.hubConnection?.value == .connected)
    }

    @Test func `a word whose number is no number of a hub is a word by time`() {
        var fold = DeviceFold()
        apply(
            SampleHub.notification("deviceConnectionStateEvents", operation: "deviceConnected", #"{"sequenceNumber":"7"}"#), to: &fold)
        #expect(fold.devices[1]?.hubConnection == nil)
        #expect(fold.devices[1]?.connection?.value == .connected)
    }

    private func flags(_ members: String, type: String = "enabled", source: String = "deviceLifecycle") -> SampleRecord {
        SampleRecord(
            #"{"messageSource":"\#(source)","messageType":"\#(type)","device":{\#(members)"id":"d"},"enqueuedTime":"2024-01-02T03:00:00Z"}"#)
    }

    @Test func `flags are facts, each by itself`() throws {
        var fold = DeviceFold()
        apply(
            flags(#""approved":false,"provisioned":false,"simulated":true,"#, type: "connected", source: "deviceConnectivity"), to: &fold, offset: 1)
        var delta = try #require(fold.devices[1])
        #expect(delta.approved?.value == false && delta.provisioned?.value == false && delta.simulated?.value == true)
        #expect(delta.access == nil, "Nothing was said of it")
        #expect(delta.connection?.value == .connected)
        apply(flags(#""approved":false,"blocked":true,"#, type: "connected", source: "deviceConnectivity"), to: &fold, offset: 2)
        delta = try #require(fold.devices[1])
        #expect(delta.access?.value == .disabled && delta.access?.offset == 2)
        #expect(delta.approved?.offset == 2, "What is known already moves to where it was said last")
        #expect(delta.provisioned?.offset == 1)
        apply(flags(#""blocked":false,"#, type: "connected", source: "deviceConnectivity"), to: &fold, offset: 3)
        #expect(fold.devices[1]?.access?.value == .enabled)
        #expect(fold.devices[1]?.approved?.value == false, "Who is not blocked need not be approved")
    }

    @Test func `an event counts before its own flags`() {
        var fold = DeviceFold()
        apply(flags(#""approved":false,"blocked":true,"#), to: &fold)
        #expect(fold.devices[1]?.access?.value == .enabled)
        #expect(fold.devices[1]?.approved?.value == true)
    }

    @Test func `connects and disconnects are counted by hour, repetitions and modules left out`() throws {
        var fold = DeviceFold()
        let record = SampleHub.connection(device: SampleHub.device, isConnected: true, number: 1, "2024-01-02T03:00:00Z")
        apply(record, to: &fold, offset: 1)
        apply(record, to: &fold, offset: 2, isRepeated: true)
        apply(SampleHub.connection(device: SampleHub.device, isConnected: false, number: 2, "2024-01-02T03:10:00Z"), to: &fold, offset: 3)
        apply(
            SampleHub.notification("deviceConnectionStateEvents", operation: "deviceConnected", more: [("moduleId", SampleHub.text("edge"))], "{}"),
            to: &fold, offset: 4)
        let hour = try #require(fold.traffic.values.first)
        #expect(fold.traffic.count == 1)
        #expect((hour.messages, hour.connects, hour.disconnects, hour.repeated) == (4, 1, 1, 1))
        #expect(fold.devices[1]?.repeated == 1)
    }

    @Test(
        arguments: [
            ("2024-01-02T03:04:05.023Z", 100_000 as Int64?), ("2024-01-02T03:04:05.123Z", 0), ("2024-01-01T03:04:05.123Z", 86_400_000_000),
            ("2024-01-01T03:04:05.122Z", nil), ("2024-01-02T03:04:06Z", nil), ("0001-01-01T00:00:00Z", nil),
        ])
    func `the way from the device's clock counts where it is a day at most`(sent: String, delay: Int64?) throws {
        var fold = DeviceFold()
        apply(SampleHub.telemetry("{}", [("iothub-creation-time-utc", SampleHub.text(sent))]), to: &fold)
        let hour = try #require(fold.traffic.values.first)
        #expect((hour.delayed, hour.delaySum, hour.delayMax) == (delay == nil ? 0 : 1, delay ?? 0, delay ?? 0))
    }

    @Test func `the identities of a device are told apart by their marks`() throws {
        var fold = DeviceFold()
        for (offset, mark) in ["637438839284328734", "637438839284328734", "638000000000000000"].enumerated() {
            apply(
                SampleHub.telemetry("{}", [("iothub-connection-auth-generation-id", SampleHub.text(mark))]), to: &fold, offset: Int64(offset))
        }
        let lives = try #require(fold.devices[1]?.lives)
        #expect(lives.all.map(\.generation) == ["638000000000000000", "637438839284328734"])
        #expect(lives.all.map(\.events) == [1, 2])
        #expect(lives.all.map(\.lastOffset) == [2, 1])
    }

    @Test func `made-up identities are bounded to the greatest, in any order`() {
        var random = SeededRandom(seed: 3)
        let marks = (0..<60).map { "\($0 * 7 % 60)x" }
        let kept = marks.sorted { $1.utf8.lexicographicallyPrecedes($0.utf8) }.prefix(DeviceLives.limit)
        for _ in 0..<5 {
            var fold = DeviceFold()
            for mark in (marks + marks).shuffled(using: &random) {
                apply(SampleHub.telemetry("{}", [("iothub-connection-auth-generation-id", SampleHub.text(mark))]), to: &fold)
            }
            #expect(fold.devices[1]?.lives.all.map(\.generation) == Array(kept))
            #expect(fold.devices[1]?.lives.all.allSatisfy { $0.events == 2 } == true, "What is kept is complete")
        }
    }

    @Test func `traffic of tenants is by UTC hour`() throws {
        var fold = DeviceFold()
        apply(.telemetry, to: &fold, minutes: 0, offset: 1, device: 1, size: 5)
        apply(.audit, to: &fold, minutes: 1, offset: 2, device: 2, size: 6)
        apply(.telemetry, to: &fold, minutes: 61, offset: 3, device: 2, size: 7)
        #expect(fold.tenants.count == 2)
        let first = try #require(fold.tenants.first { $0.key.hour == time(0).hour }?.value)
        #expect((first.messages, first.telemetry, first.bytes, first.repeated) == (2, 1, 11, 0))
        #expect(Set(fold.tenants.keys.map(\.tenant)).count == 1)
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
