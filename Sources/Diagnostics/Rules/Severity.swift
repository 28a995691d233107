/// How much a finding matters. Ordered: an error is worse than a warning.
package enum Severity: Int16, Comparable, CaseIterable, Sendable {
    /// Worth knowing; nothing is lost.
    case info = 1
    /// The data arrives, but not as the template says, or not where it is looked for.
    case warning = 2
    /// The data does not show up, or cannot be trusted.
    case error = 3

    /// The name in SQL views, settings and JSON output.
    package var name: String {
        switch self {
        case .info: "info"
        case .warning: "warning"
        case .error: "error"
        }
    }

    /// Whether one matters less than another.
    package static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }
}
