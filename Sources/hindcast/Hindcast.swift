import ArgumentParser
import Glibc

/// The program: parses, runs, and turns whatever went wrong into one sentence and an exit status.
@main
enum Hindcast {
    static func main() async {
        // A reader that goes away is an error of the write, not a signal that ends everything.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try HindcastCommand.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            exit(conclude(error).rawValue)
        }
    }

    /// Says what went wrong, or what was asked for, such as help.
    private static func conclude(_ error: any Error) -> ExitStatus {
        if let failure = Failure.of(error) {
            if !failure.description.isEmpty { Output.error("hindcast: \(PrintableText.of(failure.description))") }
            return failure.status
        }
        let text = HindcastCommand.fullMessage(for: error)
        if HindcastCommand.exitCode(for: error).isSuccess {
            if !text.isEmpty { Output.line(text) }
            return .success
        }
        Output.error(text)
        return .usage
    }
}
