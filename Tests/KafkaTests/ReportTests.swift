import Kafka
import Logging
import Synchronization
import TestSupport
import Testing

@Suite struct ReportTests {
    @Test func `statistics are handed over as JSON text`() throws {
        let fixture = try TestBroker()
        var settings = fixture.settings
        settings.properties["statistics.interval.ms"] = "20"
        settings.properties["client.id"] = "statistician"
        final class Text { var value = "" }
        let text = Text()
        let consumer = try Consumer(
            settings, logger: TestBroker.quiet, onStatistics: { text.value = String(decoding: bytes($0) ?? [], as: UTF8.self) })
        let end = ContinuousClock.now + .patience
        while text.value.isEmpty, ContinuousClock.now < end { _ = consumer.poll(timeout: .milliseconds(100)) }
        #expect(text.value.hasPrefix("{"))
        #expect(text.value.contains("statistician"))
        #expect(consumer.close() == .closed)
    }

    @Test func `brokers that cannot be reached show as events with advice, and in the log`() throws {
        let log = RecordedLog()
        let settings = KafkaSettings(bootstrapServers: "127.0.0.1:1", properties: ["sasl.password": "hunter2"])
        let consumer = try Consumer(settings, logger: Logger(label: "test", factory: { _ in log }))
        let event = consumer.poll { if case .error(let error) = $0 { error.code == .allBrokersDown } else { false } }
        guard case .error(let error)? = event else { return }
        #expect(error.isRetriable)
        #expect(!error.isFatal)
        #expect(error.description.contains("bootstrap.servers"))
        #expect(consumer.close() == .closed)
        let lines = log.lines.withLock { $0 }
        #expect(lines.contains { $0.contains("Connection refused") || $0.contains("Connect to") })
        #expect(!lines.contains { $0.contains("hunter2") })
    }

    @Test func `an error names its code, its partition and what to do`() {
        let error = KafkaError(.topicAuthorizationFailed, "Cannot read", topicPartition: TopicPartition(topic: "t", partition: 3))
        #expect("\(error)".hasPrefix("Cannot read (t[3]) [TOPIC_AUTHORIZATION_FAILED]. Grant"))
        #expect(!error.isRetriable)
        #expect(KafkaError(.allBrokersDown, "x").isRetriable)
        #expect(KafkaError.Code(rawValue: 31_000).advice == nil)
    }
}

/// Keeps what is logged; librdkafka logs from threads of its own.
private struct RecordedLog: LogHandler {
    final class Lines: Sendable {
        let all = Mutex<[String]>([])
        func withLock<R>(_ body: (inout [String]) -> R) -> R { all.withLock { body(&$0) } }
    }
    let lines = Lines()
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
    }
}
