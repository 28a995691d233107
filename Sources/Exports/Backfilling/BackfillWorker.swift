import Diagnostics
import EventLog
package import Postgres

/// Sends one backfill's events: chunk by chunk reads, delivers, counts.
///
/// Delivery comes first and counting after it, so whoever dies in between has the chunk sent again under the same ids: every event at least once.
/// ``step()`` is synchronous and blocks; a worker belongs to one thread.
package struct BackfillWorker<Delivery: BackfillDelivery & ~Copyable>: ~Copyable {
    /// What one turn did.
    package enum Turn: Equatable, Sendable {
        /// A chunk was delivered and counted: so many events, so many bytes; no event where a stretch held none.
        case sent(events: Int, bytes: Int)
        /// Everything is sent.
        case finished
    }

    /// The backfill.
    package private(set) var job: BackfillJob
    private let claim: BackfillClaim
    private let fence: BackfillFence
    private let pace: BackfillPace
    private var reader: BackfillReader
    private var delivery: Delivery
    private var connection: Connection

    /// Claims a backfill, waiting for a process that is not heard of.
    ///
    /// - Throws: ``ExportJobError/Code/fenced`` where another process works on it.
    package init(
        _ job: BackfillJob, owner: String, takesOver: Bool = false, delivery: consuming Delivery, pace: BackfillPace,
        fence: BackfillFence = BackfillFence(),
        connection: consuming Connection
    ) throws(ExportJobError) {
        var connection = connection
        var job = job
        let claim = try BackfillClaim.take(
            job.number, owner: owner, takesOver: takesOver, rest: pace.rest, isGoingOn: pace.isGoingOn, on: &connection)
        // Whoever had it before may have come further since it was looked up.
        let number = job.number
        job.sources = try connection.doing { (connection: inout Connection) throws(PostgresError) in
            try connection.query(SelectJobSources(number: number))
        }
        let reader = try BackfillReader(job.plan, devices: job.devices, on: &connection)
        self.reader = reader
        self.job = job
        self.claim = claim
        self.fence = fence
        self.pace = pace
        self.delivery = delivery
        self.connection = connection
    }

    /// Offsets that are left to look through.
    package var remaining: Int64 { job.sources.reduce(0) { $0 + $1.end - $1.next } }

    /// Sends the next chunk.
    package mutating func step() throws(ExportJobError) -> Turn {
        guard let index = job.sources.firstIndex(where: { $0.next < $0.end }) else {
            try claim.finish(on: &connection)
            return .finished
        }
        let limit = pace.limit(delivery.chunkLimit)
        let chunk: BackfillChunk
        do throws(PostgresError) {
            chunk = try reader.next(job.sources[index], limit: limit, on: &connection)
        } catch {
            throw ExportJobError(error)
        }
        try fence.pass(.read)
        if !chunk.messages.isEmpty {
            pace.wait(for: chunk.messages.count)
            guard pace.isGoingOn() else { throw ExportJobError(.interrupted, "Interrupted; nothing is lost, and the same command goes on.") }
            try Self.deliver(chunk, to: &delivery, claim, pace, on: &connection)
        }
        try fence.pass(.delivered)
        try claim.count(chunk, gapID: job.plan.gapID, fence: fence, on: &connection)
        job.sources[index].next = chunk.offsets.upperBound
        try fence.pass(.counted)
        return .sent(events: chunk.events, bytes: chunk.content.count)
    }

    /// Delivers a chunk, and is heard of meanwhile.
    private static func deliver(
        _ chunk: borrowing BackfillChunk, to delivery: inout Delivery, _ claim: BackfillClaim, _ pace: BackfillPace, on connection: inout Connection
    ) throws(ExportJobError) {
        var heard = pace.now()
        var lost: ExportJobError?
        do throws(ExportJobError) {
            try delivery.deliver(chunk) {
                guard pace.isGoingOn() else { return false }
                guard pace.now() - heard >= BackfillClaim.lease / 6 else { return true }
                heard = pace.now()
                do throws(ExportJobError) {
                    try claim.renew(on: &connection)
                } catch {
                    lost = error
                    return false
                }
                return true
            }
        } catch {
            throw lost ?? error
        }
    }

    /// Gives the backfill back, where it is not at its end.
    package mutating func release() throws(PostgresError) { try claim.release(on: &connection) }
}

/// How fast to send, and until when: with a clock and a way to wait that a test can be.
package final class BackfillPace {
    private let rate: Double?
    /// The time since any instant.
    let now: () -> Duration
    private var bucket: TokenBucket?
    /// Waits; ends early where the process is asked to stop.
    let rest: (Duration) -> Void
    /// Whether nobody asked to stop.
    let isGoingOn: () -> Bool

    /// A pace.
    ///
    /// - Parameters:
    ///   - rate: messages a second; nil for as fast as it goes.
    ///   - now: the time since any instant.
    package init(rate: Double?, now: @escaping () -> Duration, rest: @escaping (Duration) -> Void, isGoingOn: @escaping () -> Bool) {
        self.rate = rate
        self.now = now
        self.rest = rest
        self.isGoingOn = isGoingOn
        bucket = rate.map { TokenBucket(rate: $0, now: now()) }
    }

    /// How many messages a chunk may have: no more than a second's.
    func limit(_ limit: Int) -> Int { rate.map { min(limit, max(1, Int($0))) } ?? limit }

    /// Waits until so many messages may go.
    func wait(for count: Int) {
        guard let wait = bucket?.take(count, now: now()), wait > .zero else { return }
        rest(wait)
    }
}

/// What a backfill would send.
package struct BackfillForecast: Equatable, Sendable {
    /// Events of the log.
    package var events: Int64 = 0
    /// Messages.
    package var messages: Int64 = 0
    /// Their bytes, before compression.
    package var bytes: Int64 = 0
    /// Devices.
    package var devices: Int { names.count }
    private var names: Set<String> = []

    /// Looks through everything and sends nothing.
    package static func make(
        _ plan: BackfillPlan, devices: [String], isGoingOn: () -> Bool, on connection: inout Connection
    ) throws(ExportJobError) -> BackfillForecast {
        var forecast = BackfillForecast()
        var reader = try BackfillReader(plan, devices: devices, on: &connection)
        let sources = try connection.doing { (connection: inout Connection) throws(PostgresError) in try BackfillJob.sources(plan, on: &connection) }
        for source in sources {
            var source = source
            while source.next < source.end {
                guard isGoingOn() else { throw ExportJobError(.interrupted, "Interrupted; nothing was sent.") }
                let chunk: BackfillChunk
                do throws(PostgresError) {
                    chunk = try reader.next(source, limit: 5000, on: &connection)
                } catch {
                    throw ExportJobError(error)
                }
                forecast.events += Int64(chunk.events)
                forecast.messages += Int64(chunk.messages.count)
                forecast.bytes += Int64(chunk.content.count)
                for message in chunk.messages where !message.device.isEmpty { forecast.names.insert(message.device) }
                source.next = chunk.offsets.upperBound
            }
        }
        return forecast
    }
}
