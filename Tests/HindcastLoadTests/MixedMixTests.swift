import Diagnostics
import JSON
import Kafka
import Simulation
import Testing

@testable import hindcast_load

struct MixedMixTests {
    private let time = Timestamp(microseconds: 1_772_000_000_000_000)

    @Test func `the same number is the same record, and every format comes`() {
        let mix = MixedMix(seed: 7, devices: 50, partitions: 3, faultyPercent: 5)
        let records = (0..<2000).map { mix.record($0, at: time) }
        #expect(records == (0..<2000).map { mix.record($0, at: time) })
        #expect(Set(records.map(\.partition)) == [0, 1, 2])
        for format in MixedMix.Format.allCases {
            let one = MixedMix(seed: 7, devices: 50, partitions: 3, faultyPercent: 0, formats: [format]).record(1, at: time)
            #expect(records.contains { $0.headers.map(\.name) == one.headers.map(\.name) }, "\(format)")
        }
    }

    @Test func `without faults every value is JSON`() throws {
        let mix = MixedMix(seed: 3, devices: 50, partitions: 1, faultyPercent: 0)
        var reader = JSONReader()
        for number in 0..<1000 {
            let value = try #require(mix.record(number, at: time).value)
            try reader.read(value.rawBytes)
        }
    }

    @Test func `a capture line carries the record's bytes`() throws {
        let record = MixedMix(seed: 3, devices: 5, partitions: 1, faultyPercent: 0, formats: [.hubTelemetry]).record(4, at: time)
        let line = Array(CaptureText.line(record, topic: "t", offset: 9).utf8)
        #expect(line.last == 0x0A)
        let tree = try JSONTree.parse(Array(line.dropLast()))
        #expect(tree["offset"]?.integerValue == 9)
        #expect(tree["key_base64"] == nil)
        #expect(tree["payload_base64"] != nil)
    }

    @Test func `no mutation stops decoding and judging, and every event is counted`() throws {
        let mix = MixedMix(seed: 11, devices: 50, partitions: 1, faultyPercent: 10)
        var judging = try LocalJudging()
        for number in 0..<5000 {
            var numbers = SeededNumbers(seed: 11, UInt64(number))
            var record = mix.record(number, at: time)
            RecordMutation.apply(to: &record, &numbers)
            judging.apply(record, headers: HeaderLayout.bytes(record.headers), at: time)
        }
        #expect(judging.events == 5000)
        #expect(judging.findings > 1000)
        #expect(judging.envelopes.values.reduce(0, +) == 5000)
    }
}
