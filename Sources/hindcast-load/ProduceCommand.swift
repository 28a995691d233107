import ArgumentParser
import Diagnostics
import JSON
import Kafka
import Logging
import Postgres
import Threading

/// `produce`: sends records and prints what the broker has of them.
struct ProduceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "produce", abstract: "Send seeded records; print their count, bytes, and a digest per partition.",
        discussion: """
            A partition's digest is the sum modulo 2^64, lane by lane, of the four 64-bit lanes of each record's SHA-256, over key, headers, value, timestamp \
            and offset. It does not depend on the order in which reports come in.
            """)

    @OptionGroup var broker: BrokerOptions

    @Option(help: "How many records.")
    var events = 100_000

    @Option(help: "Bytes that a value is filled up to.")
    var bytes = 300

    @Option(help: "How many devices send them.")
    var devices = 1000

    @Option(help: "How many devices come before the first of them: telemetry alone.")
    var firstDevice = 0

    @Option(help: "How many of a hundred have something wrong.")
    var faulty = 5

    @Flag(help: "Send garbage in place of telemetry.")
    var garbage = false

    @Flag(help: "Send records in every wire format in place of telemetry of one.")
    var mixed = false

    @Option(help: "What decides every record.")
    var seed: UInt64 = 1

    @Option(help: "Records per second; as fast as it goes where not given.")
    var rate: Int?

    @Option(help: "Microseconds since 1970 that the records' times lead up to, a millisecond apart; now where not given.")
    var end: Int64?

    @Option(help: "Connection string of the database whose log must keep up.")
    var lagFrom: String?

    @Option(help: "How many MiB a partition may be ahead of that log.")
    var maxLagMib = 3

    mutating func validate() throws {
        let isInRange = events > 0 && devices > 0 && firstDevice >= 0 && bytes >= 0 && (0...100).contains(faulty) && rate.map { $0 > 0 } ?? true
        guard isInRange, maxLagMib > 0, !(garbage && mixed) else {
            throw ValidationError("a number is out of its range")
        }
    }

    func run() throws {
        let logger = Logger(label: "hindcast-load")
        try broker.makeTopic(logger)
        let ledger = DeliveryLedger()
        let producer = try Producer(broker.settings, logger: logger, fullQueueTimeout: .seconds(600)) { ledger.settle($0) }
        let mix: RecordMix =
            garbage
            ? .garbage(GarbageMix(seed: seed, partitions: broker.partitions))
            : mixed
                ? .mixed(MixedMix(seed: seed, devices: devices, partitions: broker.partitions, faultyPercent: faulty))
                : .telemetry(
                    TelemetryMix(
                        seed: seed, firstDevice: firstDevice, devices: devices, partitions: broker.partitions, bytes: bytes, faultyPercent: faulty))
        let end = self.end ?? WallClock.microseconds()
        let began = ContinuousClock.now
        if let lagFrom {
            var gate = LagGate(
                topic: broker.topic, limitBytes: Int64(maxLagMib) << 20, connection: try Connection(PostgresSettings(lagFrom), logger: logger))
            for number in 0..<events {
                let record = try send(number, of: mix, end: end, began: began, to: producer, ledger)
                gate.note(record)
                guard number % LagGate.stride == LagGate.stride - 1 else { continue }
                while try gate.isClosed() { producer.poll(timeout: .milliseconds(5)) }
            }
        } else {
            for number in 0..<events { _ = try send(number, of: mix, end: end, began: began, to: producer, ledger) }
        }
        try producer.flush(timeout: .seconds(600))
        let elapsed = ContinuousClock.now - began
        _ = try producer.close()
        print(ledger, end: end, elapsed: elapsed)
        if ledger.failed > 0 { throw ExitCode.failure }
    }

    private func send(
        _ number: Int, of mix: RecordMix, end: Int64, began: ContinuousClock.Instant, to producer: Producer, _ ledger: DeliveryLedger
    ) throws -> LoadRecord {
        var time = Timestamp(microseconds: end - Int64(events - number) * 1000)
        if let rate {
            let due = began + .nanoseconds(Int64(number) * 1_000_000_000 / Int64(rate))
            while ContinuousClock.now < due { producer.poll(timeout: min(due - .now, .milliseconds(20))) }
            time = Timestamp(microseconds: WallClock.microseconds() / 1000 * 1000)
        }
        let record = mix.record(number, at: time)
        let id = ledger.note(record)
        try producer.produce(
            to: broker.topic, partition: record.partition, key: record.key?.rawBytes, value: record.value?.rawBytes, headers: record.headers,
            timestamp: record.milliseconds, id: id)
        if number % 64 == 0 { producer.poll() }
        return record
    }

    private func print(_ ledger: DeliveryLedger, end: Int64, elapsed: Duration) {
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        LoadReport.print(
            [
                .init(key: "events", value: .integer(Int(ledger.delivered))), .init(key: "failed", value: .integer(Int(ledger.failed))),
                .init(key: "first_failure", value: ledger.firstFailure.map { .string($0) } ?? .null),
                .init(key: "bytes", value: .integer(Int(ledger.bytes))), .init(key: "seed", value: .string("\(seed)")),
                .init(key: "end", value: .integer(Int(end))), .init(key: "seconds", value: LoadReport.decimal(seconds)),
            ],
            partitions: ledger.partitions.map { (broker.topic, $0.key, $0.value.sums.count, $0.value.lastOffset, $0.value.sums.hex) })
    }
}
