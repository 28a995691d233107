/// How to reach a server and what a session there is like.
///
/// The password comes from the connection string, `PGPASSWORD` or a password file, all read by libpq; no setting here holds it apart.
package struct PostgresSettings: Hashable, Sendable {
    /// A connection string as libpq takes it: `host=… dbname=…` or `postgresql://…` (PostgreSQL manual, section 34.1.1). May hold a password.
    package var conninfo: String
    /// The database, where it is not the connection string's.
    package var database: String?
    /// What the server's activity view shows; the connection string's where `nil`, and `hindcast` where that has none.
    package var applicationName: String?
    /// How long a connection may take to be made; where `nil`, the connection string's, else 10 seconds. libpq counts whole seconds, at least 2.
    package var connectTimeout: Duration?
    /// How long one statement may run (`statement_timeout`); the server's setting where `nil`, no limit at zero.
    package var statementTimeout: Duration?
    /// How long one statement may wait for a lock (`lock_timeout`); the server's setting where `nil`, no limit at zero.
    package var lockTimeout: Duration?
    /// `sslmode`: `disable`, `allow`, `prefer`, `require`, `verify-ca` or `verify-full`.
    package var sslMode: String?
    /// `sslrootcert`: the file of certificates that may sign the server's.
    package var sslRootCertificate: String?
    /// `sslcert`: the file of this client's certificate.
    package var sslCertificate: String?
    /// `sslkey`: the file of this client's key.
    package var sslKey: String?
    /// The schemas to look names up in; the server's setting where empty.
    package var searchPath: [SQLIdentifier]
    /// The role to take on after connecting (`SET ROLE`).
    package var role: SQLIdentifier?
    /// Whether statements are prepared under a name. Turn it off behind a pooler in transaction mode, which hands the next transaction to a session
    /// that does not know the name. There, time limits, search path and role also belong to the login role (`ALTER ROLE … SET`) and not in here.
    package var namesStatements: Bool

    /// Settings that leave everything to the connection string and the server.
    package init(_ conninfo: String) {
        self.conninfo = conninfo
        searchPath = []
        namesStatements = true
    }

    /// The same settings for another database of the same server.
    package func with(database: String) -> PostgresSettings {
        var settings = self
        settings.database = database
        return settings
    }

    /// The same settings for another role.
    package func with(role: SQLIdentifier?) -> PostgresSettings {
        var settings = self
        settings.role = role
        return settings
    }

    /// Checks the connection string without connecting.
    ///
    /// - Throws: ``PostgresError/Code/invalidSettings``; the message never quotes the string, since a misplaced password could be in it.
    package func validate() throws(PostgresError) {
        _ = try ConninfoOption.parse(conninfo)
    }
}

extension PostgresSettings {
    /// Keywords and values as `PQconnectdbParams` takes them. Of two with the same keyword the later counts, so defaults stand before the
    /// connection string and what these settings decide stands after it.
    var parameters: [(keyword: String, value: String)] {
        // A server whose machine is gone says nothing; libpq's defaults would wait for it for two hours.
        var all = [
            ("connect_timeout", "10"), ("fallback_application_name", "hindcast"), ("keepalives_idle", "15"), ("keepalives_interval", "5"),
            ("keepalives_count", "3"), ("tcp_user_timeout", "30000"), ("dbname", conninfo), ("client_encoding", "UTF8"),
        ]
        let decided: [(String, String?)] = [
            ("dbname", database), ("application_name", applicationName), ("connect_timeout", connectTimeout.map { String(Int64($0.wholeSeconds)) }),
            ("sslmode", sslMode), ("sslrootcert", sslRootCertificate), ("sslcert", sslCertificate), ("sslkey", sslKey),
        ]
        for case (let keyword, let value?) in decided { all.append((keyword, value)) }
        return all
    }

    /// What every session runs first. Texts of times are UTC whatever the server's zone, since that is what the program prints.
    var sessionScript: String {
        var statements = [
            "SET TIME ZONE 'UTC'", "SET standard_conforming_strings = on",
            // The server lets go of the locks of a client whose machine is gone after half a minute, not after two hours. Without effect on a socket.
            "SET tcp_keepalives_idle = 15", "SET tcp_keepalives_interval = 5", "SET tcp_keepalives_count = 3",
        ]
        if let statementTimeout { statements.append("SET statement_timeout = \(statementTimeout.wholeMilliseconds)") }
        if let lockTimeout { statements.append("SET lock_timeout = \(lockTimeout.wholeMilliseconds)") }
        if !searchPath.isEmpty { statements.append("SET search_path = " + searchPath.map(\.quoted).joined(separator: ", ")) }
        if let role { statements.append("SET ROLE \(role.quoted)") }
        return statements.joined(separator: "; ")
    }
}

extension PostgresSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The connection string's keywords with passwords masked, then what the settings add.
    package var description: String {
        var texts: [String]
        do throws(PostgresError) {
            texts = try ConninfoOption.parse(conninfo).map { "\($0.keyword)=\($0.isSecret ? "***" : $0.value)" }
        } catch {
            texts = ["(invalid connection string)"]
        }
        if let database {
            texts.removeAll { $0.hasPrefix("dbname=") }
            texts.append("dbname=\(database)")
        }
        if let role { texts.append("role=\(role.name)") }
        return texts.joined(separator: " ")
    }

    /// The same as ``description``.
    package var debugDescription: String { description }

    /// Nothing to look into, so that `dump` shows no password either.
    package var customMirror: Mirror { Mirror(self, children: ["settings": description]) }
}

extension Duration {
    /// Whole seconds, rounded up.
    var wholeSeconds: Int64 { components.seconds + (components.attoseconds > 0 ? 1 : 0) }

    /// Whole milliseconds, rounded up, so that a short limit does not become none.
    var wholeMilliseconds: Int64 { components.seconds * 1000 + (components.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000 }
}
