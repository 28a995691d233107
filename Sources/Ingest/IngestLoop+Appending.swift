import Diagnostics
import EventLog
import Kafka
import Logging
import Metrics
import Postgres

/// From a batch to the log, and what is said about it.
extension IngestLoop {
    var pollTimeout: Duration {
        let now = ContinuousClock.now
        var due: Duration = .milliseconds(100)
        for writer in writers.values {
            if let began = writer.batchBegan { due = min(due, settings.linger - (now - began)) }
        }
        return max(due, .zero)
    }

    func appendDue() throws(IngestError) {
        guard outage == nil else { return }
        let now = ContinuousClock.now
        for writer in Array(writers.values) {
            if let began = writer.batchBegan, now - began >= settings.linger { try append(writer) }
            try passEnd(writer)
        }
    }

    func appendLargest() throws(IngestError) {
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
    func signal() {
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
}
