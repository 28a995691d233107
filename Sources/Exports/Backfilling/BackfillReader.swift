import Diagnostics
import EventLog
import JSON
import Postgres

/// Reads what is to be sent, chunk by chunk: what a comparison names as missing, else what the route should have sent.
struct BackfillReader {
    /// The most bytes of a chunk, beyond which it ends with the message that it has.
    private static let byteLimit = 8 << 20
    /// How many offsets are looked through before an empty chunk ends.
    private static let offsetLimit: Int64 = 100_000
    /// How far apart two missing events may be to be read together.
    private static let distance: Int64 = 20_000

    private let plan: BackfillPlan
    private let expectation: RouteExpectation
    private let patterns: [DevicePattern]
    private let sources: [Int32: LogSource]
    private let simulated: Set<Int32>
    /// The gap that was named, else those that the times touch.
    private let gaps: [GapStretch]
    /// The ranges that may hold something, of the source that is read.
    private var ranges: (source: Int32, ranges: [Range<Int64>])?

    init(_ plan: BackfillPlan, devices: [String], on connection: inout Connection) throws(ExportJobError) {
        self.plan = plan
        expectation = try RouteExpectation.find(plan.route, on: &connection)
        patterns = devices.map { DevicePattern($0) }
        let read = try connection.doing { (connection: inout Connection) throws(PostgresError) in
            (
                try LogSources.all(on: &connection), try SimulatedDevices.all(tenant: plan.route.tenant, on: &connection),
                try GapStretch.all(of: plan, on: &connection)
            )
        }
        sources = Dictionary(uniqueKeysWithValues: read.0.map { ($0.sourceID, $0) })
        simulated = read.1
        gaps = read.2
    }

    /// The next chunk of a source: some messages, or the news that there are none up to an offset.
    ///
    /// - Parameter limit: the most messages, but for an event that makes two.
    mutating func next(_ cursor: BackfillJob.Source, limit: Int, on connection: inout Connection) throws(PostgresError) -> BackfillChunk {
        var chunk = try read(cursor, limit: limit, on: &connection)
        if plan.gapID == nil { try share(&chunk, on: &connection) }
        return chunk
    }

    // MARK: -

    private mutating func read(_ cursor: BackfillJob.Source, limit: Int, on connection: inout Connection) throws(PostgresError) -> BackfillChunk {
        guard let source = sources[cursor.id] else {
            throw PostgresError(.unexpectedValue, "source \(cursor.id) of a backfill is not in the log, expected it to stay there")
        }
        var chunk = BackfillChunk(source: cursor.id, partition: source.partition, offsets: cursor.next..<cursor.next)
        var events = ExpectedEvents(source: source, expectation: expectation)
        if let reconciliation = plan.reconciliation {
            let missing = SelectMissing(
                reconciliation: reconciliation, source: cursor.id, offsets: cursor.next..<cursor.end, times: plan.times, limit: Int64(limit))
            let near = Self.near(try connection.query(missing))
            guard let first = near.first, let last = near.last else {
                chunk.offsets = cursor.next..<cursor.end
                return chunk
            }
            try read(first..<last + 1, of: source, only: Set(near), &events, into: &chunk, limit: limit, on: &connection)
            return chunk
        }
        if ranges?.source != cursor.id {
            let offsets = cursor.next..<cursor.end
            ranges = (cursor.id, try LogRanges.overlapping(source: cursor.id, offsets: offsets, times: plan.times, on: &connection))
        }
        while chunk.messages.count < limit, chunk.content.count < Self.byteLimit,
            chunk.offsets.upperBound - cursor.next < Self.offsetLimit || chunk.messages.isEmpty == false
        {
            guard let range = ranges?.ranges.first(where: { $0.upperBound > chunk.offsets.upperBound }) else {
                chunk.offsets = cursor.next..<cursor.end
                break
            }
            let from = max(range.lowerBound, chunk.offsets.upperBound)
            let end = min(range.upperBound, from + Int64(max(limit - chunk.messages.count, 200)))
            try read(from..<end, of: source, only: nil, &events, into: &chunk, limit: limit, on: &connection)
            if chunk.offsets.upperBound < end || chunk.offsets.upperBound - cursor.next >= Self.offsetLimit { break }
        }
        return chunk
    }

    /// The first of some offsets that lie near enough to each other.
    private static func near(_ offsets: [Int64]) -> [Int64] {
        for index in offsets.indices.dropFirst() where offsets[index] - offsets[index - 1] > distance { return Array(offsets[..<index]) }
        return offsets
    }

    /// Reads a range into a chunk, up to the event that no longer fits.
    private func read(
        _ range: Range<Int64>, of source: LogSource, only: Set<Int64>?, _ events: inout ExpectedEvents, into chunk: inout BackfillChunk, limit: Int,
        on connection: inout Connection
    ) throws(PostgresError) {
        var filled = chunk
        var stopped: Int64?
        try events.walk(from: plan.times.lowerBound, to: plan.times.upperBound, offsets: range, on: &connection) {
            (logged, device, event, decoder, inForce, verdict) in
            guard stopped == nil, verdict == .expected, only?.contains(logged.offset) ?? isMissing(source.sourceID, logged.offset, event.eventTime)
            else { return }
            if !inForce.takesSimulatedDevices, simulated.contains(device) { return }
            let name = event.string(event.deviceID)
            guard patterns.isEmpty || patterns.contains(where: { $0.matches(name) }) else { return }
            guard filled.messages.count < limit, filled.content.count < Self.byteLimit else {
                stopped = logged.offset
                return
            }
            add(logged, source, name, event, decoder, to: &filled)
        }
        filled.offsets = filled.offsets.lowerBound..<(stopped ?? range.upperBound)
        chunk = filled
    }

    private func add(
        _ logged: borrowing LoggedEvent, _ source: LogSource, _ device: String, _ event: borrowing DecodedEvent, _ decoder: borrowing EventDecoder,
        to chunk: inout BackfillChunk
    ) {
        let application = event.string(event.tenant)
        var isSent = false
        for part in 0..<ExportMessage.parts(of: event) {
            let start = chunk.content.count
            guard ExportMessage.append(event, logged.record, decoder: decoder, applicationID: application, part: part, to: &chunk.content) else {
                continue
            }
            let id = BackfillIdentity.id(
                cluster: source.cluster, topic: source.topic, partition: source.partition, life: source.life, offset: logged.offset,
                route: plan.route,
                part: part)
            chunk.messages.append(
                BackfillMessage(id: id, offset: logged.offset, time: event.eventTime, device: device, bytes: start..<chunk.content.count))
            isSent = true
        }
        guard isSent else { return }
        chunk.events += 1
    }

    /// Whether an event that no comparison looked for is missing: of a gap of times, what receipts do not say is there; else everything that is read.
    private func isMissing(_ source: Int32, _ offset: Int64, _ time: Timestamp) -> Bool {
        guard plan.gapID != nil, plan.offsets == nil, let gap = gaps.first else { return true }
        return gap.holds(source: source, offset: offset, time: time)
    }

    /// Says how many of each gap's events a chunk has, where an operator named times and no gap.
    private func share(_ chunk: inout BackfillChunk, on connection: inout Connection) throws(PostgresError) {
        let source = chunk.source
        for gap in gaps {
            // An event that makes two messages is one.
            var offsets = Set(chunk.messages.filter { gap.holds(source: source, offset: $0.offset, time: $0.time) }.map(\.offset))
            if offsets.isEmpty { continue }
            if plan.reconciliation == nil, let reconciliation = gap.reconciliation {
                // Everything was sent, and a comparison of a part names what of it was missing.
                let missing = SelectMissing(
                    reconciliation: reconciliation, source: chunk.source, offsets: chunk.offsets, times: plan.times, limit: .max)
                offsets.formIntersection(try connection.query(missing))
            }
            if !offsets.isEmpty { chunk.gaps[gap.id] = Int64(offsets.count) }
        }
    }
}

private struct SelectMissing: Statement {
    let reconciliation: Int64
    let source: Int32
    let offsets: Range<Int64>
    let times: Range<Timestamp>
    let limit: Int64

    static let sql = """
        SELECT source_offset FROM hindcast.export_missing
        WHERE reconciliation_id = $1 AND source_id = $2 AND source_offset >= $3 AND source_offset < $4 AND event_time >= $5 AND event_time < $6
            AND NOT is_malformed
        ORDER BY source_offset LIMIT $7
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(reconciliation)
        parameters.append(source)
        parameters.append(offsets.lowerBound)
        parameters.append(offsets.upperBound)
        parameters.append(PostgresTimestamp(times.lowerBound))
        parameters.append(PostgresTimestamp(times.upperBound))
        parameters.append(limit)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
