import ArgumentParser
import Logging
import Postgres

/// `hindcast monitor events`.
struct MonitorEventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Shows what devices sent last, one event a line.",
        discussion: """
            Events come in the order of the log: by source and offset, sources side by side.

            Examples:
              hindcast monitor events --device unit-0007 --follow
              hindcast monitor events --last 100
            """)

    /// How far back of each source's end matching events are looked for at the start.
    private static let reach: Int64 = 10_000

    @OptionGroup var options: SettingOptions
    @OptionGroup var monitor: MonitorOptions

    func run() async throws {
        let settings = try options.load()
        let database = Database(area: settings.postgres, logger: Logger(settings.log))
        var ends = try database.connect(as: .admin)
        let palette = Palette(isOn: Output.isColoured)
        var reached: [Int32: Int64] = [:]
        var isFirst = true
        repeat {
            let sources = try ends.query(SelectIngestProgress())
            let positions = sources.map { source in
                let first = reached[source.source] ?? (isFirst ? max(0, source.nextOffset - Self.reach) : 0)
                return SourcePosition(source: source.source, first: first, next: source.nextOffset)
            }
            for position in positions { reached[position.source] = position.next }
            let fresh = positions.filter { $0.first < $0.next }
            let limit = isFirst ? Int64(monitor.last) : Self.reach
            let events =
                try fresh.isEmpty
                ? [] : ends.query(SelectEventsFrom(positions: fresh, device: DeviceGlob.like(monitor.device), limit: limit))
            for event in isFirst ? events.suffix(monitor.last) : events[...] { Output.line(EventReport(event).summary(palette)) }
            isFirst = false
            if monitor.follow { try await Task.sleep(for: .milliseconds(500)) }
        } while monitor.follow
    }
}
