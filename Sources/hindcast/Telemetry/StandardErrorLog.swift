import Diagnostics
import JSON
import Logging

/// Writes log lines to standard error, as text or as JSON.
struct StandardErrorLog: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let isJSON: Bool

    init(label: String, _ settings: LogArea) {
        self.label = label
        logLevel = settings.level
        isJSON = settings.isJSON
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        if let error = event.error { all["error.message"] = "\(error)" }
        let pairs = all.map { ($0.key, "\($0.value)") }.sorted { $0.0 < $1.0 }
        let line = isJSON ? json(event, pairs) : text(event, pairs)
        // One write, so that lines of several threads do not mix.
        Output.error(line)
    }

    private func text(_ event: LogEvent, _ pairs: [(String, String)]) -> String {
        let level = event.level.rawValue
        let padded = level + String(repeating: " ", count: max(0, 8 - level.count))
        let details = pairs.map { " \($0)=\($1.contains { $0 == " " || $0 == "\"" } ? "\"\($1)\"" : $1)" }.joined()
        return PrintableText.of("\(Clock.now.rfc3339) \(padded) \(event.message)\(details)")
    }

    private func json(_ event: LogEvent, _ pairs: [(String, String)]) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        for (key, value) in [("time", Clock.now.rfc3339), ("level", event.level.rawValue), ("logger", label), ("message", "\(event.message)")] + pairs
        {
            writer.key(key)
            writer.string(value)
        }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension Logger {
    /// The program's logger.
    init(_ settings: LogArea) {
        self.init(label: "hindcast") { StandardErrorLog(label: $0, settings) }
    }
}
