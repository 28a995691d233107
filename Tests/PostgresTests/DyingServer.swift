import Glibc
import Postgres
import Synchronization
import TestSupport
import Testing
import Threading

/// A stand-in for a server that is shut down at once: it passes everything on to the real one, until it closes the connection. Then it takes the next one.
///
/// By a Unix socket, as the real one does: there a write to a closed connection fails at once, while what was said before can still be read.
final class DyingServer: Sendable {
    /// When a connection ends.
    enum Moment {
        /// When nothing is under way.
        case idle
        /// Once the server was sent so many bytes more, of which the client hears no answer.
        case asked(bytes: Int)
        /// Once the client was sent so many bytes more.
        case answered(bytes: Int)
    }

    private struct Plan {
        var moment: Moment
        var hasFarewell: Bool
        var seen = 0
    }

    /// How to reach it.
    let settings: PostgresSettings
    private let directory: String
    private let listener: Int32
    private let wake = WakeSignal()
    private let ended = WakeSignal()
    private let plan = Mutex<Plan?>(nil)
    private let loop = Mutex<ThreadLoop?>(nil)

    /// Stands before the running test's server.
    init() throws {
        var connection = try TestDatabase.connect()
        let real = try #require(try connection.queryOne(SelectAddress()))
        let directory = "/tmp/hindcast-dying-\(getpid())-\(String(UInt32.random(in: .min ... .max), radix: 36))"
        unsafe mkdir(directory, 0o700)
        let listener = Self.makeSocket()
        let bound = unsafe Self.withAddress("\(directory)/.s.PGSQL.5432") { unsafe bind(listener, $0, $1) }
        try #require(bound == 0 && listen(listener, 8) == 0, "no socket can be made in \(directory)")
        var settings = TestDatabase.current.settings
        settings.conninfo = "host=\(directory) port=5432 user=\(real.user)"
        (self.directory, self.listener, self.settings) = (directory, listener, settings)
        let loop = ThreadLoop(name: "dying-server") { [self] stop in serve(real.path, stop) }
        self.loop.withLock { $0 = loop }
        loop.start()
    }

    /// Ends the connection at a moment, with or without the notice by which Postgres says that it is shut down at once.
    func die(_ moment: Moment, hasFarewell: Bool) {
        plan.withLock { $0 = Plan(moment: moment, hasFarewell: hasFarewell) }
        guard case .idle = moment else { return }
        wake.send()
        ended.wait(for: nil)
        ended.clear()
    }

    /// Takes no more connections.
    func stop() async {
        let loop = loop.withLock { $0 }
        loop?.requestStop()
        _ = await loop?.join()
        close(listener)
        unsafe unlink("\(directory)/.s.PGSQL.5432")
        unsafe rmdir(directory)
    }

    // MARK: - The thread

    private func serve(_ path: String, _ stop: borrowing StopSignal) {
        while Self.wait(for: [stop.fileDescriptor, listener])[0] == false {
            let client = accept(listener, nil, nil)
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            let server = Self.makeSocket()
            if unsafe Self.withAddress(path, { unsafe connect(server, $0, $1) }) == 0 { pass(client, server, stop) }
            for end in [client, server] {
                // Closing alone would end nothing as long as a child that is being started has a copy.
                shutdown(end, Int32(SHUT_RDWR))
                close(end)
            }
            let wasIdle = plan.withLock { plan in
                defer { plan = nil }
                if case .idle = plan?.moment { return true }
                return false
            }
            if wasIdle { ended.send() }
        }
    }

    /// Passes on what comes until one of both ends, the connection is to end, or the thread is.
    private func pass(_ client: Int32, _ server: Int32, _ stop: borrowing StopSignal) {
        while true {
            let ready = Self.wait(for: [stop.fileDescriptor, wake.fileDescriptor, client, server])
            if ready[0] { return }
            if ready[1] {
                wake.clear()
                return sayFarewell(to: client)
            }
            if ready[2] {
                let count = Self.pass(from: client, to: server)
                if count <= 0 { return }
                if isDue(asked: count, answered: 0) { return sayFarewell(to: client) }
            }
            if ready[3] {
                let count = Self.pass(from: server, to: client)
                if count <= 0 { return }
                if isDue(asked: 0, answered: count) { return sayFarewell(to: client) }
            }
        }
    }

    private func isDue(asked: Int, answered: Int) -> Bool {
        plan.withLock { plan in
            switch plan?.moment {
            case .asked(let bytes):
                plan?.seen += asked
                return plan?.seen ?? 0 >= bytes
            case .answered(let bytes):
                plan?.seen += answered
                return plan?.seen ?? 0 >= bytes
            case .idle, nil: return false
            }
        }
    }

    /// What a backend tells its client when the server is shut down at once (PostgreSQL source, `quickdie`): a notice, and nothing after it.
    private func sayFarewell(to client: Int32) {
        guard plan.withLock({ $0?.hasFarewell ?? false }) else { return }
        let fields = ["SWARNING", "VWARNING", "C57P02", "Mterminating connection because of crash of another server process"]
        var body: [UInt8] = []
        for field in fields { body += Array(field.utf8) + [0] }
        body.append(0)
        let length = UInt32(body.count + 4)
        var notice = [UInt8(ascii: "N")]
        for shift: UInt32 in [24, 16, 8, 0] { notice.append(UInt8(truncatingIfNeeded: length >> shift)) }
        notice += body
        Self.write(notice[...], to: client)
    }

    // MARK: - Sockets

    private static func makeSocket() -> Int32 { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0) }

    /// Which of the descriptors can be read from, of which at least one can.
    private static func wait(for descriptors: [Int32]) -> [Bool] {
        var waits = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while unsafe poll(&waits, nfds_t(waits.count), -1) <= 0 {}
        return waits.map { $0.revents != 0 }
    }

    private static func pass(from source: Int32, to target: Int32) -> Int {
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = unsafe read(source, &bytes, bytes.count)
        guard count > 0, write(bytes[..<count], to: target) else { return 0 }
        return count
    }

    @discardableResult
    private static func write(_ bytes: ArraySlice<UInt8>, to target: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let sent = unsafe rest.withUnsafeBytes { unsafe send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    private static func withAddress<T>(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        precondition(bytes.count < MemoryLayout.size(ofValue: address.sun_path), "Cannot use a socket by a path of \(bytes.count) bytes")
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }
}

/// Where the server's own socket is, and who is asked to be there.
private struct SelectAddress: Statement {
    static let sql = """
        SELECT split_part(current_setting('unix_socket_directories'), ',', 1) || '/.s.PGSQL.' || current_setting('port'), current_user::text
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> (path: String, user: String) { (try row.string(0), try row.string(1)) }
}
