import ArgumentParser
import DTDL
import ModelFiles

/// How findings about a template's text are printed.
enum LineFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

/// `hindcast template check`.
struct TemplateCheckCommand: ParsableCommand {
    /// By whose rules.
    enum Profile: String, ExpressibleByArgument, CaseIterable {
        case strict, iotcentral
    }

    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks models by the specification of DTDL v2, v3 and v4, or by what IoT Central accepts.",
        discussion: """
            Each file is one model; of a folder, each .json file below it. What a model refers to is looked for in the files and folders that are checked and \
            in --models, which may be a model repository (dtmi/com/example/thermostat-1.json) or any folder of .json files. With --profile iotcentral device \
            templates are read as well, and what IoT Central writes beyond the specification is a warning. No database is needed.

            Exit status: 0 all valid; 1 one is invalid; 3 none is, but something that one refers to is missing; 2 a file or folder cannot be read.

            Examples:
              hindcast template check thermostat.json
              hindcast template check models/ --models ../iot-plugandplay-models
              hindcast template check exported.json --profile iotcentral --format json
            """)

    @Argument(help: ArgumentHelp("Files, and folders of files, to check.", valueName: "file|dir"))
    var places: [String]

    @Option(help: "strict: the specification's rules; iotcentral: those of IoT Central.")
    var profile = Profile.strict

    @Option(help: ArgumentHelp("Where to look for what the files refer to.", valueName: "dir"))
    var models: String?

    @Option(help: "text (one line an error) or json (one object a line).")
    var format = LineFormat.text

    func run() throws {
        let files: [ModelFile]
        let resolver: FolderResolver
        do throws(ModelFileError) {
            files = try read()
            resolver = try FolderResolver(places + (models.map { [$0] } ?? []))
        } catch {
            throw OperatorError(.usage, error.description)
        }
        var options = ModelOptions()
        options.profile = profile == .strict ? .strict : .iotCentral
        let parser = ModelParser(options: options)
        var counts: [ModelResult.Outcome: Int] = [:]
        // What is wrong with a model that others need is found once for each of them, and said once.
        var said: Set<String> = []
        for file in files {
            let answered = resolver.answered.count
            let result = parser.parse([file.bytes], resolver: resolver)
            let report = ModelReport(result: result, paths: [file.path] + resolver.answered[answered...])
            for line in format == .text ? report.text : report.json where said.insert(line).inserted { Output.line(line) }
            counts[result.outcome, default: 0] += 1
        }
        let (invalid, unresolved) = (counts[.invalid] ?? 0, counts[.unresolved] ?? 0)
        if format == .text { Output.error("\(counts[.valid] ?? 0) valid, \(invalid) invalid, \(unresolved) unresolved") }
        if invalid > 0 { throw Verdict(status: .negative) }
        if unresolved > 0 { throw Verdict(status: .unknown) }
    }

    private func read() throws(ModelFileError) -> [ModelFile] {
        var files: [ModelFile] = []
        for place in places {
            let paths = try ModelFile.paths(at: place)
            if paths.isEmpty { throw ModelFileError(path: place, reason: "the folder has no .json file") }
            for path in paths { files.append(try ModelFile.read(path)) }
        }
        return files
    }
}
