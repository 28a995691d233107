import Glibc

/// Standard output and error. Everything that a command says goes through here.
enum Output {
    /// Writes text and a line end to standard output; a reader that went away ends the process quietly, as it does any tool in a pipe.
    static func line(_ text: String = "") { write(text + "\n") }

    /// Writes text to standard output.
    static func write(_ text: String) { write(Array(text.utf8)) }

    /// Writes bytes to standard output. Where that cannot be, as on a full disk, what was asked for is not done.
    static func write(_ bytes: [UInt8]) {
        if FileBytes.write(bytes, to: STDOUT_FILENO) { return }
        let code = errno
        if code == EPIPE { exit(ExitStatus.success.rawValue) }
        error("hindcast: Cannot write to standard output: \(FileBytes.Failure(code: code).reason).")
        exit(ExitStatus.usage.rawValue)
    }

    /// Writes a line to standard error.
    static func error(_ text: String) { FileBytes.write(Array((text + "\n").utf8), to: STDERR_FILENO) }

    /// Writes text that is to be written over later to standard error.
    static func errorPart(_ text: String) { FileBytes.write(Array(text.utf8), to: STDERR_FILENO) }

    /// Whether standard output is a terminal that shows colours.
    static var isColoured: Bool {
        isatty(STDOUT_FILENO) == 1 && ProcessEnvironment.all["NO_COLOR"] == nil && ProcessEnvironment.all["TERM"] != "dumb"
    }
}
