import Glibc
import Logging

/// What a run that was killed may have left behind: a server that still runs, or its file that says so.
enum LeftoverPostgres {
    /// Where socket directories are made.
    static let socketPrefix = "/tmp/hindcast-"

    /// Stops a server that still runs on a data directory, and removes a file that names a process which is no such server.
    static func stop(in data: String, _ programs: PostgresPrograms, logger: Logger) async throws {
        let file = "\(data)/postmaster.pid"
        guard case .success(let bytes) = FileBytes.read(file) else { return }
        // Lines: process id, data directory, start time, port, socket directory, …
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        if let pid = lines.first.flatMap({ pid_t($0) }), pid > 1, serves(pid, data) {
            logger.warning("Stopping a Postgres that an earlier run left behind", metadata: ["process.pid": "\(pid)"])
            try await stop(pid, data)
        } else {
            // Its number may belong to another process by now, which would keep the server from starting.
            unsafe unlink(file)
        }
    }

    /// Whether a path is one that a run made for its socket.
    static func isSocketDirectory(_ path: String) -> Bool { path.hasPrefix(socketPrefix) && !path.dropFirst(socketPrefix.count).contains("/") }

    /// Whether a process is a server on a data directory: it works in that directory, whatever its number was before.
    private static func serves(_ pid: pid_t, _ data: String) -> Bool { Directory.resolved("/proc/\(pid)/cwd") == data }

    private static func stop(_ pid: pid_t, _ data: String) async throws {
        for (number, seconds) in [(SIGINT, 20), (SIGQUIT, 10), (SIGKILL, 5)] {
            kill(pid, number)
            let end = ContinuousClock.now + .seconds(seconds)
            while serves(pid, data), ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(50)) }
            if !serves(pid, data) { return }
        }
        throw OperatorError(.database, "Process \(pid), a Postgres left behind on \(data), does not end; end it by hand.")
    }
}
