import Catalog
import Diagnostics
import EventLog
import Postgres

/// A monitor from its first line to its last: what the log has, then what comes, and why nothing does.
struct MonitorRun<Lens: MonitorLens> {
    /// How often the log is looked at for more.
    private static var interval: Duration { .milliseconds(500) }
    /// How many events are looked at, at most, for the last ones that match a pattern.
    private static var budget: Int { 200_000 }

    /// Prints what was there before in another way than by reading the log.
    typealias History = (_ connection: inout Connection, _ show: (Lens.Item) throws -> Bool) throws -> Void

    let filter: MonitorFilter
    private let options: MonitorOptions
    private var tail: MonitorTail<Lens>
    private var printer: MonitorPrinter

    init(_ options: MonitorOptions, lens: (MonitorFilter) -> Lens) {
        self.options = options
        filter = MonitorFilter(
            device: options.device, module: options.module, tenant: options.tenant, since: options.since?.instant(now: Clock.now))
        tail = MonitorTail(lens(filter))
        printer = MonitorPrinter(options.format, limit: options.maxEvents)
    }

    /// How many items were shown.
    var shown: Int { printer.shown }

    /// Runs to the end that the options ask for.
    ///
    /// - Parameter projection: what the monitor waits for, beside the log.
    mutating func run(on connection: inout Connection, projection: String? = nil, history: History? = nil) async throws {
        let begun = ContinuousClock.now
        try showHistory(on: &connection, history)
        var watch = QuietWatch(now: .now)
        while options.isFollowing, !printer.isDone {
            if let duration = options.duration?.duration, ContinuousClock.now - begun >= duration { break }
            let before = shown
            try tail.drain(on: &connection) { try printer.show($0) }
            let now = ContinuousClock.now
            if shown > before {
                watch.note(now: now)
            } else if watch.isDue(now: now) {
                try sayWhy(projection, on: &connection)
            }
            let rest = options.duration.map { $0.duration - (ContinuousClock.now - begun) } ?? Self.interval
            if !printer.isDone { try await Task.sleep(for: max(.zero, min(rest, Self.interval))) }
        }
        if watch.isDueAtEnd(shown: shown) { try sayWhy(projection, on: &connection) }
    }

    // MARK: - What was there before

    private mutating func showHistory(on connection: inout Connection, _ history: History?) throws {
        if let history {
            try tail.seekEnd(on: &connection)
            if options.last != 0 { try history(&connection) { try printer.show($0) } }
        } else if let since = filter.since {
            try tail.seek(since, on: &connection)
            guard let last = options.last else { return try tail.drain(on: &connection) { try printer.show($0) } }
            var items = LastItems<Lens.Item>(limit: last)
            try tail.drain(on: &connection) { item in
                items.insert([item])
                return true
            }
            try show(items.items)
        } else {
            try tail.seekEnd(on: &connection)
            try show(try last(options.beginning ?? 0, on: &connection))
        }
    }

    private mutating func last(_ limit: Int, on connection: inout Connection) throws -> [Lens.Item] {
        if let device = filter.onlyDevice {
            let keys = try DeviceReader.keys(of: device, tenant: filter.tenant, on: &connection)
            return try tail.last(limit, ofDevices: keys, filtersModules: filter.module != nil, on: &connection)
        }
        let found = try tail.last(limit, budget: Self.budget, on: &connection)
        if found.isCut {
            Output.error(
                "hindcast: looked at the last \(Self.budget) events only, which held \(found.items.count) of \(limit); --since looks further back.")
        }
        return found.items
    }

    private mutating func show(_ items: [Lens.Item]) throws {
        for item in items {
            if try !printer.show(item) { return }
        }
    }

    // MARK: - Why nothing is to be seen

    private func sayWhy(_ projection: String?, on connection: inout Connection) throws {
        let facts = try QuietFacts(filter, projection: projection, on: &connection)
        for sentence in QuietReason.sentences(facts) { Output.error("hindcast: \(PrintableText.of(sentence))") }
    }
}

extension QuietFacts {
    /// Reads what is known now.
    init(_ filter: MonitorFilter, projection: String?, on connection: inout Connection) throws {
        now = Clock.now
        self.filter = filter
        sources = try connection.query(SelectIngestProgress())
        // A candidate that is being built is behind by nature, and nobody is shown what it says.
        let shown = try [0, Generations.live(on: &connection)]
        projections =
            try projection.map { name in
                try connection.query(SelectProjectionProgress()).filter { $0.projection == name && shown.contains($0.generation) }
            } ?? []
        if let id = filter.onlyDevice {
            let rows = try connection.query(SelectNamedDevices(text: id, tenant: filter.tenant ?? "", splits: []))
            // The log knows a device before the projections do.
            let isLogged = try rows.isEmpty && !DeviceReader.keys(of: id, tenant: filter.tenant, on: &connection).isEmpty
            device =
                try rows.isEmpty && !isLogged ? .unknown(nearest: DeviceLookup.nearest(to: id, tenant: filter.tenant, on: &connection)) : .known(rows)
            matchesNobody = false
        } else {
            device = nil
            matchesNobody =
                try filter.device != nil
                && connection.queryOne(SelectMatchesDevice(device: DeviceGlob.like(filter.deviceText), tenant: filter.tenant ?? "")) == false
        }
    }
}
