import Diagnostics
import Outbound

/// Writes messages as newline-delimited JSON into files that are named as the service names its own: `{application}/{partition}/{YYYY}/{MM}/{dd}/{hh}/{mm}/…`, by
/// the minute of the events.
///
/// A file is written under another name, brought to disk and renamed, so whoever looks sees it whole or not at all. It is named by the backfill and the first
/// offset in it: the same chunk sent again takes its own file's place, and no other backfill's.
package struct FileDelivery: ~Copyable, BackfillDelivery {
    private let directory: String
    private let application: String
    private let isCompressed: Bool
    private let name: String

    /// How many messages are written before they are brought to disk.
    package let chunkLimit = 20_000

    /// Writes below a directory, which is made where it is not there.
    ///
    /// - Parameter name: what the files' names begin with: another one for each backfill.
    package init(directory: String, application: String, isCompressed: Bool, name: String = "backfill") {
        self.directory = directory
        self.name = Self.component(name)
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
            try storing { () throws(OutboundError) in try DurableFile.makeDirectories(folder) }
            let name = "\(name)-\(chunk.source)-\(file.first).json\(isCompressed ? ".gz" : "")"
            let bytes = isCompressed ? Gzip.compressed(file.lines) : file.lines
            try storing { () throws(OutboundError) in try DurableFile.write(bytes, to: folder, name: name) }
            folders.insert(folder)
        }
        for folder in folders.sorted() { try storing { () throws(OutboundError) in try DurableFile.synchronize(folder) } }
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
}

/// Runs work on files whose errors are the target's, as part of work whose errors are a job's.
private func storing(_ body: () throws(OutboundError) -> Void) throws(ExportJobError) {
    do throws(OutboundError) {
        try body()
    } catch {
        throw ExportJobError(.targetRefused, "\(error.message) Nothing of this chunk is counted; the same command goes on from here.")
    }
}
