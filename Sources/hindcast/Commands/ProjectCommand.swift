import ArgumentParser
import Exports
import Logging
import Projections

/// `hindcast project`.
struct ProjectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "project",
        abstract: "Runs the projections: findings, tallies, device state and health, and looks for gaps of exports.",
        discussion: """
            Any number of processes share the sources, and take over from one that is killed once its lease has ended.

            Examples:
              hindcast project
              hindcast project --exit-at-end --set project.workers=2
            """)

    @OptionGroup var options: SettingOptions

    @Flag(help: "End once every projection is where the log is.")
    var exitAtEnd = false

    func run() async throws {
        let settings = try options.load()
        let logger = Logger(settings.log)
        let postgres = try Database(area: settings.postgres, logger: logger).settings(for: .project)
        let metrics = try MetricsSetup(settings.metrics, logger: logger)
        let service = ProjectionService(postgres: postgres, settings: settings.projectionSettings, logger: logger)
        let exitAtEnd = exitAtEnd
        logger.info("Projecting", metadata: ["postgres.settings": "\(postgres)"])
        let gaps = GapService(postgres: postgres, settings: settings.exportSettings, logger: logger)
        let project = CancellableService("project") {
            guard exitAtEnd else { return try await service.run() }
            try await service.runUntilCaughtUp()
            try await gaps.runOnce()
        }
        let looking = exitAtEnd ? [] : [CancellableService("gaps") { await gaps.run() }]
        try await ServiceRun.run([project] + looking, logger: logger)
        await metrics.close()
    }
}
