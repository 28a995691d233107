import Glibc

/// Where the programs of a Postgres server are.
struct PostgresPrograms: Hashable, Sendable {
    /// The directory of `initdb` and `postgres`.
    let directory: String

    /// Finds the newest ones, or those of one major version, in Debian's place and on the PATH.
    ///
    /// - Throws: ``OperatorError`` with what to install.
    static func find(major: Int? = nil) throws(OperatorError) -> PostgresPrograms {
        let versions = Directory.entries(of: "/usr/lib/postgresql").compactMap(Int.init).sorted(by: >)
        for version in versions where major == nil || major == version {
            let directory = "/usr/lib/postgresql/\(version)/bin"
            if unsafe access("\(directory)/postgres", X_OK) == 0, unsafe access("\(directory)/initdb", X_OK) == 0 {
                return PostgresPrograms(directory: directory)
            }
        }
        // Elsewhere the version is not part of the path; `postgres` itself refuses a directory of another version.
        for directory in (ProcessEnvironment.all["PATH"] ?? "").split(separator: ":") {
            if unsafe access("\(directory)/postgres", X_OK) == 0, unsafe access("\(directory)/initdb", X_OK) == 0 {
                return PostgresPrograms(directory: String(directory))
            }
        }
        let wanted = major.map { "postgresql-\($0)" } ?? "postgresql"
        throw OperatorError(
            .usage,
            "No Postgres server is installed (looked in /usr/lib/postgresql and on the PATH); install Debian's package \(wanted), or name a server that runs in postgres.url."
        )
    }
}
