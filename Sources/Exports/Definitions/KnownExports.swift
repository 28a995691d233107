package import Diagnostics
import EventLog
import JSON
package import Postgres

/// The exports and destinations of one tenant, as operators imported them and events told of them, in all their versions.
package struct KnownExports: Sendable {
    /// One version of an object.
    package struct Version<Value: Sendable>: Sendable {
        /// From when on it is in force.
        package let from: Timestamp
        /// What it says.
        package let value: Value
        /// Its JSON: masked and canonical.
        package let body: String
        /// The number that an import gave it; nil for a version that an event told of.
        package let number: Int32?
    }

    /// The namespace that they belong to.
    package let tenant: String
    /// The versions of each export, the oldest first.
    package private(set) var exports: [String: [Version<ExportDefinition>]] = [:]
    /// The versions of each destination, the oldest first.
    package private(set) var destinations: [String: [Version<ExportDestination>]] = [:]

    /// Nothing known yet.
    package init(tenant: String) { self.tenant = tenant }

    /// Everything that is known, by tenant. A definition in an event that cannot be read is passed over: an event is data, and may say anything.
    package static func all(on connection: inout Connection) throws(PostgresError) -> [String: KnownExports] {
        var known: [String: KnownExports] = [:]
        try connection.forEach(SelectVersions()) { (row: SelectVersions.Row) throws(PostgresError) in
            known[row.tenant, default: KnownExports(tenant: row.tenant)].add(row.isExport, row.from, row.body, number: row.number)
        }
        return known
    }

    /// Adds a version; those of one object have to come by time.
    mutating func add(_ isExport: Bool, _ from: Timestamp, _ body: String, number: Int32?) {
        do throws(JSONSyntaxError) {
            let tree = try JSONTree.parse(Array(body.utf8))
            if isExport {
                guard let value = Self.read(tree, ExportDefinition.read) else { return }
                exports[value.exportID, default: []].append(Version(from: from, value: value, body: body, number: number))
            } else {
                guard let value = Self.read(tree, ExportDestination.read) else { return }
                destinations[value.destinationID, default: []].append(Version(from: from, value: value, body: body, number: number))
            }
        } catch {
            // Not JSON, so it defines nothing.
        }
    }

    /// The newest version of an export.
    package func export(_ id: String) -> ExportDefinition? { exports[id]?.last?.value }

    /// The newest version of a destination.
    package func destination(_ id: String) -> ExportDestination? { destinations[id]?.last?.value }

    /// Every route that any version of an export had.
    package var routes: Set<ExportRoute> {
        var routes: Set<ExportRoute> = []
        for (id, versions) in exports {
            for target in versions.flatMap(\.value.targets) {
                routes.insert(ExportRoute(tenant: tenant, exportID: id, destinationID: target.destinationID))
            }
        }
        return routes
    }

    /// What a route should have sent, over all of its past; nil where no definition of its export is known.
    package func expectation(of route: ExportRoute) -> RouteExpectation? {
        let definitions = exports[route.exportID] ?? []
        guard let first = definitions.first else { return nil }
        let targets = destinations[route.destinationID] ?? []
        var versions: [RouteExpectation.Version] = []
        var last: (source: ExportSource, filter: String, takesSimulated: Bool)?
        for from in Set(definitions.map(\.from) + targets.map(\.from)).sorted() {
            let definition = (definitions.last { $0.from <= from } ?? first).value
            let destination = (targets.last { $0.from <= from } ?? targets.first)?.value
            let next = (definition.source, definition.filter, destination?.takesSimulatedDevices ?? true)
            // Versions that expect the same are one: nothing has to be counted anew for a new name.
            if let last, last == next { continue }
            last = next
            let expectation = ExportExpectation(tenant: route.tenant, definition: definition, destination: destination)
            versions.append(
                RouteExpectation.Version(from: from, expectation: expectation, mark: "\(next.0.rawValue)/\(next.2)/\(next.1)"))
        }
        return RouteExpectation(route: route, versions: versions, kinds: Set(definitions.map(\.value.source)).flatMap(\.kinds))
    }

    private static func read<Value>(_ tree: JSONTree, _ body: (JSONTree) throws(ExportFileError) -> Value) -> Value? {
        do throws(ExportFileError) { return try body(tree) } catch { return nil }
    }
}

private struct SelectVersions: Statement {
    struct Row: Sendable {
        let tenant: String
        let isExport: Bool
        let from: Timestamp
        let body: String
        let number: Int32?
    }

    // Of one instant, what an operator imported stands behind what an event told: it was recorded to correct it.
    static let sql = """
        SELECT tenant, is_export, from_time, body, number FROM (
            SELECT v.tenant, v.object_kind = 'export' AS is_export, v.valid_from AS from_time, v.body, v.version AS number, 0::bigint AS source_offset
            FROM hindcast.export_version v
            UNION ALL
            SELECT e.tenant, e.act = 'defined', e.event_time, e.body, NULL, e.source_offset FROM hindcast.export_event e
            WHERE e.act IN ('defined', 'destination-defined') AND e.body <> '') u
        ORDER BY tenant, from_time, number NULLS FIRST, source_offset, body
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(
            tenant: try row.string(0), isExport: try row.bool(1), from: Timestamp(try row.timestamp(2)), body: try row.string(3),
            number: try row.int32OrNil(4))
    }
}
