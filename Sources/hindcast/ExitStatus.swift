/// What a command's exit status says to a script.
enum ExitStatus: Int32, CaseIterable {
    /// Done, nothing wrong found.
    case success = 0
    /// Done, and the answer is no: findings at or above the asked severity, a model that is invalid, a digest that differs.
    case negative = 1
    /// Usage, settings or an input file is wrong.
    case usage = 2
    /// Cannot say: something unexpected, or what would be needed is missing.
    case unknown = 3
    /// The database was not migrated, or is newer than this program.
    case notMigrated = 4
    /// The database cannot be reached or refuses.
    case database = 5
    /// The broker cannot be reached or refuses.
    case broker = 6
    /// Another owner took over, or a stop for safety.
    case fenced = 7
}

/// Why a command ends early, in one sentence for its operator: what, where, expected and actual, and what to do.
struct OperatorError: Error, CustomStringConvertible {
    let status: ExitStatus
    let description: String

    init(_ status: ExitStatus, _ description: String) {
        self.status = status
        self.description = description
    }
}
