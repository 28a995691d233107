import Catalog
package import Diagnostics
import EventLog
package import Postgres

/// Compares the log with what a destination has, event by event, and keeps what it found.
///
/// Memory: a table of what the destination has of the stretch, 30 to 45 MB a million messages and never more than the settings say, for a larger destination is
/// read in several rounds; 32 bytes each missing event; at most 16 MB for the times of arrivals.
package struct Reconciler {
    private let expectation: RouteExpectation
    private let settings: ReconciliationSettings
    private let bound: Set<String>

    /// Looks up what the route should have sent.
    ///
    /// - Throws: ``ExportJobError/Code/requestInvalid`` where no such export is known or it has no such destination, ``ExportJobError/Code/notKnown`` where
    ///   messages cannot be told apart at the destination.
    package init(
        route: ExportRoute, settings: ReconciliationSettings = ReconciliationSettings(), on connection: inout Connection
    ) throws(ExportJobError) {
        self.settings = settings
        expectation = try RouteExpectation.find(route, on: &connection)
        bound = try connection.doing { (connection: inout Connection) throws(PostgresError) in
            Set(try ExportBinding.all(on: &connection).filter { $0.route.exportID == route.exportID && $0.route.tenant == route.tenant }.map(\.topic))
        }
    }

    /// The stretch of time that is compared: whole milliseconds, since messages tell no more.
    ///
    /// - Parameters:
    ///   - from: nil for the log's first event.
    ///   - to: the first instant that is not compared; nil for the grace period before now.
    package func times(from: Timestamp?, to: Timestamp?, now: Timestamp, on connection: inout Connection) throws(ExportJobError) -> Range<Timestamp> {
        var first = from
        if first == nil {
            first = try connection.doing { (connection: inout Connection) throws(PostgresError) in try LogTimes.firstEvent(on: &connection) }
        }
        let end = to ?? Timestamp(microseconds: now.microseconds - settings.grace)
        guard let first else { throw ExportJobError(.notKnown, "The log holds no events, so there is nothing to compare with.") }
        let (lower, upper) = (first.wholeMilliseconds, end.wholeMilliseconds)
        guard lower < upper else {
            throw ExportJobError(
                .requestInvalid, "From \(lower.rfc3339) to \(upper.rfc3339) is no stretch of time, expected the end after the beginning.")
        }
        return lower..<upper
    }

    /// Since when what the broker got may be of a stretch.
    package func earliestArrival(_ times: Range<Timestamp>) -> Timestamp {
        Timestamp(microseconds: times.lowerBound.microseconds - settings.grace)
    }

    /// Compares, and stores the outcome with every missing event in one transaction.
    ///
    /// - Parameter actor: who asks.
    /// - Throws: ``ExportJobError/Code/notKnown`` where the projections, which say which devices are simulated, have not come to the stretch's end, or more is
    ///   missing than is kept.
    package func run(
        _ times: Range<Timestamp>, destination: inout some DestinationReading & ~Copyable, actor: String, on connection: inout Connection
    ) throws(ExportJobError) -> Reconciliation {
        try requireProjected(times, on: &connection)
        let comparison = Comparison(route: expectation.route, times: times, settings: settings)
        let most = max(1, settings.memory / FingerprintTable.largestBytesPerEntry)
        let count = Int(max(1, (try destination.estimate() + most - 1) / most))
        for index in 0..<count {
            comparison.begin(TimeSlice(index: index, count: count))
            try destination.read { comparison.has($0) }
            try expect(comparison, on: &connection)
            comparison.end()
            guard !comparison.isOverfull else {
                throw ExportJobError(
                    .notKnown,
                    "More than \(settings.missingLimit) events are missing, which is more than one comparison keeps; compare a shorter stretch.")
            }
        }
        comparison.conclude()
        var result = comparison.result
        let missing = comparison.missing
        let (stored, decided) = (result, actor)
        result.number = try connection.doing { (connection: inout Connection) throws(PostgresError) in
            try ReconciliationStore.write(stored, missing: missing, actor: decided, on: &connection)
        }
        return result
    }

    // MARK: -

    /// What is not projected would be missed on the one side only.
    private func requireProjected(_ times: Range<Timestamp>, on connection: inout Connection) throws(ExportJobError) {
        let (route, bound) = (expectation.route, bound)
        let behind = try connection.doing { (connection: inout Connection) throws(PostgresError) -> LogReach.Reached? in
            for reached in try LogReach.now(on: &connection).sources(tenant: route.tenant, without: bound)
            where reached.next < reached.source.nextOffset {
                let offsets = reached.next..<reached.source.nextOffset
                if try !LogRanges.overlapping(source: reached.source.sourceID, offsets: offsets, times: times, on: &connection).isEmpty {
                    return reached
                }
            }
            return nil
        }
        guard let behind else { return }
        throw ExportJobError(
            .notKnown,
            "Source \(behind.source.sourceID) is projected to offset \(behind.next) of \(behind.source.nextOffset), and what lies behind is of the time that is to be compared; let `hindcast project` come to its end first."
        )
    }

    /// Walks over what was expected, in every source that the export does not feed itself.
    private func expect(_ comparison: Comparison, on connection: inout Connection) throws(ExportJobError) {
        let (expectation, bound, times) = (expectation, bound, comparison.result.times)
        try connection.doing { (connection: inout Connection) throws(PostgresError) in
            let simulated = try SimulatedDevices.all(tenant: expectation.route.tenant, on: &connection)
            for reached in try LogReach.now(on: &connection).sources(tenant: expectation.route.tenant, without: bound) {
                let source = reached.source
                var events = ExpectedEvents(source: source, expectation: expectation)
                try events.walk(from: times.lowerBound, to: times.upperBound, offsets: 0..<reached.next, on: &connection) {
                    (logged, device, event, decoder, inForce, verdict) in
                    if !inForce.takesSimulatedDevices, simulated.contains(device) { return }
                    comparison.expects(logged, source: source.sourceID, device: device, event, decoder: decoder, verdict)
                }
            }
        }
    }
}

extension RouteExpectation {
    /// What a route should have sent, by all that is known of its export.
    ///
    /// - Throws: ``ExportJobError/Code/requestInvalid`` where the export or its destination is not known, saying which are.
    package static func find(_ route: ExportRoute, on connection: inout Connection) throws(ExportJobError) -> RouteExpectation {
        let known = try connection.doing { (connection: inout Connection) throws(PostgresError) in try KnownExports.all(on: &connection)[route.tenant]
        }
        guard let known, let definition = known.export(route.exportID) else {
            let names = known?.exports.keys.sorted().joined(separator: ", ") ?? ""
            throw ExportJobError(
                .requestInvalid,
                "No export \"\(route.exportID)\" of tenant \"\(route.tenant)\" is known\(names.isEmpty ? "" : ", only \(names)"). `hindcast export import` makes one known."
            )
        }
        guard known.routes.contains(route), let expectation = known.expectation(of: route) else {
            let names = definition.targets.map(\.destinationID).joined(separator: ", ")
            throw ExportJobError(
                .requestInvalid, "Export \"\(route.exportID)\" has no destination \"\(route.destinationID)\", only \(names.isEmpty ? "none" : names)."
            )
        }
        if definition.targets.contains(where: { $0.destinationID == route.destinationID && $0.hasTransform }) {
            throw ExportJobError(
                .notKnown,
                "A transform reshapes what \"\(route.exportID)\" sends to \"\(route.destinationID)\", so its messages cannot be found again in the log, and none can be made like them."
            )
        }
        return expectation
    }
}

extension Timestamp {
    /// Cut to milliseconds.
    var wholeMilliseconds: Timestamp {
        let remainder = microseconds % 1000
        return Timestamp(microseconds: microseconds - (remainder < 0 ? remainder + 1000 : remainder))
    }
}
