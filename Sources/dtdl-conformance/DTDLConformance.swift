import ArgumentParser
import Foundation
import JSON

/// The developers' program for the library DTDL. Not part of the product.
@main
struct DTDLConformance: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dtdl-conformance", abstract: "Judges DTDL by cases that others wrote, and measures what a check costs.",
        subcommands: [JudgeCases.self, BenchFields.self], defaultSubcommand: JudgeCases.self)
}

/// Runs cases that others wrote and compares the verdicts.
struct JudgeCases: ParsableCommand {
    /// What the cases are about.
    enum Subject: String, ExpressibleByArgument, CaseIterable {
        case models, instances, dtmi
    }

    static let configuration = CommandConfiguration(
        commandName: "judge",
        abstract: "Judges models, values or identifiers and compares with what the cases expect.",
        discussion: """
            A file has one case a line, as JSON; .gz is undone. What differs goes to standard error. The last line of the output is "N passed, N failed"; \
            the exit status is 1 where something failed, and 2 where a file cannot be read. A case fails by its verdict, valid or not; where it names error \
            ids as well, the share of cases with exactly those ids goes to standard error, and with --error-ids other ids make it fail too.

            Examples:
              dtdl-conformance models dtdl-models-valid.jsonl.gz dtdl-models-invalid.jsonl.gz
              dtdl-conformance instances dtdl-instances.jsonl.gz --verdicts
            """)

    @Argument(help: "models, instances or dtmi.")
    var subject: Subject

    @Argument(help: ArgumentHelp("Files of cases.", valueName: "file"))
    var files: [String]

    @Flag(help: "Print the verdict of every case, one JSON object a line.")
    var verdicts = false

    @Flag(name: .customLong("error-ids"), help: "Count a case with other error ids than it names as failed.")
    var judgesErrorIDs = false

    func run() throws {
        var tally = Tally()
        for file in files {
            let outcomes: [CaseOutcome]
            do {
                outcomes = try Self.outcomes(of: CaseFile(file).cases, subject)
            } catch {
                Self.report("\(error)")
                throw ExitCode(2)
            }
            for var outcome in outcomes {
                if judgesErrorIDs { outcome.judgeErrorIDs() }
                tally.add(outcome)
                if verdicts { print(String(decoding: outcome.verdict.canonicalBytes(), as: UTF8.self)) }
                if let mismatch = outcome.mismatch { Self.report("\(outcome.name): \(mismatch)") }
            }
        }
        if tally.named > 0 {
            let share = (Double(tally.equal) / Double(tally.named) * 1000).rounded() / 10
            Self.report("error ids: \(tally.equal) of \(tally.named) cases equal as sets (\(share) %), \(tally.among) with none that is not named")
        }
        print("\(tally.passed) passed, \(tally.failed) failed")
        if tally.failed > 0 { throw ExitCode.failure }
    }

    private static func outcomes(of cases: [JSONTree], _ subject: Subject) -> [CaseOutcome] {
        switch subject {
        case .models:
            let repository = ModelRepository(cases)
            return cases.map { ModelCase($0, repository: repository).outcome }
        case .instances: return cases.map { InstanceCase($0).outcome }
        case .dtmi: return cases.map { IdentifierCase($0).outcome }
        }
    }

    private static func report(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}
