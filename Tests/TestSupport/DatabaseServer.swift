import Glibc
import Logging
import Postgres

/// The private server that tests use: a superuser's connection string in `HINDCAST_TEST_POSTGRES`.
struct DatabaseServer: Sendable {
    static let variable = "HINDCAST_TEST_POSTGRES"
    static let advice = "\(variable) is not set; start the private server with the project's scripts and set it to a superuser's connection string"

    /// The server; `nil` where there is none and need not be, an error where there must be one.
    static let shared = Result<DatabaseServer?, PostgresError> { () throws(PostgresError) in
        if let conninfo = environment(variable) { return DatabaseServer(settings: PostgresSettings(conninfo)) }
        // Tests that are skipped unseen prove nothing.
        if environment("CI") == "true" { throw PostgresError(.invalidSettings, advice) }
        return nil
    }

    /// How to reach the database that is always there.
    let settings: PostgresSettings
    /// Connections for making and dropping databases.
    let administration: Pool

    private init(settings: PostgresSettings) {
        self.settings = settings
        administration = Pool(settings, size: 4, logger: Logger(label: "hindcast.test"))
    }

    private static func environment(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
