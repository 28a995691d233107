import Diagnostics
import EventLog
import Ingest
import Kafka
import LogSupport
import Postgres
import TestSupport
import Testing

@Suite(.database) struct IngestTests {
    private static let records: [SampleRecord] = [
        SampleRecord(key: nil, payload: nil, brokerTime: .sample),
        SampleRecord(key: [], headers: [("a", nil), ("a", [1]), ("", [])], payload: [], brokerTime: .sample),
        SampleRecord(key: [0, 0xFF], payload: Array("not json \u{0}".utf8), brokerTime: .sample),
        .telemetry(device: "dev-1", #"{"temperature":21.5}"#),
        .telemetry(device: "dev-2", #"{"temperature":"hot"}"#),
    ]

    @Test(arguments: BrokerFixture.kinds()) func `the log holds what the broker holds`(kind: BrokerKind) async throws {
        let fixture = try IngestFixture(kind, partitions: 2)
        try fixture.produce(Self.records, partition: 0)
        try fixture.produce(Array(Self.records.reversed()), partition: 1)
        try await fixture.service(fixture.settings()).run()
        for (partition, expected) in [(0, Self.records), (1, Self.records.reversed())] as [(Int32, [SampleRecord])] {
            let events = try fixture.events(partition: partition)
            #expect(events.map(\.offset) == [0, 1, 2, 3, 4])
            #expect(events.map(\.key) == expected.map(\.key))
            #expect(events.map(\.headers) == expected.map(\.headerBytes))
            #expect(events.map(\.payload) == expected.map(\.payload))
            #expect(events.map(\.brokerTime) == expected.map(\.brokerTime))
        }
    }

    @Test(arguments: BrokerFixture.kinds()) func `a second run goes on where the first ended`(kind: BrokerKind) async throws {
        let fixture = try IngestFixture(kind)
        try fixture.produce(Self.records)
        try await fixture.service(fixture.settings()).run()
        try await fixture.service(fixture.settings()).run()
        #expect(try fixture.events().count == 5)
        try fixture.produce(Self.records)
        try await fixture.service(fixture.settings()).run()
        #expect(try fixture.events().map(\.offset) == Array(0..<10))
        var connection = try TestDatabase.connect()
        #expect(try LogVerifier().verify(source: fixture.sources()[0].sourceID, on: &connection).fault == nil)
    }

    @Test func `lag is zero and nobody owns the source when ingest has ended`() async throws {
        let fixture = try IngestFixture()
        try fixture.produce(Self.records)
        try await fixture.service(fixture.settings()).run()
        let source = try #require(try fixture.sources().first)
        #expect(source.nextOffset == 5)
        #expect(source.endOffset == 5)
        #expect(source.owner == nil)
    }

    @Test func `small batches give the same log as large ones`() async throws {
        let fixture = try IngestFixture()
        try fixture.produce((0..<100).map { .telemetry(device: "dev-\($0 % 7)", "{\"n\":\($0)}") })
        var settings = fixture.settings()
        settings.batchRows = 3
        try await fixture.service(settings).run()
        #expect(try fixture.events().count == 100)
        var connection = try TestDatabase.connect()
        let report = try LogVerifier().verify(source: fixture.sources()[0].sourceID, on: &connection)
        #expect(report.fault == nil)
        #expect(report.batches >= 34)
    }

    @Test func `a topic that was recreated with other records stops its source`() async throws {
        let fixture = try IngestFixture()
        try fixture.produce(Self.records)
        try await fixture.service(fixture.settings()).run()
        // Another broker under the same name, with a topic of the same name that is already longer.
        let other = try IngestFixture()
        try other.produce((0..<20).map { .telemetry(device: "other-\($0)", "{}") })
        var settings = other.settings()
        settings.topics = [fixture.topic: SourceSettings()]
        try other.broker.embedded?.createTopic(fixture.topic, partitions: 1)
        try produce((0..<20).map { .telemetry(device: "other-\($0)", "{}") }, to: fixture.topic, on: other.broker)
        settings.assignment = .fixed([TopicPartition(topic: fixture.topic, partition: 0)])
        do {
            try await other.service(settings).run()
            Issue.record("another life of the topic was appended to the first")
        } catch let error as IngestError {
            #expect(error.code == .stoppedForSafety)
            #expect(error.description.contains("new-life"))
        }
        #expect(try fixture.events().count == 5)
    }

    @Test func `a broker that ends before the log does stops the source`() async throws {
        let fixture = try IngestFixture()
        try fixture.produce(Self.records)
        try await fixture.service(fixture.settings()).run()
        let other = try TestBroker()
        try other.embedded?.createTopic(fixture.topic, partitions: 1)
        try produce([Self.records[0]], to: fixture.topic, on: other)
        let service = IngestService(
            kafka: other.settings, postgres: TestDatabase.current.settings.with(role: "hindcast_ingest"), settings: fixture.settings(),
            logger: TestBroker.quiet)
        do {
            try await service.run()
            Issue.record("a log beyond the broker's end was accepted")
        } catch let error as IngestError {
            #expect(error.code == .stoppedForSafety)
        }
        #expect(try fixture.events().count == 5)
    }

    /// Reads both partitions of a fixture; the cursor of the first stands two offsets further than the broker, as after markers that it lost later.
    private func runPastEnd(_ fixture: IngestFixture, hole: Bool) async throws {
        for partition in 0..<2 as Range<Int32> { try fixture.produce(Self.records, partition: partition) }
        try await fixture.service(fixture.settings()).run()
        let source = try #require(try fixture.sources().first { $0.partition == 0 }?.sourceID)
        var admin = try TestDatabase.connect()
        try admin.execute(script: "UPDATE hindcast.source_cursor SET next_offset = 7 WHERE source_id = \(source)")
        if hole {
            try admin.execute(
                script: "INSERT INTO hindcast.log_hole (source_id, first_offset, last_offset, reason) VALUES (\(source), 5, 6, 'operator')")
        }
        for partition in 0..<2 as Range<Int32> { try fixture.produce(Self.records, partition: partition) }
        try await fixture.service(fixture.settings()).run()
    }

    @Test func `a record at an offset that the log passed over as empty is not ignored, though all else was read to its end`() async throws {
        let fixture = try IngestFixture(partitions: 2)
        do {
            try await runPastEnd(fixture, hole: false)
            Issue.record("records were passed over in silence")
        } catch let error as IngestError {
            #expect(error.code == .stoppedForSafety)
            #expect(error.description.contains("Offset 5"))
        }
        #expect(try fixture.events(partition: 0).count == 5)
        #expect(try fixture.events(partition: 1).count == 10)
    }

    @Test func `a record in a hole stays out of the log`() async throws {
        let fixture = try IngestFixture(partitions: 2)
        try await runPastEnd(fixture, hole: true)
        #expect(try fixture.events(partition: 0).map(\.offset) == [0, 1, 2, 3, 4, 7, 8, 9])
    }

    @Test func `a cursor that another session keeps locked does not keep ingest from polling`() async throws {
        let fixture = try IngestFixture()
        try fixture.produce(Self.records)
        try await fixture.service(fixture.settings()).run()
        try fixture.produce(Self.records)
        var other = try TestDatabase.connect()
        try other.execute(script: "BEGIN; SELECT FROM hindcast.source_cursor FOR UPDATE")
        let service = fixture.service(fixture.settings())
        let running = Task { try await service.run() }
        var admin = try TestDatabase.connect()
        var first: [String] = []
        try await waitUntil {
            first = try admin.query(SelectLockWaits())
            return !first.isEmpty
        }
        // Ingest tries again soon, so what shows that it gave up is not that nobody waits, but that this statement does not.
        try await waitUntil { try Set(first).isDisjoint(with: admin.query(SelectLockWaits())) }
        try other.execute(script: "ROLLBACK")
        try await running.value
        #expect(try fixture.events().map(\.offset) == Array(0..<10))
    }

    @Test func `records that the broker dropped before they were read are a hole`() async throws {
        let fixture = try IngestFixture()
        // The embedded broker keeps 5 MiB a partition; these are 12 MiB that do not compress.
        var generator = SystemRandomNumberGenerator()
        let records = (0..<120).map { _ in
            SampleRecord(payload: (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &generator) }, brokerTime: .sample)
        }
        for record in records { try fixture.produce([record]) }
        try await fixture.service(fixture.settings()).run()
        let events = try fixture.events()
        let first = try #require(events.first?.offset)
        #expect(first > 0)
        #expect(events.map(\.offset) == Array(first..<120))
        var connection = try TestDatabase.connect()
        let holes = try LogHole.all(on: &connection)
        #expect(holes.map(\.firstOffset) == [0])
        #expect(holes.map(\.lastOffset) == [first - 1])
        #expect(holes.map(\.reason) == [.truncated])
    }

    @Test func `two processes forced onto one source never both write`() async throws {
        let fixture = try IngestFixture()
        try fixture.produce((0..<50).map { .telemetry(device: "a", "{\"n\":\($0)}") })
        var forever = fixture.settings(owner: "first")
        forever.endsAtPartitionEnd = false
        let first = fixture.service(forever)
        let running = Task { () -> IngestError.Code? in
            do {
                try await first.run()
                return nil
            } catch let error as IngestError {
                return error.code
            }
        }
        try await waitUntil { try fixture.sources().first?.nextOffset == 50 }
        try await fixture.service(fixture.settings(owner: "second")).run()
        try fixture.produce((50..<60).map { .telemetry(device: "a", "{\"n\":\($0)}") })
        #expect(try await running.value == .fenced)
        try await fixture.service(fixture.settings(owner: "third")).run()
        #expect(try fixture.events().map(\.offset) == Array(0..<60))
    }

    @Test func `a session that the server ends costs nothing`() async throws {
        let fixture = try IngestFixture()
        var settings = fixture.settings()
        settings.endsAtPartitionEnd = false
        let service = fixture.service(settings)
        let running = Task { try await service.run() }
        try fixture.produce((0..<100).map { .telemetry(device: "a", "{\"n\":\($0)}") })
        try await waitUntil { try fixture.sources().first?.nextOffset == 100 }
        var admin = try TestDatabase.connect()
        try admin.execute(
            script: "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        try fixture.produce((100..<200).map { .telemetry(device: "a", "{\"n\":\($0)}") })
        try await waitUntil { try fixture.sources().first?.nextOffset == 200 }
        running.cancel()
        try await running.value
        #expect(try fixture.events().map(\.offset) == Array(0..<200))
    }

    @Test func `devices that the server has forgotten when it is back are numbered anew`() async throws {
        let fixture = try IngestFixture()
        var settings = fixture.settings()
        settings.endsAtPartitionEnd = false
        let service = fixture.service(settings)
        let running = Task { try await service.run() }
        try fixture.produce([.telemetry(device: "a", "{}")])
        try await waitUntil { try fixture.sources().first?.nextOffset == 1 }
        var admin = try TestDatabase.connect()
        // As after a fail-over to a standby that lacked the device: its number is another one's now.
        try admin.execute(script: "UPDATE hindcast.device SET device_id = 'b' WHERE device_id = 'a'")
        try admin.execute(
            script: "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        try fixture.produce([.telemetry(device: "a", "{}")])
        try await waitUntil { try fixture.sources().first?.nextOffset == 2 }
        running.cancel()
        try await running.value
        try admin.execute(
            script: """
                DO $$ BEGIN
                    ASSERT (SELECT d.device_id FROM hindcast.event e JOIN hindcast.device d USING (device_key) WHERE e.source_offset = 1) = 'a';
                END $$
                """)
    }

    @Test func `members of a group share the topic, and one takes over what another leaves`() async throws {
        let fixture = try IngestFixture(partitions: 2)
        let group = TestBroker.uniqueName("group")
        func member(_ name: String) -> Task<Void, any Error> {
            var settings = fixture.settings(owner: name)
            settings.assignment = .group(id: group)
            settings.endsAtPartitionEnd = false
            let service = fixture.service(settings)
            return Task { try await service.run() }
        }
        let first = member("first")
        for partition in 0..<2 as Range<Int32> {
            try fixture.produce((0..<20).map { .telemetry(device: "a", "{\"n\":\($0)}") }, partition: partition)
        }
        try await waitUntil { try fixture.sources().filter { $0.nextOffset == 20 }.count == 2 }
        let second = member("second")
        try await waitUntil { try Set(fixture.sources().compactMap(\.owner)) == ["first", "second"] }
        first.cancel()
        try await first.value
        for partition in 0..<2 as Range<Int32> {
            try fixture.produce((20..<40).map { .telemetry(device: "a", "{\"n\":\($0)}") }, partition: partition)
        }
        try await waitUntil { try fixture.sources().filter { $0.nextOffset == 40 }.count == 2 }
        second.cancel()
        try await second.value
        for partition in 0..<2 as Range<Int32> { #expect(try fixture.events(partition: partition).map(\.offset) == Array(0..<40)) }
    }

    private func produce(_ records: [SampleRecord], to topic: String, on broker: TestBroker) throws {
        let producer = try Producer(broker.settings, logger: TestBroker.quiet)
        for record in records {
            try producer.produce(
                ProducerRecord(
                    topic: topic, partition: 0, key: record.key, value: record.payload, headers: [],
                    timestamp: record.brokerTime.map { $0.microseconds / 1000 }))
        }
        try producer.flush(timeout: .seconds(20))
        _ = try producer.close(within: .seconds(10))
    }
}

/// The statements that wait for a lock in this database, each by its session and when it began.
private struct SelectLockWaits: Statement {
    static let sql = """
        SELECT a.pid || ' ' || a.query_start FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE a.datname = current_database() AND NOT l.granted
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}
