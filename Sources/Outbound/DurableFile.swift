import Glibc

/// Files that outlive a crash of the machine.
package enum DurableFile {
    /// Makes a directory and those above it, where they are not there, and brings their names to disk.
    package static func makeDirectories(_ path: String) throws(OutboundError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            let above = made.isEmpty ? "/" : made
            made += "/\(part)"
            if unsafe mkdir(made, 0o755) == 0 {
                try synchronize(above)
            } else if errno != EEXIST {
                throw failure("make the directory", made)
            }
        }
    }

    /// Why no files can be written below a directory, as far as can be said without making it; nil where nothing speaks against it.
    package static func obstacle(below path: String) -> OutboundError? {
        var place = path
        while true {
            var status = Glibc.stat()
            if unsafe stat(place, &status) == 0 {
                guard status.st_mode & S_IFMT == S_IFDIR else { return OutboundError(message: "Cannot write below \(place): it is no directory.") }
                return unsafe faccessat(AT_FDCWD, place, W_OK | X_OK, AT_EACCESS) == 0 ? nil : failure("write into the directory", place)
            }
            guard errno == ENOENT else { return failure("write below", place) }
            // What is not there yet is made in what is above it.
            let rest = place.reversed().drop { $0 == "/" }.drop { $0 != "/" }
            place = rest.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : String(rest.reversed())
        }
    }

    /// Writes a file that whoever looks sees whole or not at all: under a hidden name, brought to disk, then renamed. What has its name already is replaced.
    package static func write(_ bytes: [UInt8], to folder: String, name: String) throws(OutboundError) {
        let (path, hidden) = ("\(folder)/\(name)", "\(folder)/.\(name).part")
        do throws(OutboundError) {
            try store(bytes, in: hidden)
            guard unsafe rename(hidden, path) == 0 else { throw failure("rename", hidden) }
        } catch {
            // Half a file, of which nobody knows.
            unsafe _ = unlink(hidden)
            throw error
        }
    }

    private static func store(_ bytes: [UInt8], in path: String) throws(OutboundError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("write", path) }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes[written...].withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                let error = failure("write", path)
                close(descriptor)
                throw error
            }
            written += count
        }
        let isOnDisk = fsync(descriptor) == 0
        guard close(descriptor) == 0, isOnDisk else { throw failure("bring to disk", path) }
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
