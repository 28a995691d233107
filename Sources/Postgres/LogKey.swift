/// The metadata keys of this module's log lines.
enum LogKey {
    static let server = "postgres.server"
    static let backend = "postgres.backend"
    static let error = "postgres.error"
    static let delay = "postgres.delay"
    static let notice = "postgres.notice"
    static let sqlState = "postgres.sqlstate"
    static let migration = "postgres.migration"
}
