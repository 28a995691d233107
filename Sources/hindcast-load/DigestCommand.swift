import ArgumentParser
import EventLog
import JSON
import Logging
import Postgres

/// `digest`: reads the log and prints the digests that `produce` prints of what it sent.
struct DigestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "digest", abstract: "Read the log; print count, bytes, and a digest per partition.")

    @Option(help: "Connection string of a user who may read the log.")
    var postgres: String

    @Option(help: "Only this topic.")
    var topic: String?

    func run() throws {
        var connection = try Connection(PostgresSettings(postgres), logger: Logger(label: "hindcast-load"))
        var rows: [(topic: String, partition: Int32, count: Int64, lastOffset: Int64, digest: String)] = []
        var bytes: Int64 = 0
        for source in try LogSources.all(on: &connection) where topic == nil || source.topic == topic {
            let digest = try LoggedDigest.read(source: source.sourceID, on: &connection)
            // A topic has partitions that nothing was sent to.
            guard digest.sums.count > 0 else { continue }
            bytes += digest.bytes
            rows.append((source.topic, source.partition, digest.sums.count, digest.lastOffset, digest.sums.hex))
        }
        LoadReport.print(
            [
                .init(key: "events", value: .integer(Int(rows.reduce(0) { $0 + $1.count }))), .init(key: "bytes", value: .integer(Int(bytes))),
            ], partitions: rows)
    }
}
