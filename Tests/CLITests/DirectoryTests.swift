import Glibc
import Testing

@testable import hindcast

/// What has to be right about a directory before a server is given it.
struct DirectoryTests {
    @Test func `a directory that an account may not enter is named`() throws {
        let directory = try TemporaryDirectory()
        let inner = "\(directory.path)/closed/inner"
        try Directory.make(inner)
        let stranger = uid_t(64_321)
        #expect(Directory.barrier(above: inner, for: stranger) == nil)
        unsafe chmod("\(directory.path)/closed", 0o700)
        #expect(Directory.barrier(above: inner, for: stranger) == "\(directory.path)/closed")
        #expect(Directory.barrier(above: inner, for: geteuid()) == nil)
    }

    @Test func `a tree is removed, but not what its links lead to`() throws {
        let directory = try TemporaryDirectory()
        try Directory.make("\(directory.path)/kept")
        try Directory.make("\(directory.path)/gone/below")
        try FileBytes.write([1], to: "\(directory.path)/kept/file")
        unsafe symlink("\(directory.path)/kept", "\(directory.path)/gone/below/link")
        Directory.remove("\(directory.path)/gone")
        #expect(Directory.resolved("\(directory.path)/gone") == nil)
        #expect(try FileBytes.read("\(directory.path)/kept/file").get() == [1])
    }

    @Test func `one directory is used by one process at a time`() throws {
        let directory = try TemporaryDirectory()
        var first: DirectoryLock? = try DirectoryLock(directory.path)
        first?.note("/tmp/hindcast-abcdef")
        first?.note("/etc/elsewhere")
        do {
            _ = try DirectoryLock(directory.path)
            Issue.record("It was taken twice")
        } catch {
            #expect(error.description.contains("in use by process \(getpid())"))
        }
        first = nil
        #expect(try DirectoryLock(directory.path).leftovers == ["/tmp/hindcast-abcdef"])
    }

    @Test func `a copy of the lock, as a child that is being started has it, does not hold the directory`() throws {
        let directory = try TemporaryDirectory()
        var first: DirectoryLock? = try DirectoryLock(directory.path)
        let descriptor = try #require(
            Directory.entries(of: "/proc/self/fd").compactMap { Int32($0) }.first {
                Directory.resolved("/proc/self/fd/\($0)") == "\(directory.path)/hindcast.lock"
            })
        let copy = dup(descriptor)
        defer { close(copy) }
        #expect(first != nil)
        first = nil
        _ = try DirectoryLock(directory.path)
    }

    @Test func `a child's end is told, with its status or its signal`() async throws {
        func end(_ script: String, stop: Int32? = nil) async throws -> ChildProcess.End? {
            let child = try ChildProcess(ChildProcess.Launch(program: "sh", arguments: ["-c", script], environment: ProcessEnvironment.all))
            if let stop { await child.stop([(stop, .seconds(10))]) }
            return await child.wait()
        }
        #expect(try await end("exit 7") == .exited(7))
        #expect(try await end("exec sleep 600", stop: SIGTERM) == .signalled(SIGTERM))
        #expect(throws: FileBytes.Failure.self) {
            try ChildProcess(ChildProcess.Launch(program: "/nowhere/program", arguments: [], environment: [:]))
        }
    }
}
