import Glibc

/// Reads and writes whole files.
enum FileBytes {
    /// Why a file cannot be read or written.
    struct Failure: Error {
        let code: Int32

        var isAbsent: Bool { code == ENOENT }
        /// The system's words for it.
        var reason: String { unsafe String(cString: strerror(code)) }
    }

    /// The whole content of a file, or a beginning of it that is at least so long.
    static func read(_ path: String, limit: Int = .max) -> Result<[UInt8], Failure> {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return .failure(Failure(code: errno)) }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 || content.count >= limit { return .success(content) }
            if count < 0 {
                if errno == EINTR { continue }
                return .failure(Failure(code: errno))
            }
            content.append(contentsOf: chunk[..<count])
        }
    }

    /// Whether two paths lead to one regular file: what is written to one of them is lost to the other.
    static func isSame(_ path: String, as other: String) -> Bool {
        var (one, another) = (Glibc.stat(), Glibc.stat())
        guard unsafe stat(path, &one) == 0, unsafe stat(other, &another) == 0, one.st_mode & S_IFMT == S_IFREG else { return false }
        return one.st_dev == another.st_dev && one.st_ino == another.st_ino
    }

    /// Whether a path leads to a regular file, which gives the same each time it is read.
    static func isRegular(_ path: String) -> Bool {
        var status = Glibc.stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Writes a file anew, readable for everybody.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure(code: errno) }
        defer { close(descriptor) }
        guard write(bytes, to: descriptor) else { throw Failure(code: errno) }
    }

    /// Writes all bytes to an open file or pipe; false leaves the reason in `errno`.
    @discardableResult
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            let rest = bytes[written...]
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            written += count
        }
        return true
    }
}
