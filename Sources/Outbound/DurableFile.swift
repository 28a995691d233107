import Glibc

/// Files that outlive a crash of the machine.
package enum DurableFile {
    /// Makes a directory and those above it, where they are not there.
    package static func makeDirectories(_ path: String) throws(OutboundError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/\(part)"
            if unsafe mkdir(made, 0o755) != 0, errno != EEXIST { throw failure("make the directory", made) }
        }
    }

    /// Writes a file that whoever looks sees whole or not at all: under a hidden name, brought to disk, then renamed. What has its name already is replaced.
    package static func write(_ bytes: [UInt8], to folder: String, name: String) throws(OutboundError) {
        let (path, hidden) = ("\(folder)/\(name)", "\(folder)/.\(name).part")
        let descriptor = unsafe open(hidden, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("write", hidden) }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes[written...].withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                let error = failure("write", hidden)
                close(descriptor)
                throw error
            }
            written += count
        }
        let isOnDisk = fsync(descriptor) == 0
        guard close(descriptor) == 0, isOnDisk else { throw failure("bring to disk", hidden) }
        guard unsafe rename(hidden, path) == 0 else { throw failure("rename", hidden) }
    }

    /// Brings the names in a directory to disk.
    package static func synchronize(_ folder: String) throws(OutboundError) {
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("bring to disk", folder) }
    }

    private static func failure(_ what: String, _ path: String) -> OutboundError {
        let reason = unsafe String(cString: strerror(errno))
        return OutboundError(message: "Cannot \(what) \(path): \(reason).")
    }
}
