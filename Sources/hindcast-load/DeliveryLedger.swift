import Hashing
import JSON
import Kafka

/// Counts what was delivered, from delivery reports alone: a record counts when the broker has said where it lies.
final class DeliveryLedger {
    /// What a partition got.
    struct Partition {
        var sums = LaneSums()
        var lastOffset: Int64 = -1
    }

    private(set) var partitions: [Int32: Partition] = [:]
    /// Bytes of what was delivered: keys, values and headers.
    private(set) var bytes: Int64 = 0
    /// Records that were not delivered, or nobody knows where to.
    private(set) var failed: Int64 = 0
    private(set) var firstFailure: String?

    private var hasher = SHA256()
    // Records under way: a report names the slot, which is then free for another.
    private var underWay: [(content: SHA256Digest, bytes: Int)] = []
    private var free: [Int] = []

    /// Records that were delivered.
    var delivered: Int64 { partitions.values.reduce(0) { $0 + $1.sums.count } }

    /// Notes a record before it is sent, and says the number that its report has to bear.
    func note(_ record: LoadRecord) -> UInt64 {
        let headers = HeaderLayout.bytes(record.headers)
        let content = RecordHash.content(
            key: record.key?.rawBytes, headers: headers.rawBytes, value: record.value?.rawBytes, microseconds: record.milliseconds * 1000,
            with: &hasher)
        if let slot = free.popLast() {
            underWay[slot] = (content, record.byteCount)
            return UInt64(slot)
        }
        underWay.append((content, record.byteCount))
        return UInt64(underWay.count - 1)
    }

    /// Takes a report in.
    func settle(_ report: DeliveryReport) {
        settle(report.id, partition: report.partition, offset: report.offset, failure: report.error?.description)
    }

    /// Takes in what is known of the record of a number: where it lies, or what went wrong.
    func settle(_ id: UInt64, partition: Int32, offset: Int64?, failure: String?) {
        let slot = Int(id)
        free.append(slot)
        guard failure == nil, let offset else {
            failed += 1
            if firstFailure == nil { firstFailure = failure ?? "a record was delivered, and the broker did not say where" }
            return
        }
        bytes += Int64(underWay[slot].bytes)
        var known = partitions[partition] ?? Partition()
        known.sums.add(RecordHash.placed(underWay[slot].content, at: offset, with: &hasher))
        known.lastOffset = max(known.lastOffset, offset)
        partitions[partition] = known
    }
}
