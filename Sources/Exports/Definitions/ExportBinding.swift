package import Diagnostics
package import Postgres

/// A topic of the log that is itself a destination of an export.
package struct ExportBinding: Hashable, Sendable {
    /// The export and the destination.
    package let route: ExportRoute
    /// The topic.
    package let topic: String

    /// Takes both.
    package init(route: ExportRoute, topic: String) {
        self.route = route
        self.topic = topic
    }

    /// All of them.
    package static func all(on connection: inout Connection) throws(PostgresError) -> [ExportBinding] {
        try connection.query(SelectBindings())
    }
}

private struct SelectBindings: Statement {
    static let sql = "SELECT tenant, export_id, destination_id, topic FROM hindcast.export_binding ORDER BY 1, 2, 3, 4"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> ExportBinding {
        ExportBinding(
            route: ExportRoute(tenant: try row.string(0), exportID: try row.string(1), destinationID: try row.string(2)), topic: try row.string(3))
    }
}
