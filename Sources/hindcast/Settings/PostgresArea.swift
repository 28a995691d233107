import Postgres

/// `postgres.*`: the database.
struct PostgresArea: Sendable {
    /// A connection string; it may hold a password.
    var url: String
    var rolePrefix: String
    var preparedStatements: Bool

    init(_ reader: SettingsReader) throws(OperatorError) {
        url = reader.value(.postgresURL)?.text ?? ""
        rolePrefix = reader.value(.postgresRolePrefix)?.text ?? ""
        preparedStatements = try reader.value(.postgresPreparedStatements)?.boolean() ?? true
        do throws(PostgresError) {
            try PostgresSettings(url).validate()
            _ = try Role.owner.identifier(prefix: rolePrefix)
        } catch {
            throw OperatorError(.usage, "The settings of area postgres are wrong: \(error).")
        }
    }

    /// The group roles that `hindcast migrate` makes, each named by the prefix and this.
    enum Role: String, CaseIterable, Sendable {
        case owner, ingest, project, admin, dashboard, payload

        func identifier(prefix: String) throws(PostgresError) -> SQLIdentifier { try SQLIdentifier(checking: "\(prefix)_\(rawValue)") }
    }

    /// How to connect as the login user, or in a role.
    func connection(as role: Role? = nil) throws(PostgresError) -> PostgresSettings {
        var settings = PostgresSettings(url)
        settings.namesStatements = preparedStatements
        settings.role = if let role { try role.identifier(prefix: rolePrefix) } else { nil }
        return settings
    }
}
