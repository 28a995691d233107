import ArgumentParser
import JSON

/// Measures whether a field costs more with a large template than with a small one.
struct BenchFields: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench-fields",
        abstract: "Measures what the check of a field costs with templates of 10 and of 300 capabilities.",
        discussion: """
            Prints one JSON object: nanoseconds of CPU time a field, the median of rounds in which every template has its turn, and the ratio of the \
            large template to the small one. Build it in release mode for figures that mean something.
            """)

    @Option(help: "How many rounds.")
    var rounds = 15

    func validate() throws {
        if rounds < 1 { throw ValidationError("--rounds is \(rounds); at least 1 is needed.") }
    }

    func run() throws {
        print(String(decoding: try FieldCost(rounds: rounds).json.canonicalBytes(), as: UTF8.self))
    }
}
