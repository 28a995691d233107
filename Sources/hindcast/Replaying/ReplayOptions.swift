import ArgumentParser
import Projections
import Replay

/// What is tried, and on what: the options of `replay plan` and `replay what-if`.
struct ReplayRequestOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The template to try: a file that nobody has to publish, or a published version.", valueName: "file|id@version"))
    var template: TriedTemplateArgument

    @Option(help: ArgumentHelp("Try it from this moment on: RFC 3339, or a day.", valueName: "time"))
    var from: TimeArgument?

    @Option(help: ArgumentHelp("Try it up to this moment only; such a run can be looked at and not promoted.", valueName: "time"))
    var to: TimeArgument?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Try it on these devices: ids with * and ? as wildcards, and files with one id a line.", valueName: "glob|file"))
    var devices: [String] = []

    @Flag(help: "Read every event, also what the change cannot touch; the result is the same.")
    var full = false

    /// The request; the files are read.
    func request(_ purpose: ReplayRun.Purpose) throws(OperatorError) -> ReplayRequest {
        var request = ReplayRequest(purpose, template: try template.resolve(), actor: Actor.name)
        request.devices = try DevicePatterns.read(devices)
        request.fromTime = from?.time
        request.toTime = to?.time
        request.isFull = full
        return request
    }
}

/// How a run is worked on: the options of the commands that do so.
struct ReplayWorkOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How many threads of this process work on it.", valueName: "n"))
    var workers = 1

    @Option(help: ArgumentHelp("The part of its time that each works; for the rest it leaves the machine to others.", valueName: "p%"))
    var share: ShareArgument?

    func validate() throws {
        guard (1...64).contains(workers) else { throw ValidationError("--workers is \(workers), expected 1 to 64.") }
    }

    /// As the team takes them.
    func team(_ settings: Settings, _ database: Database) -> ReplayTeam.Settings {
        // Who may not project relies on those who do.
        let live = try? database.settings(for: .project)
        var projection = settings.projectionSettings
        projection.ownerName = "replay"
        return ReplayTeam.Settings(workers: workers, share: share?.share ?? 1, live: live, projection: projection)
    }
}

/// How a diff is looked at: the options of the commands that print one.
struct ReplayDiffOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Count the changes by device, template, path, rule or day.", valueName: "dimension"))
    var by: ReplayChangeGroup.Dimension?

    @Option(help: ArgumentHelp("At most so many changes, and so many groups, worst first. Default: 20 as text, else all.", valueName: "n"))
    var sample: Int64?

    @Option(help: "text, json (one object a line) or csv (RFC 4180).")
    var format = TableFormat.text

    func validate() throws {
        if let sample, sample < 0 { throw ValidationError("--sample is \(sample), expected 0 or more.") }
    }

    /// The most rows of a table.
    var limit: Int64 { sample ?? (format == .text ? 20 : .max) }
}

extension ReplayChangeGroup.Dimension: ExpressibleByArgument {}
