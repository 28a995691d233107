import Glibc
import JSON

/// The embedded broker in a process of its own: it can abort, and then takes nothing else with it.
final class BrokerProcess: Sendable {
    /// Where it can be reached.
    let bootstrapServers: String
    private let child: ChildProcess
    /// The child ends when this closes, also when this process is killed.
    private let lifeline: Int32

    /// Starts a broker and waits until it says where it listens.
    static func start(topics: [String]) async throws -> BrokerProcess {
        guard let program = Directory.resolved("/proc/self/exe") else {
            throw OperatorError(.broker, "Cannot find this program's own file to start the embedded broker from.")
        }
        var input = try Pipe()
        var output = try Pipe()
        let arguments = ["embedded-broker"] + topics.flatMap { ["--topic", $0] }
        let child = try ChildProcess(
            ChildProcess.Launch(
                program: program, arguments: arguments, environment: ProcessEnvironment.all, standardInput: input.reading,
                standardOutput: output.writing))
        input.closeReading()
        output.closeWriting()
        let lifeline = dup(input.writing)
        input.closeWriting()
        _ = fcntl(lifeline, F_SETFD, FD_CLOEXEC)
        guard let line = Announcement.read(from: output.reading, within: .seconds(20)), let servers = Announcement.bootstrapServers(in: line) else {
            close(lifeline)
            await child.stop([(SIGKILL, .seconds(5))])
            throw OperatorError(.broker, "The embedded broker \(child.end?.description ?? "did not end") before it said where it listens.")
        }
        return BrokerProcess(child: child, bootstrapServers: servers, lifeline: lifeline)
    }

    private init(child: ChildProcess, bootstrapServers: String, lifeline: Int32) {
        self.child = child
        self.bootstrapServers = bootstrapServers
        self.lifeline = lifeline
    }

    var pid: pid_t { child.pid }

    /// How it ended; nil while it runs.
    var end: ChildProcess.End? { child.end }

    /// Waits for the broker's end, which comes early only when it fails.
    func ended() async -> ChildProcess.End? { await child.wait() }

    /// Stops the broker; what it holds is gone.
    func stop() async { await child.stop([(SIGTERM, .seconds(5)), (SIGKILL, .seconds(5))]) }

    deinit { close(lifeline) }
}

/// The one line that an embedded broker writes once it listens.
enum Announcement {
    /// The line: JSON, so that scripts can read it too.
    static func line(bootstrapServers: String, topics: [String]) -> String {
        var writer = JSONWriter()
        writer.tree(
            .object([
                "bootstrapServers": .string(bootstrapServers), "topics": .array(topics.map { .string($0) }), "pid": .integer(getpid()),
            ]))
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    static func bootstrapServers(in line: String) -> String? {
        (try? JSONTree.parse(Array(line.utf8)))?["bootstrapServers"]?.stringValue
    }

    /// The first line from a pipe; nil where it ends or stays silent before that.
    static func read(from descriptor: Int32, within limit: Duration) -> String? {
        let end = ContinuousClock.now + limit
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while ContinuousClock.now < end {
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let milliseconds = ContinuousClock.now.duration(to: end).components.seconds * 1000 + 1
            guard unsafe poll(&wait, 1, Int32(milliseconds)) > 0 else { continue }
            guard unsafe Glibc.read(descriptor, &byte, 1) == 1 else { return nil }
            if byte == 10 { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return nil
    }
}
