import Foundation

/// Reads a file line by line in bounded memory.
struct CaptureFile: ~Copyable {
    /// The longest line: a record of the largest size that brokers take, in base64, with room for its frame.
    static let longestLine = 256 << 20

    private let path: String
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    /// The number of the line that was read last, from 1.
    private(set) var lineNumber: Int64 = 0

    init(path: String) throws(IngestError) {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw IngestError(.capture, "The capture \(path) cannot be opened for reading. Check the path and its permissions.")
        }
        // A directory can be opened, and says what it is only when it is read, in Foundation's own words.
        let type = try? FileManager.default.attributesOfItem(atPath: URL(filePath: path).resolvingSymlinksInPath().path)[.type] as? FileAttributeType
        if type == .typeDirectory {
            throw IngestError(.capture, "The capture \(path) is a directory, expected a file.")
        }
        self.path = path
        self.handle = handle
    }

    deinit {
        // Nothing was written, so a failure to close loses nothing.
        try? handle.close()
    }

    /// The next line without its end; nil at the end of the file.
    mutating func next() throws(IngestError) -> [UInt8]? {
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                let line = Array(buffer[position..<end])
                position = end + 1
                lineNumber += 1
                return line.last == 0x0D ? line.dropLast() : line
            }
            searched = buffer.count
            if isAtEnd {
                guard position < buffer.count else { return nil }
                let line = Array(buffer[position...])
                position = buffer.count
                lineNumber += 1
                return line
            }
            buffer.removeSubrange(..<position)
            searched -= position
            position = 0
            guard buffer.count <= Self.longestLine else {
                throw IngestError(
                    .capture, "\(path):\(lineNumber + 1): the line is longer than \(Self.longestLine >> 20) MiB, expected one record per line.")
            }
            try fill()
        }
    }

    private mutating func fill() throws(IngestError) {
        do {
            guard let data = try handle.read(upToCount: 1 << 20), !data.isEmpty else {
                isAtEnd = true
                return
            }
            buffer.append(contentsOf: data)
        } catch {
            throw IngestError(.capture, "The capture \(path) cannot be read: \(error.localizedDescription)")
        }
    }
}
