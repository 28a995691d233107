import Kafka
import TestSupport
import Testing

/// A record copied out of the client library's memory, so that it compares.
struct Record: Equatable {
    var partition: Int32
    var offset: Int64
    var key: [UInt8]?
    var value: [UInt8]?
    var headers: [Header]
    var timestamp: RecordTimestamp

    struct Header: Equatable {
        var name: String
        var value: [UInt8]?
    }

    init(_ message: borrowing ConsumerMessage) {
        partition = message.partition
        offset = message.offset
        key = bytes(message.key)
        value = bytes(message.value)
        timestamp = message.timestamp
        let list = message.headers
        headers = (0..<list.count).map { index in
            let header = list[index]
            return Header(name: String(decoding: bytes(header.name) ?? [], as: UTF8.self), value: bytes(header.value))
        }
    }
}

/// The bytes of a span; nil for none.
func bytes(_ span: RawSpan?) -> [UInt8]? {
    guard let span else { return nil }
    return unsafe span.withUnsafeBytes { unsafe Array($0) }
}

extension Consumer {
    /// Reads until the ends of these partitions were told, and gives the records in the order they came.
    ///
    /// Fails the test when something else than records and ends comes, or nothing does for as long as a test waits.
    func readToEnd(of partitions: Set<TopicPartition>, events: (ConsumerEvent) throws -> Void = { Issue.record("unexpected \($0)") }) throws
        -> [Record]
    {
        var open = partitions
        var records: [Record] = []
        var batch = MessageBatch(capacity: 64)
        while !open.isEmpty {
            let event = poll(into: &batch, timeout: .patience)
            if event == nil, batch.isEmpty {
                Issue.record("nothing came; \(records.count) records so far, open: \(open)")
                break
            }
            for index in 0..<batch.count { records.append(Record(batch[index])) }
            batch.removeAll()
            switch event {
            case .partitionEnd(let partition, _)?: open.remove(partition)
            case let event?: try events(event)
            case nil: break
            }
        }
        return records
    }

    /// Polls until `wanted` says yes, and fails the test when it never does. Records are given back unseen.
    func poll(until wanted: (ConsumerEvent) -> Bool) -> ConsumerEvent? {
        let end = ContinuousClock.now + .patience
        while ContinuousClock.now < end {
            if case .event(let event) = poll(timeout: .milliseconds(100)), wanted(event) { return event }
        }
        Issue.record("the event that was waited for did not come")
        return nil
    }
}

/// Produces to one partition and waits until everything is stored.
func produce(_ records: [ProducerRecord], to settings: KafkaSettings) throws {
    let producer = try Producer(settings, logger: TestBroker.quiet)
    for record in records { try producer.produce(record) }
    try producer.flush(timeout: .patience)
    #expect(try producer.close() == .closed)
}

/// The typed error that `body` throws; fails the test when it throws none. Written out because `#expect(throws:)` with typed throws crashes the compiler.
func failure(_ body: () throws(KafkaError) -> Void) -> KafkaError? {
    do throws(KafkaError) {
        try body()
        Issue.record("no error was thrown")
        return nil
    } catch {
        return error
    }
}
