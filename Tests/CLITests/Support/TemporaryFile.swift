import Foundation
import Glibc
import Threading

/// A file that vanishes with this value.
final class TemporaryFile: Sendable {
    let path: String
    let handle: FileHandle

    init(_ content: String = "", suffix: String = "") throws {
        path = NSTemporaryDirectory() + "hindcast-cli-test-\(UUID().uuidString)\(suffix)"
        try Data(content.utf8).write(to: URL(fileURLWithPath: path))
        guard let handle = FileHandle(forUpdatingAtPath: path) else { throw CocoaError(.fileReadUnknown) }
        self.handle = handle
    }

    var content: String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

    /// Waits until the file is written to, at most so long, on a thread that may block.
    func change(within limit: Duration) async {
        let path = path
        await withCheckedContinuation { continuation in
            Foundation.Thread.detachNewThread {
                let watch = inotify_init1(Int32(IN_CLOEXEC))
                unsafe inotify_add_watch(watch, path, UInt32(IN_MODIFY))
                var wait = pollfd(fd: watch, events: Int16(POLLIN), revents: 0)
                _ = unsafe poll(&wait, 1, limit.pollMilliseconds)
                close(watch)
                continuation.resume()
            }
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A directory that vanishes with this value. In /var/tmp, where the user that Postgres runs as can enter it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = "/var/tmp/hindcast-cli-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
