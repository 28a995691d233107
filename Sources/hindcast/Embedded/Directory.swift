import Glibc

/// Directories on this machine.
enum Directory {
    /// The names in a directory; none where it cannot be read.
    static func entries(of path: String) -> [String] {
        guard let directory = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Makes a directory and those above it that are missing.
    static func make(_ path: String, mode: mode_t = 0o755) throws(FileBytes.Failure) {
        if unsafe mkdir(path, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else { throw FileBytes.Failure(code: errno) }
        try make(String(path[..<slash]))
        guard unsafe mkdir(path, mode) == 0 || errno == EEXIST else { throw FileBytes.Failure(code: errno) }
    }

    /// Removes a directory with everything in it. Links are removed, not followed.
    static func remove(_ path: String) {
        if unsafe unlink(path) == 0 { return }
        for name in entries(of: path) { remove("\(path)/\(name)") }
        unsafe rmdir(path)
    }

    /// The path without links and dots; nil where nothing is there.
    static func resolved(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// Who owns a file or directory; nil where nothing is there.
    static func owner(of path: String) -> uid_t? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status.st_uid : nil
    }

    /// The first directory above a path that an account, other than its owner, may not enter; nil where all can be entered.
    static func barrier(above path: String, for user: uid_t) -> String? {
        var parts = path.split(separator: "/").dropLast()
        while !parts.isEmpty {
            let directory = "/" + parts.joined(separator: "/")
            var status = stat()
            if unsafe stat(directory, &status) == 0, status.st_uid != user, status.st_mode & S_IXOTH == 0 { return directory }
            parts = parts.dropLast()
        }
        return nil
    }
}
