import Foundation
import JSON

/// A file with one case a line.
struct CaseFile {
    /// A file that cannot be read.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let cases: [JSONTree]

    /// Reads a file. The writer of such files put the words of Python where the number it had read back was not finite; nobody looks at such a number, so
    /// it becomes null.
    init(_ path: String) throws {
        var cases: [JSONTree] = []
        for (number, line) in try Self.bytes(path).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        where !line.isEmpty {
            var text = String(decoding: line, as: UTF8.self)
            for word in ["-Infinity", "Infinity", "NaN"] where text.contains(word) { text.replace(": \(word)", with: ": null") }
            do {
                cases.append(try JSONTree.parse(Array(text.utf8)))
            } catch {
                throw Failure(description: "\(path):\(number + 1): the case is \(error.description)")
            }
        }
        self.cases = cases
    }

    /// The content of a file; of one whose name ends in `.gz`, what `gzip` makes of it.
    static func bytes(_ path: String) throws -> [UInt8] {
        do {
            let data = try Data(contentsOf: URL(filePath: path))
            return path.hasSuffix(".gz") ? try uncompressed(path) : Array(data)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(description: "Cannot read \(path): \(error.localizedDescription)")
        }
    }

    private static func uncompressed(_ path: String) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", "--", path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(description: "Cannot read \(path): gzip ended with \(process.terminationStatus).") }
        return Array(data)
    }
}
