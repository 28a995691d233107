import Diagnostics
import EventLog
import Postgres

/// Reads the log forward from where it stands, every source by itself, and hands out what a lens makes of the events in the order of their ingest.
///
/// What it keeps is bounded: of each source what one short read gave.
struct MonitorTail<Lens: MonitorLens> {
    /// How many events of a source are read at once.
    private static var chunk: Int { 512 }
    /// How many bytes of payloads one read may leave waiting, and one event more.
    private static var chunkBytes: Int { 4 << 20 }
    /// How many events of one device are looked at for the last ones of a module.
    private static var reach: Int { 100_000 }

    private struct Reading {
        let source: LogSource
        var next: Int64
        var end: Int64
        var waiting: ArraySlice<Lens.Item> = []
        var hasMore: Bool { next < end }
    }

    private(set) var lens: Lens
    private var readings: [Int32: Reading] = [:]

    init(_ lens: Lens) { self.lens = lens }

    /// Stands before the end of every source: what comes from now on is new.
    mutating func seekEnd(on connection: inout Connection) throws {
        for (source, end) in try lens.ends(on: &connection) { readings[source.sourceID] = Reading(source: source, next: end, end: end) }
    }

    /// Stands, in every source, before the first event that may be as late as a time.
    mutating func seek(_ time: Timestamp, on connection: inout Connection) throws {
        for (source, end) in try lens.ends(on: &connection) {
            let first = try LogReader().firstOffset(of: source.sourceID, since: time, on: &connection) ?? end
            readings[source.sourceID] = Reading(source: source, next: min(first, end), end: end)
        }
    }

    /// The last items before where it stands.
    ///
    /// - Parameter budget: how many events are looked at, at most, over all sources.
    /// - Returns: the items, and whether the budget ended the search.
    mutating func last(_ limit: Int, budget: Int, on connection: inout Connection) throws -> (items: [Lens.Item], isCut: Bool) {
        var last = LastItems<Lens.Item>(limit: limit)
        var budget = budget
        var open = readings.values.map { (source: $0.source, before: $0.end) }.sorted { $0.source.sourceID < $1.source.sourceID }
        // Few at first: without a filter, that is all that is needed.
        var size = max(16, min(limit, Self.chunk))
        while limit > 0, !open.isEmpty {
            var rest: [(source: LogSource, before: Int64)] = []
            for (source, before) in open {
                guard budget > 0 else { return (last.items, true) }
                try lens.prepare(source, on: &connection)
                var oldest = Timestamp.latest
                let read = try LogReader().readBackward(source: source.sourceID, before: before, limit: min(size, budget), on: &connection) { event in
                    oldest = event.record.ingestTime
                    last.insert(lens.items(of: event, in: source))
                }
                budget -= read.count
                if read.reached > 0, read.count > 0, !last.isClosed(before: oldest) { rest.append((source, read.reached)) }
            }
            open = rest
            size = min(size * 4, 4 * Self.chunk)
        }
        return (last.items, false)
    }

    /// The last items of some devices, by the index on devices, however far back they stand.
    mutating func last(_ limit: Int, ofDevices devices: [Int32], filtersModules: Bool, on connection: inout Connection) throws -> [Lens.Item] {
        var last = LastItems<Lens.Item>(limit: limit)
        guard limit > 0 else { return [] }
        for device in devices {
            let events = filtersModules ? Self.reach : limit
            try DeviceReader.readLast(events, device: device, kinds: Lens.kinds, on: &connection) { source, event in
                if let source = readings[source]?.source { last.insert(lens.items(of: event, in: source)) }
            }
        }
        return last.items
    }

    /// Hands out everything up to the end of each source as it is now.
    ///
    /// - Parameter take: says whether more is wanted.
    mutating func drain(on connection: inout Connection, _ take: (Lens.Item) throws -> Bool) throws {
        for (source, end) in try lens.ends(on: &connection) {
            // A source that was opened meanwhile is new from its beginning.
            readings[source.sourceID, default: Reading(source: source, next: 0, end: end)].end = end
        }
        for source in readings.keys.sorted() { try fill(source, on: &connection) }
        while let (source, limit) = nextRun {
            // Until another source has something earlier, or what was read of this one is shown.
            while let item = readings[source]?.waiting.first, limit.map({ item.place < $0 }) ?? true {
                readings[source]?.waiting.removeFirst()
                if try !take(item) { return }
            }
            try fill(source, on: &connection)
        }
    }

    /// The source whose next item is the earliest, and the place of the earliest next item of another source.
    private var nextRun: (source: Int32, limit: EventPlace?)? {
        var first: (source: Int32, place: EventPlace)?
        var limit: EventPlace?
        for (source, reading) in readings {
            guard let place = reading.waiting.first?.place else { continue }
            if let known = first, known.place < place {
                limit = min(limit ?? place, place)
            } else {
                limit = first?.place
                first = (source, place)
            }
        }
        return first.map { ($0.source, limit) }
    }

    /// Reads on until something is there to show, or the end is reached.
    private mutating func fill(_ number: Int32, on connection: inout Connection) throws {
        guard var reading = readings[number], reading.waiting.isEmpty, reading.hasMore else { return }
        try lens.prepare(reading.source, on: &connection)
        var items: [Lens.Item] = []
        while items.isEmpty, reading.hasMore {
            let (source, end) = (reading.source, reading.end)
            var size = 0
            var stop: Int64?
            let read = try LogReader().read(source: number, from: reading.next, limit: Self.chunk, on: &connection) { event in
                if event.offset >= end || stop != nil { return }
                if size > Self.chunkBytes {
                    stop = event.offset
                } else {
                    items += lens.items(of: event, in: source)
                    size += event.record.payload?.byteCount ?? 0
                }
            }
            // No progress and nothing there: what is missing may become visible later.
            if read.reached == reading.next { break }
            reading.next = stop ?? min(read.reached, end)
        }
        reading.waiting = items[...]
        readings[number] = reading
    }
}
