import JSON

/// Which events of the log an export should have sent to a destination, by one version of both definitions.
///
/// Simulated devices are the caller's: whether a device is one is the fleet's knowledge, not the event's. So are sources that are fed by the export.
package struct ExportExpectation: Sendable {
    /// What an export makes of an event.
    package enum Verdict: Equatable, Sendable {
        /// It should have sent it.
        case expected
        /// It would have, but the payload is not JSON, and the service keeps such messages to itself.
        case malformed
        /// Its filter leaves it out.
        case filtered
        /// It is of another tenant or source, or what an export sent itself.
        case notConcerned
        /// Its filter asks for what the event does not say, or cannot be evaluated at all.
        case undecided
    }

    /// The namespace whose events count.
    package let tenant: String
    /// What the export sends.
    package let source: ExportSource
    /// Whether simulated devices are expected at the destination.
    package let takesSimulatedDevices: Bool
    /// Why the filter cannot be evaluated; nil where it can.
    package let filterError: ExportFilterError?
    private let filter: ExportFilter?

    /// Whether events can be counted: not where the filter cannot be evaluated.
    package var isCountable: Bool { filterError == nil }

    /// Whether it expects all telemetry that is JSON, so that hourly traffic tells how much that is: see ``TrafficDelta/exportable``.
    package var isAllTelemetry: Bool { source == .telemetry && filter?.admitsAll == true }

    /// Takes both definitions; a destination of which nothing is known takes everything.
    package init(tenant: String, definition: ExportDefinition, destination: ExportDestination?) {
        self.tenant = tenant
        source = definition.source
        takesSimulatedDevices = destination?.takesSimulatedDevices ?? true
        do throws(ExportFilterError) {
            filter = try ExportFilter(definition.filter)
            filterError = nil
        } catch {
            filter = nil
            filterError = error
        }
    }

    /// What every export of an event's source makes of it that has no filter: never filtered or undecided.
    package static func unfiltered(_ event: borrowing DecodedEvent, _ record: borrowing RecordView) -> Verdict {
        // A change of a twin's tags changes no property.
        if event.kind == .twin && event.sections.isEmpty { return .notConcerned }
        if event.envelope == .iotCentral && BackfillIdentity.isBackfill(record.headers) { return .notConcerned }
        return event.syntaxError != nil || (event.kind.isJudged && !event.hasDocument) ? .malformed : .expected
    }

    /// What the export should have made of an event. The event has to be the one that `decoder` decoded last, and the record the one that it came from.
    package func verdict(_ event: borrowing DecodedEvent, _ record: borrowing RecordView, decoder: borrowing EventDecoder) -> Verdict {
        guard ExportSource(kind: event.kind) == source, event.bytes(event.tenant).equals(tenant) else { return .notConcerned }
        let unfiltered = Self.unfiltered(event, record)
        guard unfiltered == .expected else { return unfiltered }
        guard let filter else { return .undecided }
        switch filter.admits(event, record, decoder: decoder) {
        case .some(true): return .expected
        case .some(false): return .filtered
        case .none: return .undecided
        }
    }
}
