package import Diagnostics
package import EventLog
package import Postgres

/// Walks over the events of one source that a route should have sent: the only way in which gaps, comparisons and backfills look at the log, so that they
/// cannot disagree on what is expected.
///
/// Batches that hold nothing of the time are not read. Each event is decoded from its bytes, as every fold does, and handed out in the order of offsets.
package struct ExpectedEvents: ~Copyable {
    /// How many offsets are read at once: as many devices at most have to be numbered before the rest goes on.
    private static let chunk: Int64 = 20_000

    private let source: LogSource
    private let expectation: RouteExpectation
    private let reader = LogReader()
    private var decoder = EventDecoder()
    private var event = DecodedEvent()
    private var devices = DeviceDictionary()

    /// A walker over one source. The caller leaves out sources that are bound to the route's export.
    package init(source: LogSource, expectation: RouteExpectation) {
        self.source = source
        self.expectation = expectation
    }

    /// Hands out the events of a time and of some offsets that belong to the export's source and tenant, whatever the verdict on them: expected, malformed,
    /// filtered or undecided. Those of other kinds or tenants are passed over.
    ///
    /// Devices that are simulated are handed out too: whether that matters is the expectation's ``ExportExpectation/takesSimulatedDevices``, see
    /// ``SimulatedDevices``.
    ///
    /// - Parameters:
    ///   - from: the first instant.
    ///   - to: the first instant after; nil for no end.
    ///   - offsets: offsets below what the projections have passed.
    ///   - body: gets the event, its device's number, what it decodes to, the decoder that its nodes belong to, the expectation that is in force, its verdict.
    /// - Returns: how many events were read from the log.
    @discardableResult
    package mutating func walk(
        from: Timestamp = .earliest, to: Timestamp? = nil, offsets: Range<Int64>, on connection: inout Connection,
        _ body: (borrowing LoggedEvent, Int32, borrowing DecodedEvent, borrowing EventDecoder, ExportExpectation, ExportExpectation.Verdict) -> Void
    ) throws(PostgresError) -> Int {
        // `infinity` would be no instant of a range; nothing in the log is later than the last instant there is.
        let end = to ?? .endOfTime
        guard from < end else { return 0 }
        let ranges = try LogRanges.overlapping(
            source: source.sourceID, offsets: offsets, times: from..<end, limit: Self.chunk, on: &connection)
        var count = 0
        for range in ranges { count += try walk(range, times: from..<end, on: &connection, body) }
        return count
    }

    // MARK: -

    private mutating func walk(
        _ range: Range<Int64>, times: Range<Timestamp>, on connection: inout Connection,
        _ body: (borrowing LoggedEvent, Int32, borrowing DecodedEvent, borrowing EventDecoder, ExportExpectation, ExportExpectation.Verdict) -> Void
    ) throws(PostgresError) -> Int {
        var count = 0
        var next: Int64? = range.lowerBound
        while let from = next {
            // An event of a device that has no number here stops the handing out; what follows is only looked through for more such devices.
            var stopped: Int64?
            var unnumbered: Set<DeviceDictionary.Name> = []
            var decoder = self.decoder
            var event = self.event
            var devices = self.devices
            let (settings, expectation) = (source.settings, expectation)
            var handed = 0
            _ = try reader.copy(
                source: source.sourceID, range: from..<range.upperBound, kinds: expectation.kinds, times: times, on: &connection
            ) { logged in
                decoder.decode(logged.record, settings: settings, into: &event)
                guard times.contains(event.eventTime) else { return }
                let inForce = expectation.versions[expectation.index(at: event.eventTime)].expectation
                let verdict = inForce.verdict(event, logged.record, decoder: decoder)
                guard verdict != .notConcerned else { return }
                let known = logged.decoder == EventDecoder.version ? logged.deviceKey : devices.key(of: event)
                guard let known else {
                    unnumbered.insert(devices.name(of: event))
                    stopped = stopped ?? logged.offset
                    return
                }
                guard stopped == nil else { return }
                handed += 1
                body(logged, known, event, decoder, inForce, verdict)
            }
            self.decoder = decoder
            self.event = event
            self.devices = devices
            count += handed
            if !unnumbered.isEmpty { _ = try self.devices.resolve(unnumbered, on: &connection) }
            next = stopped
        }
        return count
    }
}

extension Timestamp {
    /// Later than every event: what stands for no end in a range.
    package static let endOfTime = Timestamp(microseconds: latest.microseconds + 1)
}
