import Diagnostics
import EventLog
import JSON
import Postgres

/// How a monitor looks at the log: up to where, and what an event is to it.
protocol MonitorLens {
    associatedtype Item: MonitorItem

    /// The kinds of events that may have something to show; empty for all.
    static var kinds: [EventKind] { get }

    /// The sources, and the offset in each before which events are shown.
    mutating func ends(on connection: inout Connection) throws -> [(source: LogSource, end: Int64)]

    /// What has to be read before events of a source are looked at, since a connection that streams rows can answer nothing else meanwhile.
    mutating func prepare(_ source: LogSource, on connection: inout Connection) throws

    /// What is to be shown of an event; nothing where the filter leaves it out.
    mutating func items(of event: borrowing LoggedEvent, in source: LogSource) -> [Item]
}

/// Decodes and filters: what every lens begins with.
struct EventFilter {
    let filter: MonitorFilter
    private(set) var decoder = EventDecoder()
    private(set) var event = DecodedEvent()

    init(_ filter: MonitorFilter) { self.filter = filter }

    /// Whether the event is one of those asked for; `event` is then what was read out of it.
    mutating func take(_ logged: borrowing LoggedEvent, in source: LogSource) -> Bool {
        decoder.decode(logged.record, settings: source.settings, into: &event)
        return filter.admits(event)
    }

    func place(of logged: borrowing LoggedEvent, in source: LogSource) -> EventPlace {
        EventPlace(ingestTime: logged.record.ingestTime, source: source.sourceID, offset: logged.offset)
    }
}
