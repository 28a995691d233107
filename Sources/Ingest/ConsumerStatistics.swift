import JSON
import Metrics

/// Turns the statistics that librdkafka gives every few seconds (its `STATISTICS.md`) into gauges over all partitions.
struct ConsumerStatistics {
    /// Records between what was handed out and the broker's end.
    private let lag = Gauge(label: "hindcast_kafka_consumer_lag_records")
    /// Records and bytes that were fetched and not handed out yet: the queues that bound memory.
    private let queuedRecords = Gauge(label: "hindcast_kafka_fetch_queue_records")
    private let queuedBytes = Gauge(label: "hindcast_kafka_fetch_queue_bytes")
    private let receivedBytes = Gauge(label: "hindcast_kafka_received_bytes")
    private var reader = JSONReader()

    /// What one report says, summed over partitions.
    struct Totals: Equatable {
        var lag: Int64 = 0
        var queuedRecords: Int64 = 0
        var queuedBytes: Int64 = 0
        var receivedBytes: Int64 = 0
    }

    /// Records a report. One that cannot be read, from a library of another make, changes nothing.
    mutating func record(_ report: RawSpan) {
        guard let totals = totals(of: report) else { return }
        lag.record(totals.lag)
        queuedRecords.record(totals.queuedRecords)
        queuedBytes.record(totals.queuedBytes)
        receivedBytes.record(totals.receivedBytes)
    }

    /// Sums a report; nil when it is not one.
    mutating func totals(of report: RawSpan) -> Totals? {
        do throws(JSONSyntaxError) {
            try reader.read(report)
        } catch {
            return nil
        }
        let document = reader.document(over: report)
        guard document.kind(document.root) == .object else { return nil }
        var totals = Totals()
        totals.receivedBytes = Self.number("rx_bytes", of: document.root, document)
        guard let topics = document.member("topics", of: document.root), document.kind(topics) == .object else { return totals }
        var topic = document.firstMember(of: topics)
        while let found = topic {
            topic = document.nextMember(after: found, in: topics)
            guard document.kind(found.value) == .object, let partitions = document.member("partitions", of: found.value),
                document.kind(partitions) == .object
            else { continue }
            var partition = document.firstMember(of: partitions)
            while let member = partition {
                partition = document.nextMember(after: member, in: partitions)
                guard document.kind(member.value) == .object else { continue }
                // Unknown lag is -1, and the partition without a leader has the key -1.
                totals.lag += max(0, Self.number("consumer_lag", of: member.value, document))
                totals.queuedRecords += max(0, Self.number("fetchq_cnt", of: member.value, document))
                totals.queuedBytes += max(0, Self.number("fetchq_size", of: member.value, document))
            }
        }
        return totals
    }

    private static func number(_ name: StaticString, of node: JSONNode, _ document: borrowing JSONDocument) -> Int64 {
        document.member(name, of: node).flatMap { document.integer($0) } ?? 0
    }
}
