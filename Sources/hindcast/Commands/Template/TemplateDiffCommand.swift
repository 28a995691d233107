import ArgumentParser
import DTDL
import ModelFiles

/// `hindcast template diff`.
struct TemplateDiffCommand: ParsableCommand {
    /// The effects that `--fail-on` takes.
    enum Effect: String, ExpressibleByArgument, CaseIterable {
        case breaking
    }

    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compares two versions of a template by what they mean to devices.",
        discussion: """
            A change is additive (what devices send stays right), breaking (something may not fit any more, or means something else) or cosmetic (only people \
            see it). With --fail-on breaking, a breaking change makes the exit status 1, for use in scripts. What the files refer to is looked for in --models, \
            which may be a model repository or any folder of .json files. No database is needed.

            Examples:
              hindcast template diff pump-1.json pump-2.json
              hindcast template diff pump-1.json pump-2.json --format json --fail-on breaking
              hindcast template diff pump-1.json pump-2.json --models ../iot-plugandplay-models
            """)

    @Argument(help: ArgumentHelp("The older version.", valueName: "old"))
    var older: String

    @Argument(help: ArgumentHelp("The newer version.", valueName: "new"))
    var newer: String

    @Option(help: ArgumentHelp("Where to look for what the files refer to.", valueName: "dir"))
    var models: String?

    @Option(help: "text (a table) or json (one object a line).")
    var format = LineFormat.text

    @Option(help: ArgumentHelp("Exit with 1 where there is such a change: breaking.", valueName: "effect"))
    var failOn: Effect?

    func run() throws {
        let resolver: FolderResolver
        do throws(ModelFileError) {
            resolver = try FolderResolver(models.map { [$0] } ?? [])
        } catch {
            throw OperatorError(.usage, error.description)
        }
        let comparison = TemplateComparison(from: try Self.template(older, resolver), to: try Self.template(newer, resolver))
        let report = ChangeReport(changes: comparison.changes)
        for line in format == .text ? report.text(Palette(isOn: Output.isColoured)) : report.json { Output.line(line) }
        if failOn == .breaking, !comparison.changes(.breaking).isEmpty { throw Verdict(status: .negative) }
    }

    private static func template(_ path: String, _ resolver: FolderResolver) throws -> DeviceTemplate {
        let file: ModelFile
        do throws(ModelFileError) {
            file = try ModelFile.read(path)
        } catch {
            throw OperatorError(.usage, error.description)
        }
        do throws(TemplateError) {
            let template = try DeviceTemplate(bytes: file.bytes, resolver: resolver)
            for identifier in template.unresolved {
                Output.error(PrintableText.of("\(path): \(identifier) is referred to and not found; what it defines is not compared."))
            }
            return template
        } catch {
            throw OperatorError(.usage, "\(path): \(error.description)")
        }
    }
}
