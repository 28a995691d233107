import Diagnostics
import Glibc

/// Writes messages as newline-delimited JSON into files that are named as the service names its own: `{application}/{partition}/{YYYY}/{MM}/{dd}/{hh}/{mm}/…`, by
/// the minute of the events.
///
/// A file is written under another name, brought to disk and renamed, so whoever looks sees it whole or not at all. It is named by the first offset in it: the
/// same chunk sent again takes its own file's place.
package struct FileDelivery: ~Copyable, BackfillDelivery {
    private let directory: String
    private let application: String
    private let isCompressed: Bool

    /// How many messages are written before they are brought to disk.
    package let chunkLimit = 20_000

    /// Writes below a directory, which is made where it is not there.
    package init(directory: String, application: String, isCompressed: Bool) {
        self.directory = directory
        self.application = Self.component(application)
        self.isCompressed = isCompressed
    }

    package mutating func deliver(_ chunk: borrowing BackfillChunk, isGoingOn: () -> Bool) throws(ExportJobError) {
        var minutes: [Int64: (first: Int64, lines: [UInt8])] = [:]
        for message in chunk.messages {
            let minute = message.time.microseconds / 60_000_000
            if minutes[minute] == nil { minutes[minute] = (message.offset, []) }
            minutes[minute]?.lines.append(contentsOf: Self.line(chunk.content[message.bytes], id: message.id))
        }
        var folders: Set<String> = []
        for (minute, file) in minutes.sorted(by: { $0.key < $1.key }) {
            let folder = path(of: minute, partition: chunk.partition)
            try Self.makeDirectories(folder)
            let name = "backfill-\(chunk.source)-\(file.first).json\(isCompressed ? ".gz" : "")"
            try Self.write(isCompressed ? Gzip.compressed(file.lines) : file.lines, to: folder, name: name)
            folders.insert(folder)
        }
        for folder in folders.sorted() { try Self.synchronize(folder) }
    }

    /// A message as a line, with a member `backfill` that says its id: files have no headers.
    static func line(_ message: ArraySlice<UInt8>, id: String) -> [UInt8] {
        var line = message.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
        if let end = line.lastIndex(of: 0x7D) {
            let isEmpty = line[..<end].last { $0 != 0x20 && $0 != 0x09 } == 0x7B
            line.insert(contentsOf: Array("\(isEmpty ? "" : ",")\"backfill\":{\"id\":\"\(id)\"}".utf8), at: end)
        }
        line.append(0x0A)
        return line
    }

    // MARK: -

    private func path(of minute: Int64, partition: Int32) -> String {
        let text = Timestamp(microseconds: minute * 60_000_000).rfc3339
        let digits = text.split { !("0"..."9").contains($0) }.map(String.init)
        let number = partition < 10 ? "0\(partition)" : "\(partition)"
        return ([directory, application, number] + digits.prefix(5)).joined(separator: "/")
    }

    /// A text as one component of a path: it comes from devices or settings, and must lead nowhere else.
    private static func component(_ text: String) -> String {
        let safe = String(text.map { $0 == "/" || $0 == "\0" || $0 == "\\" ? "_" : $0 }.prefix(100))
        return safe.isEmpty ? "application" : safe == "." || safe == ".." ? "_" : safe
    }

    private static func makeDirectories(_ path: String) throws(ExportJobError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/\(part)"
            if unsafe mkdir(made, 0o755) != 0, errno != EEXIST { throw failure("make the directory", made) }
        }
    }

    private static func write(_ bytes: [UInt8], to folder: String, name: String) throws(ExportJobError) {
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

    private static func synchronize(_ folder: String) throws(ExportJobError) {
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("bring to disk", folder) }
    }

    private static func failure(_ what: String, _ path: String) -> ExportJobError {
        let reason = unsafe String(cString: strerror(errno))
        return ExportJobError(
            .targetRefused, "Cannot \(what) \(path): \(reason). Nothing of this chunk is counted; the same command goes on from here.")
    }
}
