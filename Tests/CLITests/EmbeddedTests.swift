import Glibc
import JSON
import Simulation
import TestSupport
import Testing

@testable import hindcast

/// The private Postgres and the embedded broker, started by the program itself.
@Suite(.serialized, .timeLimit(.minutes(3))) struct EmbeddedTests {
    @Test func `the embedded broker says what it is, and ends when its standard input does`() async throws {
        let broker = try Program(["embedded-broker", "--topic", "a:2", "--topic", "b:1"], keepsInputOpen: true)
        let line = try #require(await broker.line(beginning: "{"))
        #expect(Announcement.bootstrapServers(in: line)?.hasPrefix("127.0.0.1:") == true)
        broker.closeInput()
        let outcome = try await broker.outcome()
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("bounded"))
        #expect(outcome.errors.contains("volatile"))
    }

    @Test func `the embedded broker ends in order on SIGTERM`() async throws {
        let broker = try Program(["embedded-broker", "--topic", "a:1"], keepsInputOpen: true)
        _ = try #require(await broker.line(beginning: "{"))
        broker.signal(SIGTERM)
        #expect(try await broker.outcome().status == 0)
    }

    @Test(arguments: ["a", "a:0", ":3", "a:x"]) func `a topic has a name and a number of partitions`(topic: String) async throws {
        #expect(try await Program.run(["embedded-broker", "--topic", topic]).status == 2)
    }

    @Test func `up starts a second and a third time, also after a kill, and leaves nothing running`() async throws {
        let directory = try TemporaryDirectory()
        var databases: [Int32] = []
        var sockets: Set<String> = []
        for start in 1...3 {
            let up = try Program(["up", "--embedded", directory.path, "--log-level", "warning"])
            let kafka = await up.line(beginning: "kafka: ")
            #expect(kafka?.contains("topics=telemetry") == true, "start \(start)")
            let host = up.written.split(separator: "host=", maxSplits: 1).dropFirst().first?.prefix { $0 != " " }
            sockets.insert(String(try #require(host)))
            databases.append(try #require(Self.postmaster(in: directory.path)))
            // Another one on the same directory is refused while this one runs.
            if start == 1 {
                let second = try await Program.run(["up", "--embedded", directory.path])
                #expect(second.status == 2)
                #expect(second.errors.contains("in use by process \(up.pid)"))
            }
            up.signal(start == 2 ? SIGKILL : SIGTERM)
            #expect(try await up.outcome().status == (start == 2 ? -SIGKILL : 0), "start \(start)")
        }
        #expect(Set(databases).count == 3)
        #expect(sockets.count == 3)
        for socket in sockets { #expect(Directory.resolved(socket) == nil, "\(socket) was left behind") }
        for pid in databases { #expect(Directory.resolved("/proc/\(pid)/cwd") != "\(directory.path)/postgres") }
    }

    @Test func `a file that names another process's number does not keep Postgres from starting`() async throws {
        let directory = try TemporaryDirectory()
        let first = try Program(["up", "--embedded", directory.path])
        _ = try #require(await first.line(beginning: "kafka: "))
        first.signal(SIGINT)
        #expect(try await first.outcome().status == 0)
        // As after a crash and a restart of the machine: the number belongs to somebody else now.
        try FileBytes.write(
            Array("\(getpid())\n\(directory.path)/postgres\n1\n5432\n/tmp/hindcast-gone\n\n".utf8), to: "\(directory.path)/postgres/postmaster.pid")
        let second = try Program(["up", "--embedded", directory.path])
        #expect(await second.line(beginning: "kafka: ") != nil)
        second.signal(SIGINT)
        #expect(try await second.outcome().status == 0)
    }

    @Test func `a directory that was cut off while it was made is made anew`() async throws {
        let directory = try TemporaryDirectory()
        try Directory.make("\(directory.path)/postgres.new/base")
        let up = try Program(["up", "--embedded", directory.path])
        #expect(await up.line(beginning: "kafka: ") != nil)
        up.signal(SIGTERM)
        #expect(try await up.outcome().status == 0)
        #expect(Directory.resolved("\(directory.path)/postgres.new") == nil)
    }

    @Test func `a broker that dies is replaced by another, and ingest goes on from it`() async throws {
        let directory = try TemporaryDirectory()
        let up = try Program(["up", "--embedded", directory.path, "--log-level", "critical"])
        let first = try #require(await up.line(beginning: "kafka: "))
        let before = try await Self.sources(of: up) { $0.count == 16 && $0.allSatisfy { $0["owner"]?.stringValue != nil } }
        #expect(before.allSatisfy { $0["ended"]?.boolValue == false })
        kill(try #require(Self.broker(of: up.pid)), SIGKILL)
        let second = try #require(await up.line(beginning: "kafka: ", number: 2))
        #expect(first != second)
        #expect(Self.broker(of: up.pid) != nil)
        // What the first broker held is gone, so nobody is missed where it was.
        let after = try await Self.sources(of: up) { $0.count == 32 && $0.suffix(16).allSatisfy { $0["owner"]?.stringValue != nil } }
        #expect(after.map { $0["ended"]?.boolValue } == Array(repeating: true, count: 16) + Array(repeating: false, count: 16))
        let monitor = try await Program.run(["monitor", "events"], environment: try Self.environment(of: up))
        #expect(monitor.errors == "hindcast: the log holds no event yet: its 16 sources are empty.\n")
        up.signal(SIGTERM)
        #expect(try await up.outcome().status == 0)
    }

    @Test func `without --exit the demo goes on until it is interrupted`() async throws {
        let directory = try TemporaryDirectory()
        let demo = try Program(["demo", "--devices", "9", "--rate", "200", "--dir", directory.path])
        #expect(await demo.line(beginning: "sending 200 messages a second") != nil)
        demo.signal(SIGINT)
        let outcome = try await demo.outcome()
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("The views say what the plan says: 9 devices"))
    }

    @Test func `the demo's views say what its plan says`() async throws {
        let directory = try TemporaryDirectory()
        let demo = try await Program.run(["demo", "--exit", "--devices", "60", "--seed", "5", "--dir", directory.path])
        #expect(demo.status == 0, "\(demo.output)\n\(demo.errors)")
        #expect(demo.output.contains("The views say what the plan says: 60 devices"))
        for cause in Set(Trouble.allCases.compactMap(\.profile.cause)) { #expect(demo.output.contains("\n\(cause) "), "\(cause)") }
        #expect(demo.output.contains("One device in full"))
        #expect(demo.output.contains("psql \"host="))
        let plan = try #require(Directory.entries(of: directory.path).first { $0.hasSuffix(".plan.json") })
        let tree = try JSONTree.parse(try FileBytes.read("\(directory.path)/\(plan)").get())
        #expect(tree["devices"]?.elements.count == 60)
        #expect(!demo.output.contains("\u{1B}"))
    }

    /// How commands reach the database of a stack that has said where it is.
    private static func environment(of up: Program) throws -> [String: String] {
        let line = try #require(up.written.split(separator: "\n").first { $0.hasPrefix("postgres: psql ") })
        return ["HINDCAST_POSTGRES_URL": String(line.dropFirst("postgres: psql ".count).filter { $0 != "\"" })]
    }

    /// The sources that `hindcast status` shows, once they are as a test waits for; fails the test where they never are.
    private static func sources(of up: Program, until isReached: ([JSONTree]) -> Bool) async throws -> [JSONTree] {
        let end = ContinuousClock.now + .patience
        while true {
            let status = try await Program.run(["status", "--format", "json"], environment: try environment(of: up))
            let sources = (try? JSONTree.parse(Array(status.output.utf8)))?["sources"]?.elements ?? []
            if isReached(sources) { return sources }
            try #require(ContinuousClock.now < end, "\(status.output) \(status.errors)")
        }
    }

    /// The embedded broker among a process's children.
    private static func broker(of pid: Int32) -> Int32? {
        let children = Directory.entries(of: "/proc/\(pid)/task").compactMap { task -> [UInt8]? in
            try? FileBytes.read("/proc/\(pid)/task/\(task)/children").get()
        }
        return children.flatMap { String(decoding: $0, as: UTF8.self).split(separator: " ").compactMap { Int32($0) } }.first { child in
            guard case .success(let line) = FileBytes.read("/proc/\(child)/cmdline") else { return false }
            return String(decoding: line, as: UTF8.self).contains("embedded-broker")
        }
    }

    /// The process that the cluster's own file names.
    private static func postmaster(in directory: String) -> Int32? {
        guard case .success(let bytes) = FileBytes.read("\(directory)/postgres/postmaster.pid") else { return nil }
        return Int32(String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self))
    }
}
