import EventLog
import Postgres

/// Which devices: patterns, and files with one pattern a line.
enum DevicePatterns {
    /// The patterns, those of files in place of the files' names.
    static func read(_ arguments: [String]) throws(OperatorError) -> [String] {
        var patterns: [String] = []
        for argument in arguments {
            switch FileBytes.read(argument) {
            case .success(let bytes):
                guard let text = String(validating: bytes, as: UTF8.self) else {
                    throw OperatorError(.usage, "\(argument) is not UTF-8, expected one device id or pattern a line.")
                }
                let lines = text.split { $0.isNewline }.map(trimmed).filter { !$0.isEmpty }
                if lines.isEmpty { throw OperatorError(.usage, "\(argument) names no devices, expected one device id or pattern a line.") }
                patterns += lines
            case .failure(let failure) where failure.isAbsent || argument.utf8.count > 255: patterns.append(argument)
            case .failure(let failure): throw OperatorError(.usage, "Cannot read the device list \(argument): \(failure.reason).")
            }
        }
        return patterns
    }

    /// Refuses patterns that no device matches, and says which match none where others do: a misspelt name of a file is one.
    static func check(_ patterns: [String], on connection: inout Connection) throws {
        // What no id can be is said by who plans.
        guard !patterns.isEmpty, patterns.allSatisfy({ !$0.utf8.contains(0) }) else { return }
        let unmatched = try LogDevices.unmatched(patterns.map { DeviceGlob.isExact($0) ? .id($0) : .like(DeviceGlob.like($0)) }, on: &connection)
            .map { patterns[$0] }
        let shown = PrintableText.of(unmatched.prefix(3).joined(separator: ", ")) + (unmatched.count > 3 ? ", …" : "")
        if unmatched.count == patterns.count {
            throw OperatorError(
                .usage, "No device in the log is named by --devices (\(shown)), expected ids or patterns such as \"pump-*\", or a file that is there."
            )
        }
        if !unmatched.isEmpty {
            Output.error(
                "No device in the log is named by \(unmatched.count) of \(patterns.count) ids and patterns of --devices (\(shown)); going on with the others."
            )
        }
    }

    private static func trimmed(_ line: Substring) -> String {
        String(line.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
