import ArgumentParser
import Diagnostics
import JSON
import Simulation
import Threading

/// `mixed-fuzz`: decodes and judges records that were changed at random. That it comes to its end is the proof; memory is printed beside.
struct MixedFuzzCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mixed-fuzz", abstract: "Decode and judge mutated records of every wire format in this process; print what came of them.")

    @Option(help: "How many records.")
    var events = 100_000

    @Option(help: "The number of the first one, to go on where another run ended.")
    var from = 0

    @Option(help: "What decides every record.")
    var seed: UInt64 = 1

    @Option(help: "End with 1 when a record takes longer than this many milliseconds of processor time.")
    var slowest = 2000

    func validate() throws {
        guard events > 0, from >= 0, slowest > 0 else { throw ValidationError("a number is out of its range") }
    }

    func run() throws {
        let mix = MixedMix(seed: seed, devices: 1000, partitions: 1, faultyPercent: 10)
        var judging = try LocalJudging()
        let time = Timestamp(microseconds: 1_772_000_000_000_000)
        var worst = 0.0
        for number in from..<from + events {
            var numbers = SeededNumbers(seed: ~seed, UInt64(number))
            var record = mix.record(number, at: time)
            RecordMutation.apply(to: &record, &numbers)
            let began = ProcessorTime.seconds()
            judging.apply(record, headers: HeaderLayout.bytes(record.headers), at: time)
            worst = max(worst, ProcessorTime.seconds() - began)
        }
        LoadReport.line([
            .init(key: "events", value: .integer(judging.events)), .init(key: "findings", value: .integer(judging.findings)),
            .init(key: "seed", value: .string("\(seed)")), .init(key: "slowest_ms", value: LoadReport.decimal(worst * 1000)),
            .init(key: "peak_kib", value: .integer(ProcessorTime.peakKibibytes())), .init(key: "envelopes", value: counts(judging.envelopes)),
            .init(key: "rules", value: counts(judging.rules)),
        ])
        if worst * 1000 > Double(slowest) { throw ExitCode.failure }
    }

    private func counts(_ counts: [String: Int]) -> JSONTree {
        .object(counts.sorted { $0.key < $1.key }.map { JSONTree.Member(key: $0.key, value: .integer($0.value)) })
    }
}
