import ArgumentParser
import Diagnostics
import JSON
import Threading

/// `mixed-cost`: the processor time that decoding and judging a record takes, for each wire format.
struct MixedCostCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mixed-cost",
        abstract: "Print the processor time that decoding and judging a record takes, format by format, as medians of rounds.")

    @Option(help: "Records of each format and round.")
    var events = 20_000

    @Option(help: "Rounds; the formats take turns in each.")
    var rounds = 5

    func validate() throws {
        guard events > 0, rounds > 0 else { throw ValidationError("a number is out of its range") }
    }

    func run() throws {
        let time = Timestamp(microseconds: 1_772_000_000_000_000)
        let formats = MixedMix.Format.allCases
        var nanoseconds: [[Double]] = Array(repeating: [], count: formats.count)
        let samples = formats.map { format in
            let mix = MixedMix(seed: 1, devices: 1000, partitions: 1, faultyPercent: 0, formats: [format])
            return (0..<1000).map { number in
                let record = mix.record(number, at: time)
                return (record: record, headers: HeaderLayout.bytes(record.headers))
            }
        }
        for _ in 0..<rounds {
            for (index, sample) in samples.enumerated() {
                var judging = try LocalJudging()
                let began = ProcessorTime.seconds()
                for number in 0..<events {
                    let (record, headers) = sample[number % sample.count]
                    judging.apply(record, headers: headers, at: time, counting: false)
                }
                nanoseconds[index].append((ProcessorTime.seconds() - began) / Double(events) * 1e9)
            }
        }
        for (index, format) in formats.enumerated() {
            let median = nanoseconds[index].sorted()[rounds / 2]
            let bytes = samples[index].reduce(0) { $0 + $1.record.byteCount } / samples[index].count
            LoadReport.line([
                .init(key: "format", value: .string(format.rawValue)), .init(key: "nanoseconds", value: .integer(Int(median))),
                .init(key: "bytes", value: .integer(bytes)),
            ])
        }
    }
}
