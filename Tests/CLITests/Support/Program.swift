import Foundation
import Glibc

/// The built program, run as its users run it.
struct Program {
    /// What a run left.
    struct Outcome {
        let status: Int32
        let output: String
        let errors: String

        /// The lines of standard output.
        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    /// Where it was built: beside the tests.
    static let path: String = {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return ((own ?? "") as NSString).deletingLastPathComponent + "/hindcast"
    }()

    private let process = Process()
    private let output: TemporaryFile
    private let errors: TemporaryFile
    private let input = Pipe()

    /// Starts it with nothing of this process's own settings.
    ///
    /// - Parameter keepsInputOpen: whether standard input stays open until `closeInput`.
    init(_ arguments: [String], environment: [String: String] = [:], directory: String = "/", keepsInputOpen: Bool = false) throws {
        output = try TemporaryFile()
        errors = try TemporaryFile()
        process.executableURL = URL(fileURLWithPath: Self.path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        let own = ProcessInfo.processInfo.environment
        let needed = ["PATH", "LD_LIBRARY_PATH", "LD_PRELOAD"].compactMap { name in own[name].map { (name, $0) } }
        process.environment = environment.merging(needed) { given, _ in given }
        process.standardOutput = output.handle
        process.standardError = errors.handle
        process.standardInput = input
        try process.run()
        if !keepsInputOpen { closeInput() }
    }

    /// Runs it to its end.
    static func run(_ arguments: [String], environment: [String: String] = [:], directory: String = "/") async throws -> Outcome {
        try await Program(arguments, environment: environment, directory: directory).outcome()
    }

    var pid: pid_t { process.processIdentifier }

    func closeInput() { try? input.fileHandleForWriting.close() }

    func signal(_ number: Int32) { kill(pid, number) }

    /// What it wrote to standard output so far.
    var written: String { output.content }

    /// Waits for a line of standard output that begins so, the first or a later one; nil where the program ends before. Wakes when the file grows.
    func line(beginning prefix: String, number: Int = 1) async -> String? {
        while true {
            let isRunning = process.isRunning
            let lines = output.content.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            let found = lines.filter { $0.hasPrefix(prefix) }
            if found.count >= number { return String(found[number - 1]) }
            if !isRunning { return nil }
            await output.change(within: .milliseconds(500))
        }
    }

    /// Waits for its end.
    func outcome() async throws -> Outcome {
        let process = process
        await withCheckedContinuation { continuation in
            // A thread of its own: waiting must not take one of the few that tests run on.
            Foundation.Thread.detachNewThread {
                process.waitUntilExit()
                continuation.resume()
            }
        }
        let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        return Outcome(status: status, output: output.content, errors: errors.content)
    }
}
