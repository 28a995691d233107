import Glibc

/// Keeps other processes of this program from using the same directory, for as long as it lives. The system lets go when the process ends, however that is.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// - Throws: ``OperatorError`` naming the process that holds it.
    init(_ directory: String) throws(OperatorError) {
        let path = "\(directory)/hindcast.lock"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw OperatorError(.usage, "Cannot write \(path): \(FileBytes.Failure(code: errno).reason).") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let content = (try? FileBytes.read(path).get()) ?? []
            let holder = String(decoding: content.prefix { $0 != 10 }, as: UTF8.self)
            close(descriptor)
            throw OperatorError(.usage, "\(directory) is in use by process \(holder); stop it, or name another directory.")
        }
        ftruncate(descriptor, 0)
        FileBytes.write(Array("\(getpid())\n".utf8), to: descriptor)
    }

    deinit { close(descriptor) }
}
