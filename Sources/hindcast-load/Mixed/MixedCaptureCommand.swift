import ArgumentParser
import Diagnostics
import Foundation
import Threading

/// `mixed-capture`: writes the records that `produce --mixed` sends to one partition, as a capture file.
struct MixedCaptureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mixed-capture", abstract: "Write records in every wire format to a capture file, in the form of `kcat -J`.",
        discussion: "With the same seed, count and end these are the records that `produce --mixed --partitions 1` sends.")

    @Option(help: "How many records.")
    var events = 100_000

    @Option(help: "How many devices send them.")
    var devices = 1000

    @Option(help: "How many of a hundred have something wrong.")
    var faulty = 5

    @Option(help: "What decides every record.")
    var seed: UInt64 = 1

    @Option(help: "Microseconds since 1970 that the records' times lead up to, a millisecond apart; now where not given.")
    var end: Int64?

    @Option(help: "The file that is written.")
    var output: String

    @Option(help: "The topic that the lines name.")
    var topic = "mixed"

    func validate() throws {
        guard events > 0, devices > 0, (0...100).contains(faulty) else { throw ValidationError("a number is out of its range") }
    }

    func run() throws {
        guard FileManager.default.createFile(atPath: output, contents: nil), let file = FileHandle(forWritingAtPath: output) else {
            throw ValidationError("cannot write \(output)")
        }
        let mix = MixedMix(seed: seed, devices: devices, partitions: 1, faultyPercent: faulty)
        let end = self.end ?? WallClock.microseconds()
        var lines = ""
        for number in 0..<events {
            let record = mix.record(number, at: Timestamp(microseconds: end - Int64(events - number) * 1000))
            lines += CaptureText.line(record, topic: topic, offset: number)
            if lines.utf8.count > 1 << 16 {
                try file.write(contentsOf: Data(lines.utf8))
                lines = ""
            }
        }
        try file.write(contentsOf: Data(lines.utf8))
        try file.close()
    }
}
