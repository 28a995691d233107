import Diagnostics
import JSON
import Testing

@testable import hindcast

/// The timeline of a device, folded from events as the log has them.
struct TimelineTests {
    /// Folds native events, one minute apart from the given minute on.
    private func timeline(
        _ events: [(minute: Int64, type: String, data: String?)], decisions: [Timeline.Decision] = [], since: Timestamp = .earliest, limit: Int = 100
    ) -> [Timeline.Entry] {
        var timeline = Timeline(decisions: decisions, since: since, limit: limit)
        var history = DeviceHistory()
        var decoder = EventDecoder()
        var event = DecodedEvent()
        for (index, (minute, type, data)) in events.enumerated() {
            let time = Self.time(minute)
            let payload = """
                {"specversion":"1.0","id":"\(index)","source":"plant","type":"dev.hindcast.\(type)","subject":"pump-1","time":"\(time.rfc3339)"\
                \(data.map { ",\"dataschema\":\"\($0)\",\"data\":{}" } ?? "")}
                """
            var headers: [UInt8] = []
            HeaderBytes.append(name: "content-type".rawBytes, value: "application/cloudevents+json".rawBytes, to: &headers)
            let bytes = Array(payload.utf8)
            let record = RecordView(key: nil, headers: headers.rawBytes, payload: bytes.rawBytes, brokerTime: time, ingestTime: time)
            decoder.decode(record, settings: SourceSettings(), into: &event)
            history.apply(event, source: 1, offset: Int64(index), size: bytes.count)
            if let state = history.state {
                timeline.take(state, time: event.eventTime, position: EventPosition(source: 1, offset: Int64(index)), renamed: event.kind == .renamed)
            }
        }
        timeline.finish()
        return timeline.entries
    }

    private static func time(_ minute: Int64) -> Timestamp { Timestamp(microseconds: 1_780_315_200_000_000 + minute * 60_000_000) }

    @Test func `only what changes is told`() {
        let entries = timeline([
            (0, "device.registered", nil), (1, "device.registered", nil), (2, "device.disabled", nil), (3, "device.disabled", nil),
            (4, "device.enabled", nil), (5, "telemetry", "dtmi:a:b;1"), (6, "telemetry", "dtmi:a:b;1"), (7, "telemetry", "dtmi:a:b;2"),
        ])
        #expect(
            entries.map { "\($0.kind.rawValue) \($0.value) @\($0.position?.offset ?? -1)" } == [
                "first_seen first event @0", "registration registered @0", "access blocked @2", "approval approved @4", "access enabled @4",
                "template dtmi:a:b;1 @5",
                "template dtmi:a:b;2 @7",
            ])
    }

    @Test func `changes of the connection in a row are one entry, until something else happens`() {
        var events: [(minute: Int64, type: String, data: String?)] = [(0, "device.registered", nil)]
        for minute in 1...6 { events.append((Int64(minute), minute % 2 == 1 ? "device.connected" : "device.disconnected", nil)) }
        events += [(7, "device.disabled", nil), (8, "device.connected", nil)]
        let entries = timeline(events).filter { $0.kind == .connection }
        #expect(entries.map(\.count) == [6, 1])
        #expect(entries.map(\.value) == ["disconnected", "connected"])
        #expect(entries.first.map { [$0.time, $0.until] } == [Self.time(1), Self.time(6)])
    }

    @Test func `what operators decided stands at its time, versions only of the device's template`() {
        func decision(_ minute: Int64, _ kind: Timeline.Entry.Kind, _ template: String) -> Timeline.Decision {
            Timeline.Decision(time: Self.time(minute), actor: "ann", kind: kind, templateID: template, value: template)
        }
        let decisions = [
            decision(-1, .templateVersion, "dtmi:a:b;1"), decision(2, .templateVersion, "dtmi:a:b;1"), decision(3, .templateVersion, "dtmi:other;1"),
            decision(9, .assigned, "dtmi:c:d;1"),
        ]
        let entries = timeline([(1, "telemetry", "dtmi:a:b;1"), (4, "device.disabled", nil)], decisions: decisions)
        #expect(entries.map(\.kind) == [.firstSeen, .template, .templateVersion, .access, .assigned])
        #expect(entries.map(\.actor) == [nil, nil, "ann", nil, "ann"])
    }

    @Test func `only the last changes since a time are kept`() {
        let events: [(minute: Int64, type: String, data: String?)] = (0..<20).map { ($0, $0 % 2 == 0 ? "device.disabled" : "device.enabled", nil) }
        let entries = timeline(events, since: Self.time(5), limit: 3)
        #expect(entries.map(\.time) == [Self.time(17), Self.time(18), Self.time(19)])
        #expect(timeline(events, since: Self.time(25)).isEmpty)
    }
}
