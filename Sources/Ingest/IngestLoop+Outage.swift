import EventLog
import Kafka
import Logging
import Metrics
import Postgres

extension IngestLoop {
    /// What an append that failed means: fenced off, stopped for safety, or the database is away.
    func recover(from error: AppendError, _ writer: SourceWriter) throws(IngestError) {
        switch error.code {
        case .fenced:
            stop(
                writer, IngestError(.fenced, "Source \(writer.claim.source) (\(writer.partition)) is given up until it is assigned again: \(error)."))
        case .offsetReused:
            stop(
                writer,
                IngestError(
                    .stoppedForSafety,
                    "Source \(writer.claim.source) (\(writer.partition)) is stopped: its log holds an event at an offset that came anew. \(error)"))
        case .commitUnknown:
            try beginOutage(error.cause)
        default:
            guard error.isRetriable || !connection.isUsable else { throw IngestError(.postgres, error.description) }
            try beginOutage(error.cause)
        }
    }

    /// Gives a source up for a reason that an operator has to know; membership in the group stays.
    func stop(_ writer: SourceWriter, _ error: IngestError) {
        if error.code == .fenced { metrics.fenced.increment() }
        logger.error("A source was stopped", metadata: [LogKey.source: "\(writer.claim.source)", LogKey.error: "\(error)"])
        drop(writer)
        stopped[writer.partition] = error
        do throws(KafkaError) {
            try consumer.stopFetching([writer.partition])
        } catch {
            logger.debug("Failed to stop fetching; the records are ignored", metadata: [LogKey.error: "\(error)"])
        }
    }

    /// The database is away, or an append failed in a way that passes. What is in hand is forgotten: it will be read again from where the log ends.
    func beginOutage(_ error: PostgresError?) throws(IngestError) {
        guard outage == nil else { return }
        metrics.outages.increment()
        logger.warning("The database is away; polling goes on, nothing is fetched", metadata: [LogKey.error: "\(error.map { "\($0)" } ?? "unknown")"])
        outage = Outage(began: .now, nextAttempt: .now)
        for writer in writers.values { writer.rewind(to: writer.claim) }
        forgetHeldBytes()
        try IngestError.wrapping { () throws(KafkaError) in try consumer.hold() }
    }

    /// Tries to go on, with growing pauses. Nobody else may have claimed our sources in between: those that were are given up.
    func tryToReturn() throws(IngestError) {
        guard var outage, ContinuousClock.now >= outage.nextAttempt else { return }
        outage.attempts += 1
        let backoff = Backoff()
        outage.nextAttempt = .now + backoff.delay(afterFailures: outage.attempts, random: Double.random(in: 0..<1))
        self.outage = outage
        var starts: [TopicPartition: StartPosition] = [:]
        do throws(PostgresError) {
            if !connection.isUsable {
                try connection.reconnect()
                // It may be a standby that took over and lacks the last transactions: what was remembered of the tables may not be there.
                devices = DeviceDictionary()
                segments = LogSegments()
            }
            for writer in Array(writers.values) {
                if let claim = try writer.claim.refreshed(on: &connection) {
                    writer.rewind(to: claim)
                    // As on assignment: the topic may have been recreated meanwhile, and an outage may have come before the first look at it.
                    starts[writer.partition] = .offset(try reader.lastOffset(of: claim.source, on: &connection) ?? claim.nextOffset)
                } else {
                    stop(
                        writer,
                        IngestError(
                            .fenced, "Source \(writer.claim.source) (\(writer.partition)) was claimed by another writer while the database was away.")
                    )
                }
            }
        } catch {
            logger.debug("The database is still away", metadata: [LogKey.error: "\(error)"])
            return
        }
        logger.info("The database is back", metadata: ["outage.duration": "\(ContinuousClock.now - outage.began)"])
        self.outage = nil
        try IngestError.wrapping { () throws(KafkaError) in try consumer.release(startingAt: starts) }
        let pending = pendingPartitions.filter { writers[$0] == nil }
        pendingPartitions = []
        if !pending.isEmpty { try take(pending) { (starts) throws(KafkaError) in try consumer.startFetching(starts) } }
    }
}
