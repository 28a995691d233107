import Diagnostics
import EventLog
import Kafka
import Logging
import Metrics
import Postgres

extension IngestLoop {
    func handle(_ event: ConsumerEvent) throws(IngestError) {
        switch event {
        case .rebalance(let rebalance):
            try answer(rebalance)
        case .partitionEnd(let partition, let offset):
            guard let writer = writers[partition], outage == nil, !writer.gate.isSeeking else { return }
            writer.reachedEnd = offset
            writer.endOffset = offset
            try passEnd(writer)
        case .offsetOutOfRange(let partition, _, _):
            guard let writer = writers[partition], outage == nil else { return }
            try reposition(writer)
        case .error(let error):
            if error.isFatal { throw IngestError(error) }
            logger.info("The broker reported an error", metadata: [LogKey.error: "\(error)"])
        }
    }

    private func answer(_ rebalance: Rebalance) throws(IngestError) {
        for partition in rebalance.partitions { stopped[partition] = nil }
        switch rebalance.kind {
        case .assigned where outage != nil:
            pendingPartitions += rebalance.partitions
            try IngestError.wrapping { () throws(KafkaError) in try consumer.complete(rebalance) }
        case .assigned:
            try take(rebalance.partitions) { (starts) throws(KafkaError) in try consumer.complete(rebalance, startingAt: starts) }
        case .revoked, .lost:
            for partition in rebalance.partitions { giveBack(partition, isLost: rebalance.kind == .lost) }
            try IngestError.wrapping { () throws(KafkaError) in try consumer.complete(rebalance) }
        }
    }

    /// A lost partition has another owner already; a revoked one is still ours until we answer, so what is in hand is appended.
    private func giveBack(_ partition: TopicPartition, isLost: Bool) {
        pendingPartitions.removeAll { $0 == partition }
        guard let writer = writers[partition] else { return }
        if !isLost, outage == nil {
            do throws(IngestError) {
                try append(writer)
            } catch {
                logger.info("The last records of a revoked partition go to its next owner", metadata: [LogKey.error: "\(error)"])
            }
            if writers[partition] === writer, outage == nil { release(writer) }
        }
        stopped[partition] = nil
        if writers[partition] === writer { drop(writer) }
    }

    /// Claims partitions and starts reading them where the log ends; `begin` tells the consumer.
    ///
    /// The record at the last stored offset is read again, where Kafka still has it: other bytes there mean another life of the topic. A log that ends before
    /// the broker's first record gets a hole, and goes on from that record.
    func take(_ partitions: [TopicPartition], begin: ([TopicPartition: StartPosition]) throws(KafkaError) -> Void) throws(IngestError) {
        var starts: [TopicPartition: StartPosition] = [:]
        for partition in partitions {
            let low = try IngestError.wrapping { () throws(KafkaError) in
                try consumer.queryWatermarks(of: partition, timeout: .seconds(10)).low
            }
            do throws(AppendError) {
                starts[partition] = .offset(try claim(partition, low: low))
            } catch {
                if error.isRetriable || !connection.isUsable {
                    // No claim without the database; the partition is taken when it is back.
                    pendingPartitions.append(partition)
                } else {
                    let reason = error.code == .fenced ? IngestError(.fenced, "\(error)") : error.cause.map { IngestError($0) }
                    let why = reason ?? IngestError(.postgres, "\(error)")
                    stopped[partition] = IngestError(why.code, "\(partition) cannot be taken: \(why)")
                    logger.error("A partition cannot be taken", metadata: [LogKey.topic: "\(partition)", LogKey.error: "\(why)"])
                }
            }
        }
        metrics.sources.record(writers.count)
        try IngestError.wrapping { () throws(KafkaError) in try begin(starts) }
        if !pendingPartitions.isEmpty { try beginOutage(nil) }
    }

    private func claim(_ partition: TopicPartition, low: Int64) throws(AppendError) -> Int64 {
        var settings = self.settings.topics[partition.topic] ?? SourceSettings()
        settings.topic = partition.topic
        let identity = SourceIdentity(kind: .kafka, cluster: cluster, topic: partition.topic, partition: partition.partition)
        let writer: SourceWriter
        var last: Int64?
        do throws(PostgresError) {
            let source = try LogSources.open(identity, settings: settings, on: &connection)
            let claim = try SourceClaim.take(source: source, owner: self.settings.owner, on: &connection)
            writer = SourceWriter(partition: partition, settings: settings, claim: claim)
            last = try reader.lastOffset(of: source, on: &connection)
        } catch {
            throw AppendError(error)
        }
        if low > writer.claim.nextOffset { try recordHole(writer, to: low) }
        writers[partition] = writer
        logger.info(
            "Took a source",
            metadata: [
                LogKey.source: "\(writer.claim.source)", LogKey.topic: "\(partition.topic)", LogKey.partition: "\(partition.partition)",
                LogKey.offset: "\(writer.claim.nextOffset)",
            ])
        guard let last, last >= low else { return writer.claim.nextOffset }
        return last
    }

    private func recordHole(_ writer: SourceWriter, to low: Int64) throws(AppendError) {
        let from = writer.claim.nextOffset
        try appender.skip(&writer.claim, to: low, reason: .truncated, on: &connection)
        writer.gate.pass(to: low)
        metrics.holes.increment()
        logger.warning(
            "The broker no longer has records that were never read; a hole is recorded",
            metadata: [LogKey.source: "\(writer.claim.source)", "log.first_offset": "\(from)", "log.last_offset": "\(low - 1)"])
    }

    /// Before a record after a jump is taken: what the broker has deleted in between is a hole, the rest never held records.
    func passHole(before offset: Int64, _ writer: SourceWriter) throws(IngestError) {
        // Asking costs a round trip, too much for a marker after every transaction; a source that jumps by nature is asked about long jumps only.
        if writer.gate.isJumpy, offset - writer.nextOffset < 1000 { return }
        do throws(KafkaError) {
            let low = try consumer.queryWatermarks(of: writer.partition, timeout: .seconds(10)).low
            guard low > writer.nextOffset else { return }
        } catch {
            return logger.warning("Failed to ask for a partition's first offset", metadata: [LogKey.error: "\(error)"])
        }
        try append(writer)
        guard outage == nil, writers[writer.partition] === writer, offset > writer.claim.nextOffset else { return }
        do throws(AppendError) {
            try recordHole(writer, to: offset)
        } catch {
            try recover(from: error, writer)
        }
    }

    /// The end of the partition moves the log's cursor over markers that no record follows, so that lag reaches zero.
    func passEnd(_ writer: SourceWriter) throws(IngestError) {
        guard let end = writer.reachedEnd, writer.batch.count == 0, outage == nil, end > writer.claim.nextOffset, end >= writer.gate.expected else {
            return
        }
        do throws(AppendError) {
            try appender.advance(&writer.claim, to: end, endOffset: end, on: &connection)
            writer.gate.pass(to: end)
        } catch {
            try recover(from: error, writer)
        }
    }

    /// Reading met offsets that the broker does not have: before its first record, or beyond its end.
    private func reposition(_ writer: SourceWriter) throws(IngestError) {
        try append(writer)
        guard outage == nil, writers[writer.partition] === writer else { return }
        let next = writer.claim.nextOffset
        let watermarks = try IngestError.wrapping { () throws(KafkaError) in
            try consumer.queryWatermarks(of: writer.partition, timeout: .seconds(10))
        }
        if watermarks.high < next {
            let reason =
                "The log of source \(writer.claim.source) (\(writer.partition)) goes up to offset \(next), beyond the broker's end at \(watermarks.high): the topic was recreated or truncated. If it was recreated, run `hindcast source new-life \(writer.claim.source)`."
            return stop(writer, IngestError(.stoppedForSafety, reason))
        }
        if watermarks.low > next {
            do throws(AppendError) {
                try recordHole(writer, to: watermarks.low)
            } catch {
                return try recover(from: error, writer)
            }
        }
        try IngestError.wrapping { () throws(KafkaError) in
            try consumer.startFetching([writer.partition: .offset(writer.claim.nextOffset)])
        }
    }
}
