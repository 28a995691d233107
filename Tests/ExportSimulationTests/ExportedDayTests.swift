import Diagnostics
import ExportSimulation
import JSON
import Kafka
import Testing

/// The simulated service keeps the rules that it is there to show.
@Suite struct ExportedDayTests {
    private static let scale = DayScale(start: Timestamp(microseconds: 1_795_435_200_000_000))
    private static let exported = ExportedDay(scale)

    @Test func `the same seed gives the same day, another seed another one`() {
        let again = ExportedDay(Self.scale)
        #expect(again.deliveries.map { $0.map(\.message) } == Self.exported.deliveries.map { $0.map(\.message) })
        #expect(again.notices.map(\.data) == Self.exported.notices.map(\.data))
        #expect(again.planted.map(\.messages) == Self.exported.planted.map(\.messages))
        var other = Self.scale
        other.seed = 8
        #expect(ExportedDay(other).planted.map(\.messages) != Self.exported.planted.map(\.messages))
    }

    @Test func `forty incidents of every cause lose something, and the flag alone loses nothing`() {
        let planted = Self.exported.planted
        let real = planted.filter { $0.incident.kind != .flagOnly }
        #expect(real.count == 40)
        #expect(real.allSatisfy { !$0.messages.isEmpty }, "\(real.filter(\.messages.isEmpty).map { ($0.incident.kind, $0.route.route) })")
        #expect(planted.filter { $0.incident.kind == .flagOnly }.allSatisfy { $0.messages.isEmpty })
        let causes = Set(real.compactMap(\.incident.kind.cause))
        #expect(causes == Set(GapCause.allCases).subtracting([.notReceipted, .notDelivered]), "the two are what is found where no cause is known")
    }

    @Test func `every message that concerns a destination is delivered or planted as lost, never both`() {
        let exported = Self.exported
        for (number, route) in exported.plan.routes.enumerated() {
            let lost = exported.planted.filter { $0.route.route == route.route }.flatMap(\.messages)
            #expect(Set(lost).count == lost.count)
            let delivered = Set(exported.deliveries[number].map(\.message))
            #expect(delivered.isDisjoint(with: lost))
            #expect(exported.deliveries[number].count > delivered.count, "some are delivered twice")
            let wanted = exported.day.messages.indices.filter { place in
                let message = exported.day.messages[place]
                return message.source == route.source && !message.isMalformed && !(route.isManagedIdentity && message.device.isSimulated)
            }
            let known = delivered.union(lost.filter { !exported.day.messages[$0].isMalformed })
            #expect(known.isSubset(of: wanted))
            if route.minimumTemperature == nil { #expect(known.count == wanted.count) }
        }
    }

    @Test func `a destination that is back within fifteen minutes loses nothing, and gets what waited late`() {
        let exported = Self.exported
        for (route, window) in exported.plan.shortOutages {
            let inside = exported.day.messages.indices.filter { window.contains(exported.day.messages[$0].time) }
            let lost = exported.planted.filter { $0.route.route == exported.plan.routes[route].route }.flatMap(\.messages)
            #expect(Set(inside).isDisjoint(with: lost))
            let late = exported.deliveries[route].filter { $0.time.microseconds - exported.day.messages[$0.message].time.microseconds > 120_000_000 }
            #expect(!late.isEmpty && late.allSatisfy { window.contains(exported.day.messages[$0.message].time) })
        }
    }

    @Test func `receipts of a partition never overlap and leave out what was lost`() throws {
        let exported = Self.exported
        var ranges: [String: [ClosedRange<Int64>]] = [:]
        for notice in exported.notices where notice.evidence == .receipts {
            let data = try JSONTree.parse(Array(notice.data.utf8))
            let first = try #require(data["first"]?.integerValue)
            let last = try #require(data["last"]?.integerValue)
            let key = "\(data["export"]?.stringValue ?? "") \(data["destination"]?.stringValue ?? "") \(data["partition"]?.integerValue ?? -1)"
            ranges[key, default: []].append(first...last)
        }
        for (key, list) in ranges {
            let sorted = list.sorted { $0.lowerBound < $1.lowerBound }
            for (before, after) in zip(sorted, sorted.dropFirst()) { #expect(before.upperBound < after.lowerBound, "\(key)") }
        }
        for gap in exported.planted where !gap.route.isBound && gap.incident.kind != .malformed {
            for place in gap.messages {
                let message = exported.day.messages[place]
                let covering = ranges["\(gap.route.exportID) \(gap.route.destinationID) \(message.partition)"]?.first { $0.contains(message.offset) }
                #expect(covering == nil)
            }
        }
    }

    @Test func `every record is what its format says`() {
        var decoder = EventDecoder()
        var event = DecodedEvent()
        let exported = Self.exported
        for message in exported.day.messages.prefix(2000) {
            let record = message.record(topic: "t")
            var headers: [UInt8] = []
            for header in record.headers { HeaderBytes.append(name: header.name.rawBytes, value: header.value?.rawBytes, to: &headers) }
            let payload = record.value ?? []
            decoder.decode(
                RecordView(
                    key: record.key?.rawBytes, headers: headers.rawBytes, payload: payload.rawBytes, brokerTime: message.time,
                    ingestTime: message.time),
                settings: SourceSettings(tenant: "north"), into: &event)
            #expect(event.eventTime == message.time)
            #expect(event.string(event.deviceID) == message.device.id)
            #expect(ExportSource(kind: event.kind) == message.source)
            #expect((event.syntaxError != nil) == message.isMalformed)
            #expect(event.notices.isEmpty)
        }
    }
}
