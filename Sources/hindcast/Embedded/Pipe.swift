import Glibc

/// The two ends of a pipe; neither is handed to children unless asked for.
struct Pipe: ~Copyable {
    let reading: Int32
    let writing: Int32
    private var isWritingOpen = true
    private var isReadingOpen = true

    init() throws(FileBytes.Failure) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw FileBytes.Failure(code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reading, writing) = (ends[0], ends[1])
    }

    mutating func closeReading() {
        if isReadingOpen { close(reading) }
        isReadingOpen = false
    }

    mutating func closeWriting() {
        if isWritingOpen { close(writing) }
        isWritingOpen = false
    }

    deinit {
        if isReadingOpen { close(reading) }
        if isWritingOpen { close(writing) }
    }
}
