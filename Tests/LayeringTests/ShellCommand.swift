import Foundation

/// A program that a test runs, with what it wrote.
struct ShellCommand {
    var status: Int32
    var output: String

    /// Runs a program to its end, which is when it and everything that inherited its output have gone.
    static func run(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws -> ShellCommand {
        let running = try start(path, arguments, environment: environment)
        return finish(running)
    }

    static func start(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws -> (process: Process, output: FileHandle) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return (process, pipe.fileHandleForReading)
    }

    static func finish(_ running: (process: Process, output: FileHandle)) -> ShellCommand {
        let output = running.output.readDataToEndOfFile()
        running.process.waitUntilExit()
        return ShellCommand(status: running.process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }
}
