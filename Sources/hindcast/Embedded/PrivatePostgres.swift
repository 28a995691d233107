import Glibc
import Logging
import Postgres

/// A Postgres cluster of this program's own: made on first use, kept between runs, reachable through a socket in a private directory and nowhere else.
///
/// Connections ask for no password: who may enter the socket's directory is the one who started it.
final class PrivatePostgres: Sendable {
    /// The database and its superuser.
    static let database = "hindcast"

    /// A connection string that reaches it while it runs.
    let conninfo: String
    private let child: ChildProcess
    private let socketDirectory: String
    private let lock: DirectoryLock
    private let logger: Logger

    private init(child: ChildProcess, conninfo: String, socketDirectory: String, lock: DirectoryLock, logger: Logger) {
        self.child = child
        self.conninfo = conninfo
        self.socketDirectory = socketDirectory
        self.lock = lock
        self.logger = logger
    }

    /// Starts the cluster in a directory, after making it where it is not there, and returns once it answers.
    ///
    /// - Throws: ``OperatorError`` with what the server said.
    static func start(in directory: String, logger: Logger) async throws -> PrivatePostgres {
        let account = try Account.ofServer()
        let path = try prepare(directory, account)
        let lock = try DirectoryLock(path)
        let data = "\(path)/postgres"
        let programs = try await initialise(data, account, logger: logger)
        try await LeftoverPostgres.stop(in: data, programs, logger: logger)
        for leftover in lock.leftovers { Directory.remove(leftover) }
        let socketDirectory = try makeSocketDirectory(account)
        lock.note(socketDirectory)
        do {
            let child = try launch(programs, data, socketDirectory, account)
            let conninfo = "host=\(socketDirectory) port=5432 user=\(database) dbname=\(database)"
            let server = PrivatePostgres(child: child, conninfo: conninfo, socketDirectory: socketDirectory, lock: lock, logger: logger)
            do {
                try await server.awaitAnswer(data)
            } catch {
                await server.stop()
                throw error
            }
            logger.info("Started Postgres", metadata: ["postgres.directory": "\(data)", "process.pid": "\(child.pid)"])
            return server
        } catch {
            Directory.remove(socketDirectory)
            throw error
        }
    }

    /// Waits for the server's end, which comes early only when it fails.
    func ended() async -> ChildProcess.End? { await child.wait() }

    /// Stops the server: fast first, then at once.
    func stop() async {
        await child.stop([(SIGINT, .seconds(20)), (SIGQUIT, .seconds(10)), (SIGKILL, .seconds(5))])
        Directory.remove(socketDirectory)
        logger.debug("Stopped Postgres", metadata: ["process.end": "\(child.end.map { "\($0)" } ?? "still running")"])
    }

    // MARK: - Starting

    /// The directory's full path, after making it.
    private static func prepare(_ directory: String, _ account: Account) throws(OperatorError) -> String {
        do throws(FileBytes.Failure) {
            try Directory.make(directory)
        } catch {
            throw OperatorError(.usage, "Cannot make the directory \(directory): \(error.reason). Name one that you may write to.")
        }
        guard let path = Directory.resolved(directory) else { throw OperatorError(.usage, "Cannot find the directory \(directory) just made.") }
        // Whoever owns it could have put anything into it, or take it away.
        guard Directory.owner(of: path) == geteuid() else {
            throw OperatorError(.usage, "The directory \(path) belongs to another user; name one of your own.")
        }
        if account.isOther, let barrier = Directory.barrier(above: path + "/postgres", for: account.user) {
            throw OperatorError(
                .usage,
                "Postgres, which runs as user postgres because root may not, cannot enter \(barrier) on the way to \(path); name a directory such as /var/tmp/hindcast."
            )
        }
        return path
    }

    /// Makes the cluster where it is not there, whole or not at all, and says which programs serve it.
    private static func initialise(_ data: String, _ account: Account, logger: Logger) async throws -> PostgresPrograms {
        if case .success(let version) = FileBytes.read("\(data)/PG_VERSION") {
            return try PostgresPrograms.find(major: Int(String(decoding: version.prefix { $0 != 10 }, as: UTF8.self)))
        }
        let programs = try PostgresPrograms.find()
        // Into another directory first, so that one that was cut off is never taken for a cluster.
        let new = data + ".new"
        Directory.remove(new)
        do throws(FileBytes.Failure) {
            try Directory.make(new, mode: 0o700)
            try account.own(new)
        } catch {
            throw OperatorError(.usage, "Cannot make the directory \(new): \(error.reason).")
        }
        logger.info("Making a Postgres cluster", metadata: ["postgres.directory": "\(data)"])
        let arguments = [
            "-D", new, "-U", database, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions",
        ]
        let log = data + ".initdb.log"
        let end = try await run(programs, "initdb", arguments, account, log: log)
        guard end == .exited(0), unsafe rename(new, data) == 0 else {
            throw OperatorError(.database, "initdb \(end?.description ?? "did not end") in \(new): \(LogTail.of(log)) See \(log).")
        }
        unsafe unlink(log)
        return programs
    }

    private static func run(
        _ programs: PostgresPrograms, _ program: String, _ arguments: [String], _ account: Account, log: String
    ) async throws -> ChildProcess.End? {
        let output = try openLog(log)
        defer { close(output) }
        let command = account.command("\(programs.directory)/\(program)", arguments, deathSignal: "KILL")
        let child = try spawn(
            ChildProcess.Launch(
                program: command.program, arguments: command.arguments, environment: environment, standardOutput: output, standardError: output))
        let end = await child.wait(until: .now + .seconds(120))
        await child.stop([(SIGKILL, .seconds(5))])
        return end
    }

    private static func launch(
        _ programs: PostgresPrograms, _ data: String, _ socketDirectory: String, _ account: Account
    ) throws -> ChildProcess {
        let output = try openLog(data + ".log")
        defer { close(output) }
        let settings = [
            "listen_addresses=", "unix_socket_directories=\(socketDirectory)", "unix_socket_permissions=0700", "port=5432", "log_destination=stderr",
            "logging_collector=off", "max_connections=60",
        ]
        let arguments = ["-D", data] + settings.flatMap { ["-c", $0] }
        let command = account.command("\(programs.directory)/postgres", arguments, deathSignal: "INT")
        return try spawn(
            ChildProcess.Launch(
                program: command.program, arguments: command.arguments, environment: environment, standardOutput: output, standardError: output))
    }

    private static func spawn(_ launch: ChildProcess.Launch) throws(OperatorError) -> ChildProcess {
        do throws(FileBytes.Failure) {
            return try ChildProcess(launch)
        } catch {
            throw OperatorError(.usage, "Cannot start \(launch.program): \(error.reason). It comes with Debian's package util-linux.")
        }
    }

    /// Without what is meant for connections to other servers.
    private static var environment: [String: String] {
        var environment = ProcessEnvironment.all.filter { !$0.key.hasPrefix("PG") }
        environment["LC_ALL"] = "C.UTF-8"
        return environment
    }

    private static func openLog(_ path: String) throws(OperatorError) -> Int32 {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw OperatorError(.usage, "Cannot write \(path): \(FileBytes.Failure(code: errno).reason).") }
        return descriptor
    }

    /// A path of its own, short enough for a socket's (107 bytes), that nobody else may enter.
    private static func makeSocketDirectory(_ account: Account) throws(OperatorError) -> String {
        var template = Array("\(LeftoverPostgres.socketPrefix)XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw OperatorError(.usage, "Cannot make a directory for Postgres's socket in /tmp: \(FileBytes.Failure(code: errno).reason).")
        }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        do throws(FileBytes.Failure) {
            try account.own(path)
        } catch {
            throw OperatorError(.usage, "Cannot give \(path) to the user postgres: \(error.reason).")
        }
        return path
    }

    // MARK: - Answering

    /// Waits until the server that was started here, and no other, takes connections, and makes the database where it is not there.
    private func awaitAnswer(_ data: String) async throws {
        let end = ContinuousClock.now + .seconds(60)
        let maintenance = PostgresSettings("host=\(socketDirectory) port=5432 user=\(Self.database) dbname=postgres connect_timeout=5")
        while true {
            if let ending = child.end {
                throw OperatorError(.database, "Postgres \(ending) while starting in \(data): \(LogTail.of(data + ".log")) See \(data).log.")
            }
            do throws(PostgresError) {
                var connection = try Connection(maintenance, logger: logger)
                let answered = try connection.queryOne(AskDataDirectory())
                guard answered == data else {
                    throw PostgresError(.connectionFailed, "the server on \(socketDirectory) serves \(answered ?? "nothing"), expected \(data)")
                }
                if try connection.queryOne(FindDatabase(name: Self.database)) != true {
                    try connection.execute(script: "CREATE DATABASE \(Self.database)")
                }
                return
            } catch {
                guard error.isConnectionLost, ContinuousClock.now < end else { throw error }
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

private struct AskDataDirectory: Statement {
    static let sql = "SELECT current_setting('data_directory')"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

private struct FindDatabase: Statement {
    let name: String

    static let sql = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)"

    func bind(to parameters: inout Parameters) { parameters.append(name) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Bool { try row.bool(0) }
}
