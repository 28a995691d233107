import Logging

/// `log.*`: what goes to standard error.
struct LogArea: Sendable {
    let level: Logger.Level
    let isJSON: Bool

    init(_ reader: SettingsReader) throws(OperatorError) {
        level = Logger.Level(rawValue: try reader.value(.logLevel)?.choice() ?? "info") ?? .info
        isJSON = try reader.value(.logFormat)?.choice() == "json"
    }
}
