import Diagnostics
import JSON
import Kafka
import Testing

@testable import hindcast_load

@Suite struct RecordMixTests {
    private static let time = Timestamp(microseconds: 1_700_000_000_123_000)

    private func isJSON(_ value: [UInt8]) -> Bool {
        var reader = JSONReader()
        do throws(JSONSyntaxError) {
            try reader.read(value.rawBytes)
            return true
        } catch {
            return false
        }
    }

    private func telemetry(faulty: Int, faults: [TelemetryMix.Fault] = TelemetryMix.Fault.allCases, seed: UInt64 = 7) -> TelemetryMix {
        TelemetryMix(seed: seed, devices: 50, partitions: 4, bytes: 400, faultyPercent: faulty, faults: faults)
    }

    @Test func `the seed and the number decide a record`() {
        let mix = telemetry(faulty: 50)
        #expect(mix.record(3, at: Self.time) == mix.record(3, at: Self.time))
        #expect(mix.record(3, at: Self.time) != mix.record(4, at: Self.time))
        #expect(mix.record(3, at: Self.time) != telemetry(faulty: 50, seed: 8).record(3, at: Self.time))
        let garbage = GarbageMix(seed: 7, partitions: 4)
        #expect((0..<40).allSatisfy { garbage.record($0, at: Self.time) == garbage.record($0, at: Self.time) })
        #expect(garbage.record(3, at: Self.time) != GarbageMix(seed: 8, partitions: 4).record(3, at: Self.time))
    }

    @Test func `telemetry is as large as asked, and a device keeps to one partition`() {
        var partitions: [[UInt8]: Int32] = [:]
        for number in 0..<500 {
            let record = telemetry(faulty: 0).record(number, at: Self.time)
            #expect(isJSON(record.value ?? []))
            #expect(record.value?.count == 400)
            #expect(partitions.updateValue(record.partition, forKey: record.key ?? []) ?? record.partition == record.partition)
        }
        #expect(Set(partitions.values) == [0, 1, 2, 3])
    }

    @Test(arguments: [(TelemetryMix.Fault.type, #""temperature":""#), (.letterCase, #""Temperature":"#), (.undefined, "batteryVoltage")])
    func `a fault is in the message`(fault: TelemetryMix.Fault, text: String) throws {
        let value = try #require(telemetry(faulty: 100, faults: [fault]).record(1, at: Self.time).value)
        #expect(isJSON(value))
        #expect(String(decoding: value, as: UTF8.self).contains(text))
    }

    @Test func `some messages are cut off, as many as asked have a fault`() {
        #expect((0..<100).allSatisfy { !isJSON(telemetry(faulty: 100, faults: [.malformed]).record($0, at: Self.time).value ?? []) })
        let broken = (0..<4000).count { !isJSON(telemetry(faulty: 20).record($0, at: Self.time).value ?? []) }
        #expect((120...280).contains(broken))
    }

    @Test func `a message that is cut off is still of its device and application, as the service's headers say`() throws {
        let mix = telemetry(faulty: 50, faults: [.malformed])
        var decoder = EventDecoder()
        var event = DecodedEvent()
        var named: [Bool: Int] = [:]
        for number in 0..<200 {
            let record = mix.record(number, at: Self.time)
            var headers: [UInt8] = []
            for header in record.headers {
                let value = try #require(header.value)
                HeaderBytes.append(name: header.name.rawBytes, value: value.rawBytes, to: &headers)
            }
            let (key, value) = (record.key ?? [], record.value ?? [])
            let view = RecordView(key: key.rawBytes, headers: headers.rawBytes, payload: value.rawBytes, brokerTime: Self.time, ingestTime: Self.time)
            decoder.decode(view, settings: SourceSettings(), into: &event)
            #expect(event.string(event.tenant) == LoadModel.applicationID)
            #expect(event.string(event.deviceID) == String(decoding: key, as: UTF8.self))
            named[event.hasDocument, default: 0] += 1
        }
        #expect(named.keys.count == 2)
    }

    @Test func `garbage has every kind, its sizes, and 2 GiB in a million`() {
        let mix = GarbageMix(seed: 1, partitions: 4)
        let kinds = (0..<10_000).map { mix.kind($0) }
        #expect(Set(kinds) == Set(GarbageMix.Kind.allCases))
        #expect(kinds.count { $0 == .mebibyte } == 5)
        #expect(kinds.count { $0 == .nested } == 5)
        let bytes = (0..<10_000).reduce(0) { $0 + mix.record($1, at: Self.time).byteCount }
        #expect(bytes * 100 > 2 << 30)
        #expect(bytes * 100 < 5 << 29)
    }

    @Test(arguments: 0..<4) func `a large value is 1 MiB to the byte`(turn: Int) {
        let record = GarbageMix(seed: 3, partitions: 4).record(turn * GarbageMix.period, at: Self.time)
        #expect(record.value?.count == 1 << 20)
        // Not in the expectation, which would print a mebibyte where it fails.
        let isDocument = isJSON(record.value ?? [])
        #expect(isDocument == (turn > 0))
    }

    @Test(arguments: 0..<3) func `a nested value is 100,000 deep`(turn: Int) {
        let value = GarbageMix(seed: 3, partitions: 4).record(turn * GarbageMix.period + GarbageMix.period / 2, at: Self.time).value ?? []
        #expect(value.count { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") } >= GarbageMix.depth)
    }

    @Test func `the template that telemetry is built to is JSON and names what is sent`() {
        #expect(isJSON(Array(LoadModel.document.utf8)))
        #expect(LoadModel.document.contains(#""@id": "\#(LoadModel.templateID)""#))
    }
}
