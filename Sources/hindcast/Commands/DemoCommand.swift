import ArgumentParser
import Diagnostics
import Glibc
import Logging
import Simulation
import Synchronization

/// `hindcast demo`.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Shows everything on this machine, with a simulated fleet.",
        discussion: """
            Starts what `hindcast up --embedded` starts, and a simulator. The simulator first writes a plan: which device has which trouble, and how many \
            messages of which kind it sends, and when which export delivers nothing. Then it sends them. Once all are processed, what one export lost is \
            given back into files below DIR/backfill, the SQL views are held against the plan, and the causes and gaps are printed with counts; any \
            difference is exit status 1.

            Without --exit the fleet goes on sending, and the views can be looked at with the psql line that is printed.

            Examples:
              hindcast demo --exit
              hindcast demo --devices 5000 --seed 7 --dir /var/tmp/demo
            """)

    @OptionGroup var options: SettingOptions

    @Option(help: ArgumentHelp("How many devices; every trouble is there from \(Trouble.allCases.count) on.", valueName: "count"))
    var devices = 500

    @Option(help: "What decides every choice of the simulator.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Messages a second after the history.", valueName: "count"))
    var rate = 50

    @Flag(help: "End when all is processed and compared.")
    var exit = false

    @Option(help: ArgumentHelp("Where the database and the plan are kept; default: /var/tmp/hindcast-demo-<user id>.", valueName: "dir"))
    var dir: String?

    func validate() throws {
        if !(1...1_000_000).contains(devices) { throw ValidationError("--devices \(devices): expected 1 to 1000000.") }
        if !(1...100_000).contains(rate) { throw ValidationError("--rate \(rate): expected 1 to 100000.") }
    }

    func run() async throws {
        var settings = try options.load()
        // What the parts have to say would bury what the demo shows, unless somebody asked for it.
        let isAsked = settings.values.contains { $0.key == .logLevel && $0.value?.origin != .fallback }
        var logger = Logger(settings.log)
        if !isAsked { logger.logLevel = .warning }
        let now = Clock.now
        let plan = FleetPlan(
            devices: devices, seed: seed, tenant: "demo-" + now.rfc3339.prefix(19).filter { $0.isNumber || $0 == "T" }, startedAt: now)
        settings.ingest.topics = [DemoRun.topic: SourceSettings(tenant: plan.tenant)]
        settings.project.snapshot = .seconds(1)
        let directory = dir ?? "/var/tmp/hindcast-demo-\(getuid())"

        Output.line("hindcast demo: \(devices) devices, seed \(seed), in \(directory)")
        let stack = try await EmbeddedStack.start(
            in: directory, settings: settings, topics: [DemoRun.topic], partitions: Int(DemoRun.partitions), logger: logger)
        let path = "\(directory)/\(plan.tenant).plan.json"
        let run = DemoRun(
            stack: stack, plan: plan, planPath: path, backfillPath: "\(directory)/backfill", palette: Palette(isOn: Output.isColoured))
        let outcome = DemoOutcome()
        do {
            try run.prepare()
            try await ServiceRun.run(try services(run, outcome), logger: logger)
        } catch {
            await stack.stop()
            throw error
        }
        await stack.stop()
        if exit {
            Output.line("to look further: hindcast up --embedded \(directory), which prints a line psql \"host=…\"; with it: \(run.query)")
        }
        if outcome.agrees == false { throw Verdict(status: .negative) }
    }

    /// The stack's services, and the demo as one more that has them all end when it ends.
    private func services(_ run: DemoRun, _ outcome: DemoOutcome) throws -> [CancellableService] {
        let (addresses, announce) = AsyncStream.makeStream(of: String.self)
        let (exit, rate) = (exit, rate)
        let demo = CancellableService("demo") {
            guard let address = await addresses.first(where: { _ in true }) else { return }
            let agrees = try await run.historyAgrees(bootstrapServers: address)
            outcome.note(agrees)
            guard !exit else { return }
            Output.line("to look further: psql \"\(run.stack.postgres.conninfo)\" -c \"\(run.query)\"")
            try await run.goOn(bootstrapServers: address, rate: rate)
        }
        return try run.stack.services { announce.yield($0) } + [demo]
    }
}

/// Whether the views said what the plan says; nil until that is known.
private final class DemoOutcome: Sendable {
    private let state = Mutex<Bool?>(nil)

    var agrees: Bool? { state.withLock { $0 } }

    func note(_ agrees: Bool) { state.withLock { $0 = agrees } }
}
