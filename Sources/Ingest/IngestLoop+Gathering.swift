import Diagnostics
import EventLog
import JSON
import Kafka
import Logging
import Metrics
import Postgres
import Threading

/// From a record in hand to a row in a batch.
extension IngestLoop {
    func gather(_ message: borrowing ConsumerMessage) throws(IngestError) {
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
}
