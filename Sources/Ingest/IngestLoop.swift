import Diagnostics
import EventLog
import JSON
import Kafka
import Logging
import Metrics
import Postgres
import Threading

/// The hot loop: poll, decode the index, gather, append. Synchronous, on one thread that owns consumer and connection.
final class IngestLoop {
    let settings: IngestSettings
    let logger: Logger
    let consumer: Consumer
    var connection: Connection
    let appender: LogAppender
    let metrics = IngestMetrics()
    let reader = LogReader()

    var writers: [TopicPartition: SourceWriter] = [:]
    /// Partitions that are assigned to us and must not be written: another life, other bytes, or fenced off.
    var stopped: [TopicPartition: IngestError] = [:]
    var devices = DeviceDictionary()
    var segments = LogSegments()
    var cluster = ""
    /// Whether the database is away: then nothing is fetched, and polling goes on, so that the group keeps its member.
    var outage: Outage?
    /// Partitions that were assigned while the database was away, to be taken when it is back.
    var pendingPartitions: [TopicPartition] = []

    private var messages = MessageBatch(capacity: 2000)
    private var decoder = EventDecoder()
    private var event = DecodedEvent()
    private var headers: [UInt8] = []
    private var polls: UInt64 = 0
    private var lastWriter: (topic: Int, partition: Int32, writer: SourceWriter)?
    private var heldBytes = 0
    private var needsSignal = false
    private var lastSignal = ContinuousClock.now

    init(
        kafka: KafkaSettings, postgres: PostgresSettings, settings: IngestSettings, appender: LogAppender, logger: Logger
    ) throws(IngestError) {
        self.settings = settings
        self.logger = logger
        self.appender = appender
        var postgres = postgres
        // A writer whose machine is gone may hold a cursor's lock for as long as the server believes in it: waiting must not keep us from polling.
        postgres.lockTimeout = postgres.lockTimeout ?? .seconds(2)
        do throws(PostgresError) {
            connection = try Connection(postgres, logger: logger)
        } catch {
            throw IngestError(error)
        }
        var groupID: String?
        if case .group(let id) = settings.assignment { groupID = id }
        do throws(KafkaError) {
            var kafka = kafka
            kafka.properties["statistics.interval.ms"] = kafka.properties["statistics.interval.ms"] ?? "5000"
            var statistics = ConsumerStatistics()
            consumer = try Consumer(kafka, groupID: groupID, logger: logger) { statistics.record($0) }
            if let name = settings.cluster {
                cluster = name
            } else if let id = consumer.clusterID(timeout: .seconds(10)) {
                cluster = id
            } else {
                throw KafkaError(
                    .timedOut, "No broker of \(kafka.bootstrapServers) answered within 10 s. Check kafka.bootstrap-servers and that it runs.")
            }
        } catch {
            throw IngestError(error)
        }
    }

    /// Begins to read: joins the group, or takes the fixed partitions.
    func start() throws(IngestError) {
        switch settings.assignment {
        case .group:
            try IngestError.wrapping { () throws(KafkaError) in try consumer.subscribe(settings.topics.keys.sorted()) }
        case .fixed(let partitions):
            try take(partitions) { (starts) throws(KafkaError) in try consumer.assign(starts) }
        }
    }

    /// One turn: what was polled is gathered, what is due is appended.
    func step() throws(IngestError) {
        if outage != nil { try tryToReturn() }
        polls += 1
        let event = consumer.poll(into: &messages, timeout: pollTimeout)
        for index in 0..<messages.count {
            try gather(messages[index])
            if heldBytes > settings.memoryBytes { try appendLargest() }
        }
        messages.removeAll()
        if let event { try handle(event) }
        try appendDue()
        signal()
        try endIfNothingIsLeft()
    }

    /// Whether every partition of ours was read to its end and is in the log.
    var isAtEnd: Bool { !writers.isEmpty && outage == nil && writers.values.allSatisfy(\.isAtEnd) }

    /// Fails where a partition of ours was not read to its end because its source was stopped.
    func checkNoneIsStopped() throws(IngestError) {
        if let first = stopped.min(by: { $0.key < $1.key }) { throw first.value }
    }

    /// Appends what is gathered, says so to Kafka, and gives the sources up.
    func finish() {
        do throws(IngestError) {
            for writer in writers.values where writer.batch.count > 0 && outage == nil { try append(writer) }
        } catch {
            logger.warning("Failed to append the last records; they will be read again", metadata: [LogKey.error: "\(error)"])
        }
        for writer in writers.values where outage == nil { release(writer) }
        writers.removeAll()
        messages.removeAll()
        if consumer.close(within: .seconds(10)) == .timedOut {
            logger.warning("The consumer did not close within 10 s and is abandoned")
        }
    }

    // MARK: - Gathering

    private func gather(_ message: borrowing ConsumerMessage) throws(IngestError) {
        guard let writer = writer(of: message), writer.voidPoll != polls else { return }
        // After an outage began, what is still in hand will be read again.
        guard outage == nil else { return }
        // Out of the object while a record borrows them.
        var headers: [UInt8] = []
        swap(&headers, &self.headers)
        defer { swap(&headers, &self.headers) }
        headers.removeAll(keepingCapacity: true)
        let list = message.headers
        for index in 0..<list.count {
            let header = list[index]
            HeaderBytes.append(name: header.name, value: header.value, to: &headers)
        }
        switch writer.gate.admit(message.offset) {
        case .take: break
        case .takeAfterJump: try passHole(before: message.offset, writer)
        case .compare: return try compare(message, headers: headers, writer)
        case .seek(let offset): return try seek(writer, to: offset, sawOffset: message.offset)
        }
        guard outage == nil, writers[writer.partition] === writer else { return }
        if writer.batch.count == 0 {
            writer.batch.begin(after: writer.claim, at: Timestamp(microseconds: WallClock.microseconds()))
            writer.batchBegan = .now
        }
        let before = writer.batch.byteCount
        let record = RecordView(
            key: message.key, headers: headers.rawBytes, payload: message.value, brokerTime: message.timestamp.time,
            ingestTime: writer.batch.ingestTime)
        decoder.decode(record, settings: writer.settings, into: &event)
        writer.batch.append(record, event: event, offset: message.offset, timestampType: message.timestamp.type, devices: &devices)
        heldBytes += writer.batch.byteCount - before
        if writer.batch.count >= settings.batchRows || writer.batch.byteCount >= settings.batchBytes { try append(writer) }
    }

    private func writer(of message: borrowing ConsumerMessage) -> SourceWriter? {
        if let last = lastWriter, last.topic == message.topicIndex, last.partition == message.partition { return last.writer }
        let partition = TopicPartition(topic: consumer.topicName(message.topicIndex), partition: message.partition)
        guard let writer = writers[partition] else { return nil }
        lastWriter = (message.topicIndex, message.partition, writer)
        return writer
    }

    /// Forgets a source; its records that are still under way are ignored.
    func drop(_ writer: SourceWriter) {
        heldBytes -= writer.batch.byteCount
        writers[writer.partition] = nil
        lastWriter = nil
        metrics.sources.record(writers.count)
    }

    /// After every batch was forgotten.
    func forgetHeldBytes() { heldBytes = 0 }

    private func seek(_ writer: SourceWriter, to offset: Int64, sawOffset: Int64) throws(IngestError) {
        logger.info(
            "Offsets jumped; reading again from the expected one",
            metadata: [
                LogKey.topic: "\(writer.partition.topic)", LogKey.partition: "\(writer.partition.partition)", LogKey.offset: "\(offset)",
                "kafka.seen_offset": "\(sawOffset)",
            ])
        writer.voidPoll = polls
        do throws(KafkaError) {
            try consumer.seek(writer.partition, to: .offset(offset), timeout: .seconds(10))
        } catch {
            // The position may be where it was, and the next record from there would pass for the proof of the jump. So reading starts anew, or ends.
            logger.warning("Failed to seek; the partition is read anew", metadata: [LogKey.error: "\(error)"])
            try IngestError.wrapping { () throws(KafkaError) in try consumer.startFetching([writer.partition: .offset(offset)]) }
        }
    }

    /// The log holds this offset already: the same bytes are a redelivery, other bytes are another life of the topic. A record where the log passed over
    /// nothing, without a hole that says so, is one that the broker did not have then: to ignore it would lose it.
    private func compare(_ message: borrowing ConsumerMessage, headers: [UInt8], _ writer: SourceWriter) throws(IngestError) {
        // What is gathered and not appended came from this very consumer.
        if writer.batch.count > 0, message.offset >= writer.batch.firstOffset { return }
        var isSame = true
        let isStored: Bool
        let isAccountedFor: Bool
        do throws(PostgresError) {
            let copy = RecordCopy(message, headers: headers)
            isStored = try reader.read(source: writer.claim.source, at: message.offset, on: &connection) { stored in
                isSame = copy.isSame(as: stored.record)
            }
            isAccountedFor = isStored ? true : try LogHole.covers(message.offset, of: writer.claim.source, on: &connection)
        } catch {
            return try beginOutage(error)
        }
        if isStored && !isSame {
            stop(
                writer,
                IngestError(
                    .stoppedForSafety,
                    "Offset \(message.offset) of \(writer.partition) holds other bytes than the log's source \(writer.claim.source) has there: this is another life of the topic, or the broker used the offset twice. The source is stopped. If the topic was recreated, run `hindcast source new-life \(writer.claim.source)`."
                ))
        } else if !isAccountedFor {
            stop(
                writer,
                IngestError(
                    .stoppedForSafety,
                    "Offset \(message.offset) of \(writer.partition) holds a record, but the log of source \(writer.claim.source) goes up to \(writer.claim.nextOffset) and passed over it as empty: the broker lost offsets that it had promised and uses them again, or the topic is another one. The source is stopped. Run `hindcast source new-life \(writer.claim.source)` to read the topic anew."
                ))
        }
    }

    // MARK: - Appending

    private var pollTimeout: Duration {
        let now = ContinuousClock.now
        var due: Duration = .milliseconds(100)
        for writer in writers.values {
            if let began = writer.batchBegan { due = min(due, settings.linger - (now - began)) }
        }
        return max(due, .zero)
    }

    private func appendDue() throws(IngestError) {
        guard outage == nil else { return }
        let now = ContinuousClock.now
        for writer in Array(writers.values) {
            if let began = writer.batchBegan, now - began >= settings.linger { try append(writer) }
            try passEnd(writer)
        }
    }

    private func appendLargest() throws(IngestError) {
        if let largest = writers.values.max(by: { $0.batch.byteCount < $1.batch.byteCount }) { try append(largest) }
    }

    func append(_ writer: SourceWriter) throws(IngestError) {
        guard writer.batch.count > 0, outage == nil else { return }
        let began = ContinuousClock.now
        let count = writer.batch.count
        let size = writer.batch.byteCount
        let source = writer.claim.source
        do throws(AppendError) {
            do throws(PostgresError) {
                try segments.ensure(writer.batch.ingestTime.day, on: &connection)
            } catch {
                throw AppendError(error)
            }
            writer.endOffset = consumer.cachedWatermarks(of: writer.partition)?.high ?? writer.endOffset
            try appender.append(&writer.batch, claim: &writer.claim, endOffset: writer.endOffset, devices: &devices, on: &connection)
        } catch {
            return try recover(from: error, writer)
        }
        heldBytes -= size
        writer.batch.removeAll()
        writer.batchBegan = nil
        needsSignal = true
        metrics.events.increment(by: count)
        metrics.bytes.increment(by: size)
        metrics.appends.increment()
        metrics.appendTime.record(duration: ContinuousClock.now - began)
        logger.debug("Appended", metadata: [LogKey.source: "\(source)", LogKey.count: "\(count)", LogKey.offset: "\(writer.claim.nextOffset)"])
        hint(writer)
        try passEnd(writer)
    }

    /// Tells Kafka how far the log goes: a hint for lag monitors, at most once a second and partition. The truth is in the log,
    /// so nothing waits for the answer: giving a partition back and closing see to what is under way, and a broker that is gone must not hold them up.
    private func hint(_ writer: SourceWriter, always: Bool = false) {
        guard case .group = settings.assignment else { return }
        if !always, let committed = writer.committed, ContinuousClock.now - committed.at < .seconds(1) { return }
        if writer.committed?.offset == writer.claim.nextOffset { return }
        do throws(KafkaError) {
            try consumer.commit([PartitionOffset(writer.partition, writer.claim.nextOffset)], waits: false)
            writer.committed = (writer.claim.nextOffset, .now)
        } catch {
            logger.debug("Failed to commit an offset to Kafka, which is a hint only", metadata: [LogKey.error: "\(error)"])
        }
    }

    /// Ends a source's ownership: the last hint, and no owner in the log.
    func release(_ writer: SourceWriter) {
        hint(writer, always: true)
        do throws(PostgresError) {
            try writer.claim.release(on: &connection)
        } catch {
            logger.debug("Failed to release a source", metadata: [LogKey.source: "\(writer.claim.source)", LogKey.error: "\(error)"])
        }
    }

    /// Wakes readers, at most every 10 ms, outside of appends.
    private func signal() {
        guard needsSignal, outage == nil, ContinuousClock.now - lastSignal >= .milliseconds(10) else { return }
        needsSignal = false
        lastSignal = .now
        do throws(PostgresError) {
            try LogSignal.send(on: &connection)
        } catch {
            // Readers poll as well; the next append finds out what is wrong with the connection.
            logger.debug("Failed to notify readers", metadata: [LogKey.error: "\(error)"])
        }
    }

    private func endIfNothingIsLeft() throws(IngestError) {
        let reasons = stopped.sorted { $0.key < $1.key }.map(\.value)
        switch settings.assignment {
        case .fixed:
            // Told to own what another owns: nothing will change that but an operator.
            if let fenced = reasons.first(where: { $0.code == .fenced }) { throw fenced }
            if writers.isEmpty, let first = reasons.first { throw first }
        case .group:
            // A fenced partition comes back with the next assignment, here or elsewhere.
            if writers.isEmpty, let first = reasons.first(where: { $0.code != .fenced }) { throw first }
        }
    }
}
