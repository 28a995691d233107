import Diagnostics
import Hashing
import JSON
import Kafka
import Testing

@testable import hindcast_load

@Suite struct RecordDigestTests {
    private static let record = LoadRecord(
        partition: 0, key: [1, 2], value: [3], headers: [ProducerHeader("a", [4]), ProducerHeader("a", nil)], milliseconds: 5)

    private func ledger(_ records: [(LoadRecord, offset: Int64)], reportedBackwards: Bool = false) -> DeliveryLedger {
        let ledger = DeliveryLedger()
        var reports = records.map { (id: ledger.note($0), offset: $1) }
        if reportedBackwards { reports.reverse() }
        for report in reports { ledger.settle(report.id, partition: 0, offset: report.offset, failure: nil) }
        return ledger
    }

    private func digest(_ records: [(LoadRecord, offset: Int64)], reportedBackwards: Bool = false) -> LaneSums? {
        ledger(records, reportedBackwards: reportedBackwards).partitions[0]?.sums
    }

    @Test func `the order of reports does not matter, the place of a record does`() throws {
        var other = Self.record
        other.value = [9]
        let both = digest([(Self.record, 0), (other, 1)])
        let digest = try #require(both)
        #expect(digest.count == 2)
        #expect(digest == self.digest([(Self.record, 0), (other, 1)], reportedBackwards: true))
        #expect(digest != self.digest([(Self.record, 1), (other, 0)]))
        #expect(digest != self.digest([(Self.record, 0), (other, 2)]))
        #expect(digest.hex.count == 64)
    }

    @Test(arguments: [
        LoadRecord(partition: 0, key: nil, value: [3], headers: record.headers, milliseconds: 5),
        LoadRecord(partition: 0, key: [1], value: [2, 3], headers: record.headers, milliseconds: 5),
        LoadRecord(partition: 0, key: [1, 2], value: nil, headers: record.headers, milliseconds: 5),
        LoadRecord(partition: 0, key: [1, 2], value: [], headers: record.headers, milliseconds: 5),
        LoadRecord(partition: 0, key: [1, 2], value: [3], headers: record.headers.reversed(), milliseconds: 5),
        LoadRecord(partition: 0, key: [1, 2], value: [3], headers: [ProducerHeader("a", [4]), ProducerHeader("a", [])], milliseconds: 5),
        LoadRecord(partition: 0, key: [1, 2], value: [3], headers: record.headers, milliseconds: 6),
    ])
    func `every part of a record is in its digest, and null is not empty`(changed: LoadRecord) {
        #expect(digest([(changed, 0)]) != digest([(Self.record, 0)]))
    }

    @Test func `a record twice is not a record once, and no record is not one`() {
        #expect(digest([(Self.record, 0), (Self.record, 0)]) != digest([(Self.record, 0)]))
        #expect(digest([]) == nil)
    }

    @Test func `the hash is over the bytes that its description says`() {
        var hasher = SHA256()
        let headers = HeaderLayout.bytes(Self.record.headers)
        #expect(headers == [0, 0, 0, 1, 0x61, 0, 0, 0, 1, 4, 0, 0, 0, 1, 0x61, 0xFF, 0xFF, 0xFF, 0xFF])
        let content = RecordHash.content(
            key: [UInt8]([1, 2]).rawBytes, headers: headers.rawBytes, value: nil, microseconds: 5000, with: &hasher)
        let bytes: [UInt8] = [0, 0, 0, 0, 0, 0, 0x13, 0x88, 0, 0, 0, 2, 1, 2, 0, 0, 0, 19] + headers + [0xFF, 0xFF, 0xFF, 0xFF]
        #expect(content == SHA256.hash(bytes))
        #expect(RecordHash.placed(content, at: 258, with: &hasher) == SHA256.hash(content.bytes + [0, 0, 0, 0, 0, 0, 1, 2]))
    }

    @Test func `lanes are added, not mixed, and wrap around`() throws {
        let largest = try #require(SHA256Digest(bytes: [UInt8](repeating: 0xFF, count: 32)))
        let two = try #require(SHA256Digest(bytes: [UInt8]([0, 0, 0, 0, 0, 0, 0, 2]) + [UInt8](repeating: 0, count: 24)))
        var sums = LaneSums()
        sums.add(largest)
        sums.add(two)
        #expect(sums.hex == "0000000000000001" + String(repeating: "f", count: 48))
        #expect(sums.count == 2)
    }

    @Test func `a record without a place counts as failed`() {
        let ledger = DeliveryLedger()
        ledger.settle(ledger.note(Self.record), partition: -1, offset: nil, failure: "made up")
        ledger.settle(ledger.note(Self.record), partition: 0, offset: nil, failure: nil)
        #expect(ledger.failed == 2)
        #expect(ledger.delivered == 0)
        #expect(ledger.bytes == 0)
        #expect(ledger.firstFailure == "made up")
    }
}
