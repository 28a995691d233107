package import EventLog
package import Kafka
package import Logging
package import Postgres
import Synchronization
import Threading

/// Runs ingest on a thread of its own until it is cancelled, fails, or, where asked to, has read every partition to its end.
package final class IngestService: Sendable {
    private let kafka: KafkaSettings
    private let postgres: PostgresSettings
    private let settings: IngestSettings
    private let appender: LogAppender
    private let logger: Logger
    private let failure = Mutex<IngestError?>(nil)

    /// Prepares a service without connecting. The appender is a parameter for tests alone.
    package init(
        kafka: KafkaSettings, postgres: PostgresSettings, settings: IngestSettings, appender: LogAppender = LogAppender(), logger: Logger
    ) {
        self.kafka = kafka
        self.postgres = postgres
        self.settings = settings
        self.appender = appender
        self.logger = logger
    }

    /// Runs to the end; cancelling the task ends it in order. Call once.
    ///
    /// - Throws: `IngestError`: fenced off, stopped for safety, or broker or database refuse.
    package func run() async throws {
        let loop = ThreadLoop(name: "ingest") { [self] stop in work(until: stop) }
        loop.start()
        await withTaskCancellationHandler {
            _ = await Task { await loop.join() }.value  // not cancelled with the caller: the loop ends in order first
        } onCancel: {
            loop.requestStop()
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }

    private func work(until stop: borrowing StopSignal) {
        do throws(IngestError) {
            let loop = try IngestLoop(kafka: kafka, postgres: postgres, settings: settings, appender: appender, logger: logger)
            defer { loop.finish() }
            try loop.start()
            while !stop.isRequested {
                try loop.step()
                guard settings.endsAtPartitionEnd, loop.isAtEnd else { continue }
                try loop.checkNoneIsStopped()
                break
            }
        } catch {
            failure.withLock { $0 = error }
        }
    }
}
