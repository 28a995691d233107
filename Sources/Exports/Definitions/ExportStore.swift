import Catalog
package import Diagnostics
import EventLog
import JSON
package import Postgres

/// What operators decide about exports. Each decision and its control event are one transaction.
package enum ExportStore {
    /// One object of an import.
    package struct Imported: Equatable, Sendable {
        /// Whether it is an export; else a destination.
        package let isExport: Bool
        /// Its id.
        package let id: String
        /// The version's number, from 1.
        package let version: Int32
        /// Whether it differs from the version before; where not, nothing was stored.
        package let isNew: Bool
    }

    /// Stores what a file says: a new version of each object that differs from its newest one. All of it or nothing.
    ///
    /// - Parameter time: from when on it is in force; nil for from now on.
    package static func `import`(
        _ file: ExportFile, tenant: String, at time: Timestamp?, actor: String, on connection: inout Connection
    ) throws(PostgresError) -> [Imported] {
        let objects = file.exports.map { ("export", $0.0.exportID, $0.body) } + file.destinations.map { ("destination", $0.0.destinationID, $0.body) }
        return try connection.withTransaction { (connection: inout Connection) throws(PostgresError) -> [Imported] in
            var imported: [Imported] = []
            for (kind, id, body) in objects {
                let insert = InsertVersion(tenant: tenant, kind: kind, id: id, at: time, actor: actor, body: body)
                guard let row = try connection.queryOne(insert) else {
                    throw PostgresError(.unexpectedValue, "storing \(kind) \"\(id)\" returned no row, expected its version")
                }
                imported.append(Imported(isExport: kind == "export", id: id, version: row.version, isNew: row.isNew))
            }
            let new = imported.filter(\.isNew)
            guard !new.isEmpty else { return imported }
            let body = JSONTree.object([
                "act": .string("import"), "tenant": .string(tenant), "exports": versions(new.filter(\.isExport)),
                "destinations": versions(new.filter { !$0.isExport }),
            ])
            _ = try ControlLog.append(.export, actor: actor, body: body, on: &connection)
            return imported
        }
    }

    /// Accepts a gap, so that it is shown as that from now on; false where there is none of this id.
    package static func accept(gap: String, reason: String, actor: String, on connection: inout Connection) throws(PostgresError) -> Bool {
        try connection.withTransaction { (connection: inout Connection) throws(PostgresError) -> Bool in
            guard try connection.execute(AcceptGap(gap: gap, reason: reason)) == 1 else { return false }
            let body = JSONTree.object(["act": .string("accept"), "gap": .string(gap), "reason": .string(reason)])
            _ = try ControlLog.append(.export, actor: actor, body: body, on: &connection)
            return true
        }
    }

    /// Says that a topic of the log is itself a destination of an export; false where that was known.
    package static func bind(_ route: ExportRoute, topic: String, actor: String, on connection: inout Connection) throws(PostgresError) -> Bool {
        try decide("bind", InsertBinding(route: route, topic: topic), route, topic, actor, on: &connection)
    }

    /// Takes that back; false where it was not said.
    package static func unbind(_ route: ExportRoute, topic: String, actor: String, on connection: inout Connection) throws(PostgresError) -> Bool {
        try decide("unbind", DeleteBinding(route: route, topic: topic), route, topic, actor, on: &connection)
    }

    // MARK: -

    private static func decide(
        _ act: String, _ statement: some Statement, _ route: ExportRoute, _ topic: String, _ actor: String, on connection: inout Connection
    ) throws(PostgresError) -> Bool {
        try connection.withTransaction { (connection: inout Connection) throws(PostgresError) -> Bool in
            guard try connection.execute(statement) == 1 else { return false }
            let body = JSONTree.object([
                "act": .string(act), "tenant": .string(route.tenant), "export_id": .string(route.exportID),
                "destination_id": .string(route.destinationID), "topic": .string(topic),
            ])
            _ = try ControlLog.append(.export, actor: actor, body: body, on: &connection)
            return true
        }
    }

    private static func versions(_ imported: [Imported]) -> JSONTree {
        .array(imported.map { .object(["id": .string($0.id), "version": .integer($0.version)]) })
    }
}

private struct InsertVersion: Statement {
    let tenant: String
    let kind: String
    let id: String
    let at: Timestamp?
    let actor: String
    let body: String

    // A version is new where it says something else, or something from another time on that an operator named.
    static let sql = """
        WITH newest AS (
            SELECT v.version, v.body, v.valid_from FROM hindcast.export_version v WHERE v.tenant = $1 AND v.object_kind = $2 AND v.object_id = $3
            ORDER BY v.version DESC LIMIT 1),
        stored AS (
            INSERT INTO hindcast.export_version (tenant, object_kind, object_id, version, valid_from, actor, body)
            SELECT $1, $2, $3, coalesce((SELECT n.version FROM newest n), 0) + 1, coalesce($4, clock_timestamp()), $5, $6
            WHERE NOT EXISTS (SELECT FROM newest n WHERE n.body = $6 AND n.valid_from = coalesce($4, n.valid_from))
            RETURNING version)
        SELECT coalesce((SELECT s.version FROM stored s), (SELECT n.version FROM newest n)), EXISTS (SELECT FROM stored)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(kind)
        parameters.append(id)
        parameters.append(at.map { PostgresTimestamp($0) })
        parameters.append(actor)
        parameters.append(body)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> (version: Int32, isNew: Bool) {
        (try row.int32(0), try row.bool(1))
    }
}

private struct AcceptGap: Statement {
    let gap: String
    let reason: String

    static let sql = "UPDATE hindcast.export_gap SET accepted = true, accepted_reason = $2 WHERE gap_id = $1"

    func bind(to parameters: inout Parameters) {
        parameters.append(gap)
        parameters.append(reason)
    }
}

private struct InsertBinding: Statement {
    let route: ExportRoute
    let topic: String

    static let sql = """
        INSERT INTO hindcast.export_binding (tenant, export_id, destination_id, topic) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
        """

    func bind(to parameters: inout Parameters) { route.bind(topic: topic, to: &parameters) }
}

private struct DeleteBinding: Statement {
    let route: ExportRoute
    let topic: String

    static let sql = """
        DELETE FROM hindcast.export_binding WHERE tenant = $1 AND export_id = $2 AND destination_id = $3 AND topic = $4
        """

    func bind(to parameters: inout Parameters) { route.bind(topic: topic, to: &parameters) }
}

extension ExportRoute {
    /// Binds tenant, export, destination and a topic.
    fileprivate func bind(topic: String, to parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(exportID)
        parameters.append(destinationID)
        parameters.append(topic)
    }
}
