import Glibc
import Synchronization
import TestSupport
import Testing
import Threading

@Suite struct ThreadBoundTests {
    @Test func `a resource is made, used and destroyed on one thread that is nobody else's`() async {
        let seen = Mutex<[pthread_t]>([])
        let destroyed = WakeSignal()
        let here = pthread_self()
        do {
            let bound = await ThreadBound<Probe>(name: "probe") {
                seen.withLock { $0.append(pthread_self()) }
                return Probe {
                    seen.withLock { $0.append(pthread_self()) }
                    destroyed.send()
                }
            }
            await bound.run { (probe: inout Probe) in
                probe.uses += 1
                seen.withLock { $0.append(pthread_self()) }
            }
        }
        #expect(destroyed.wait(for: .patience))
        let threads = seen.withLock { $0 }
        #expect(threads.count == 3)
        #expect(Set(threads).count == 1)
        #expect(threads.first != here)
    }

    @Test func `work keeps its order and its result`() async {
        let bound = await ThreadBound<Probe>(name: "probe") { Probe {} }
        for expected in 1...100 {
            let uses = await bound.run { (probe: inout Probe) -> Int in
                probe.uses += 1
                return probe.uses
            }
            #expect(uses == expected)
        }
    }

    @Test func `an error keeps its type through the hop`() async {
        let bound = await ThreadBound<Probe>(name: "probe") { Probe {} }
        do throws(WornOut) {
            try await bound.run { (probe: inout Probe) throws(WornOut) in throw WornOut(after: 3) }
            Issue.record("nothing was thrown")
        } catch {
            #expect(error.after == 3)
        }
    }

    @Test func `a make that fails passes its error on`() async {
        do throws(WornOut) {
            _ = try await ThreadBound<Probe>(name: "probe") { () throws(WornOut) in throw WornOut(after: 0) }
            Issue.record("nothing was thrown")
        } catch {
            #expect(error.after == 0)
        }
    }

    @Test func `many resources end their threads`() async throws {
        // Threads that never ended would hit the process's limit or show in its status.
        for _ in 0..<200 {
            let bound = await ThreadBound<Probe>(name: "brief") { Probe {} }
            await bound.run { (probe: inout Probe) in probe.uses += 1 }
        }
        var count = threadCount(named: "brief")
        for _ in 0..<3000 where count > 0 {
            await ended.value
            count = threadCount(named: "brief")
        }
        #expect(count <= 1)
    }

    private var ended: Task<Void, Never> {
        Task {
            // One more executor's whole life is time enough for others to end theirs.
            let bound = await ThreadBound<Probe>(name: "pace") { Probe {} }
            await bound.run { (probe: inout Probe) in probe.uses += 1 }
        }
    }
}

private func threadCount(named name: String) -> Int {
    guard let directory = unsafe opendir("/proc/self/task") else { return 0 }
    defer { unsafe closedir(directory) }
    var count = 0
    while let entry = unsafe readdir(directory) {
        let id = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
        }
        let file = unsafe open("/proc/self/task/\(id)/comm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { continue }
        var bytes = [UInt8](repeating: 0, count: 16)
        let length = unsafe read(file, &bytes, 16)
        close(file)
        if length > 1, String(decoding: bytes[..<(length - 1)], as: UTF8.self) == name { count += 1 }
    }
    return count
}

private struct Probe: ~Copyable {
    var uses = 0
    let onEnd: @Sendable () -> Void

    init(onEnd: @escaping @Sendable () -> Void) {
        self.onEnd = onEnd
    }

    deinit {
        onEnd()
    }
}

private struct WornOut: Error {
    var after: Int
}
