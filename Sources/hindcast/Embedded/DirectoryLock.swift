import Glibc

/// Keeps other processes of this program from using the same directory, for as long as it lives. The system lets go when the process ends, however that is.
final class DirectoryLock: Sendable {
    private let descriptor: Int32
    /// Directories that an earlier run noted and did not get to remove, or that are gone already.
    let leftovers: [String]

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
        // A run that was killed could not remove what it noted.
        let lines = String(decoding: (try? FileBytes.read(path).get()) ?? [], as: UTF8.self).split(separator: "\n").map(String.init)
        leftovers = lines.dropFirst().filter(LeftoverPostgres.isSocketDirectory)
        ftruncate(descriptor, 0)
        FileBytes.write(Array("\(getpid())\n".utf8), to: descriptor)
    }

    /// Notes a directory elsewhere that the next run has to remove where this one cannot.
    func note(_ path: String) { FileBytes.write(Array("\(path)\n".utf8), to: descriptor) }

    deinit {
        // A child that is being started has a copy of the descriptor until its own program begins; closing ours alone would leave the directory to it so long.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
