import Glibc
import Synchronization
import Threading

/// A program that this one started, watches and stops, by its process id.
///
/// A thread of its own starts it and waits for its end, so that the system's parent-death signal, which follows the thread that started the child, means
/// the death of this process and nothing less.
final class ChildProcess: Sendable {
    /// What a child is started with.
    struct Launch: Sendable {
        var program: String
        var arguments: [String]
        var environment: [String: String]
        /// A descriptor that becomes standard input; nil for nothing to read.
        var standardInput: Int32?
        /// A descriptor that becomes standard output; nil for standard error.
        var standardOutput: Int32?
        /// A descriptor that becomes standard error; nil for this program's.
        var standardError: Int32?
    }

    /// How a child ended.
    enum End: Hashable, Sendable, CustomStringConvertible {
        case exited(Int32)
        case signalled(Int32)

        var description: String {
            switch self {
            case .exited(let status): "exited with status \(status)"
            case .signalled(let number): "was ended by signal \(number)"
            }
        }
    }

    private enum State {
        case starting
        case failed(Int32)
        case running(pid_t)
        case ended(pid_t, End)
    }

    private final class Shared: Sendable {
        let state = Mutex(State.starting)
        let started = WakeSignal()
    }

    private let shared = Shared()
    private let loop: ThreadLoop
    /// The child's process id.
    let pid: pid_t

    /// Starts a child in a process group of its own: a key that interrupts this program must not interrupt the child before its time.
    ///
    /// - Throws: ``FileBytes/Failure`` with the system's reason.
    init(_ launch: Launch) throws(FileBytes.Failure) {
        let shared = shared
        loop = ThreadLoop(name: "child") { _ in
            switch Self.spawn(launch) {
            case .failure(let failure):
                shared.state.withLock { $0 = .failed(failure.code) }
                shared.started.send()
            case .success(let pid):
                shared.state.withLock { $0 = .running(pid) }
                shared.started.send()
                Self.await(pid, shared)
            }
        }
        loop.start()
        shared.started.wait(for: nil)
        switch shared.state.withLock({ $0 }) {
        case .running(let pid), .ended(let pid, _): self.pid = pid
        case .failed(let code): throw FileBytes.Failure(code: code)
        case .starting: preconditionFailure("Cannot be told that a child started before it did")
        }
    }

    /// How the child ended; nil while it runs.
    var end: End? {
        shared.state.withLock { state in
            if case .ended(_, let end) = state { end } else { nil }
        }
    }

    /// Sends a signal, unless the child has ended.
    func signal(_ number: Int32) {
        shared.state.withLock { state in
            // Under the lock: a process id is given to others once its end was taken note of.
            if case .running(let pid) = state { _ = kill(pid, number) }
        }
    }

    /// Waits until the child has ended, at most until the deadline.
    func wait(until deadline: ContinuousClock.Instant? = nil) async -> End? {
        _ = await loop.join(deadline: deadline)
        return end
    }

    /// Sends signal after signal, each with some time to work, until the child has ended.
    func stop(_ signals: [(number: Int32, patience: Duration)]) async {
        for (number, patience) in signals where end == nil {
            signal(number)
            // Not cancelled with the caller: this is what runs when everything is cancelled.
            _ = await Task { [self] in await wait(until: .now + patience) }.value
        }
    }

    // MARK: -

    private static func `await`(_ pid: pid_t, _ shared: Shared) {
        var info = unsafe siginfo_t()
        // Leaves the process id taken, so that a signal sent until the next line cannot hit another process.
        while unsafe waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        shared.state.withLock { state in
            var status: Int32 = 0
            while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
            let number = status & 0x7F
            state = .ended(pid, number == 0 ? .exited((status >> 8) & 0xFF) : .signalled(number))
        }
    }

    private static func spawn(_ launch: Launch) -> Result<pid_t, FileBytes.Failure> {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if let input = launch.standardInput {
            unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        } else {
            unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        if let error = launch.standardError { unsafe posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO) }
        unsafe posix_spawn_file_actions_adddup2(&actions, launch.standardOutput ?? STDERR_FILENO, STDOUT_FILENO)
        keepDescriptorsHere()

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe ([launch.program] + launch.arguments).map { unsafe strdup($0) }
        var environment: [UnsafeMutablePointer<CChar>?] = unsafe launch.environment.map { unsafe strdup("\($0.key)=\($0.value)") }
        unsafe arguments.append(nil)
        unsafe environment.append(nil)
        defer {
            for index in unsafe arguments.indices { unsafe free(arguments[index]) }
            for index in unsafe environment.indices { unsafe free(environment[index]) }
        }
        var pid: pid_t = 0
        let result = unsafe posix_spawnp(&pid, launch.program, &actions, &attributes, arguments, environment)
        return result == 0 ? .success(pid) : .failure(FileBytes.Failure(code: result))
    }

    /// Marks every descriptor but the standard ones as not to be handed on: libraries open some without saying so.
    private static func keepDescriptorsHere() {
        for descriptor in Directory.entries(of: "/proc/self/fd").compactMap({ Int32($0) }) where descriptor > STDERR_FILENO {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
    }
}
