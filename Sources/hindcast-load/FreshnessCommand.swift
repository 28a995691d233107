import ArgumentParser
import EventLog
import JSON
import Logging
import Postgres

/// `freshness`: sends faulty telemetry at a steady rate and watches when each message shows in `diagnostics.validation_findings`.
struct FreshnessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "freshness", abstract: "Measure the time from when a message is due to be sent until its finding can be read.",
        discussion: """
            Ingest and project have to run. Every message has a finding. The clock starts when a message is due, whether or not this program was late, and \
            stops when a query of the view that shows it has been answered; the view is asked every 5 ms.
            """)

    @OptionGroup var broker: BrokerOptions

    @Option(help: "Connection string of a user who may read the views and the log's sources.")
    var postgres: String

    @Option(help: "Messages per second.")
    var rate = 500

    @Option(help: "For how many seconds.")
    var seconds = 20

    @Option(help: "How many devices send them.")
    var devices = 100

    @Option(help: "What decides every message.")
    var seed: UInt64 = 1

    @Option(help: "How many seconds the last message, and the first ones that warm everything up, may take.")
    var patience = 60

    mutating func validate() throws {
        guard rate > 0, seconds > 0, devices > 0, patience > 0 else { throw ValidationError("a number is out of its range") }
    }

    func run() throws {
        let logger = Logger(label: "hindcast-load")
        try broker.makeTopic(logger)
        let mix = TelemetryMix(seed: seed, devices: devices, partitions: broker.partitions, bytes: 300, faultyPercent: 100, faults: [.type])
        let probe = try FreshnessProbe(broker: broker, postgres: PostgresSettings(postgres), mix: mix, logger: logger)
        // What is made once, connections and the findings' rows among them, is made before.
        _ = try probe.run(messages: 2 * devices, rate: rate, patience: .seconds(patience))
        var delays = try probe.run(messages: rate * seconds, rate: rate, patience: .seconds(patience))
        let lost = rate * seconds - delays.count
        delays.sort()
        func percentile(_ share: Double) -> JSONTree {
            delays.isEmpty ? .null : LoadReport.decimal(Double(delays[min(delays.count - 1, Int(Double(delays.count) * share))]) / 1000)
        }
        LoadReport.line([
            .init(key: "messages", value: .integer(rate * seconds)), .init(key: "rate", value: .integer(rate)),
            .init(key: "not_seen", value: .integer(lost)), .init(key: "p50_ms", value: percentile(0.5)), .init(key: "p90_ms", value: percentile(0.9)),
            .init(key: "p99_ms", value: percentile(0.99)), .init(key: "max_ms", value: percentile(1)), .init(key: "seed", value: .string("\(seed)")),
        ])
        if lost > 0 { throw ExitCode.failure }
    }
}
