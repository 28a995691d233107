import ArgumentParser
import Diagnostics
import Logging
import Postgres

/// `hindcast monitor findings`.
struct MonitorFindingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "findings",
        abstract: "Shows what was found last, one finding a line.",
        discussion: """
            With --follow a finding is shown again whenever its count has grown.

            Examples:
              hindcast monitor findings --follow
              hindcast monitor findings --device "pump-*" --last 50
            """)

    /// How much later than others an event may become visible and still be shown.
    private static let tolerance: Int64 = 300_000_000

    @OptionGroup var options: SettingOptions
    @OptionGroup var monitor: MonitorOptions

    func run() async throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .dashboard)
        let palette = Palette(isOn: Output.isColoured)
        var counts: [[String]: Int64] = [:]
        var since = Timestamp.earliest
        var isFirst = true
        repeat {
            let rows = try connection.query(SelectRecentFindings(device: DeviceGlob.like(monitor.device), since: since))
            let fresh = rows.filter { counts[$0.identity] != $0.count }
            for row in isFirst ? fresh.suffix(monitor.last) : fresh[...] { Output.line(line(row, palette)) }
            for row in rows { counts[row.identity] = row.count }
            if let last = rows.last { since = Timestamp(microseconds: max(since.microseconds, last.lastSeen.microseconds - Self.tolerance)) }
            isFirst = false
            if monitor.follow { try await Task.sleep(for: .seconds(1)) }
        } while monitor.follow
    }

    private func line(_ row: FindingRow, _ palette: Palette) -> String {
        let place = palette.dim("\(row.lastSeen.rfc3339) \(row.lastSource):\(row.lastOffset)")
        let device = palette.bold(PrintableText.of(row.device.isEmpty ? "(unknown device)" : row.device))
        return "\(place) \(device) \(palette.label(row.severity)) \(row.rule) ×\(row.count) \(PrintableText.of(row.message))"
    }
}
