import Catalog
import Diagnostics
import EventLog
import Postgres

/// Everything that is known of all exports, read at one time. What it was read at is kept, so that it is only read again when there is something new.
struct ExportEvidence: Sendable {
    /// Changes as rows: events and receipts, reconciliations, versions and bindings. Rows are only added, but for bindings.
    struct Extent: Equatable, Sendable {
        let events: Int64
        let control: Int64
        let reconciliation: Int64
    }

    let extent: Extent
    let known: [String: KnownExports]
    let bindings: [ExportBinding]
    /// By tenant.
    let changes: [String: [ExportChange]]
    let reconciliations: [ExportRoute: [ReconciledStretch]]

    /// Reads what there is; the last answer where nothing was added.
    static func read(
        after last: ExportEvidence?, grace: Int64, on connection: inout Connection
    ) throws(PostgresError) -> ExportEvidence {
        let control = try ControlLog.last(on: &connection)
        guard let rows = try connection.queryOne(SelectEvidenceExtent()) else { throw PostgresError(.unexpectedValue, "no extent of evidence") }
        let extent = Extent(events: rows.events, control: control, reconciliation: rows.reconciliation)
        if let last, last.extent == extent { return last }
        let known = try KnownExports.all(on: &connection)
        var changes = try ExportChanges.all(on: &connection)
        for (tenant, known) in known { changes[tenant, default: []] += ExportChanges.imported(known) }
        return ExportEvidence(
            extent: extent, known: known, bindings: try ExportBinding.all(on: &connection), changes: changes,
            reconciliations: try Reconciliations.all(grace: grace, known: last?.reconciliations ?? [:], on: &connection))
    }

    /// Every route that a definition or an event names.
    var routes: [ExportRoute] {
        var routes: Set<ExportRoute> = []
        for known in known.values { routes.formUnion(known.routes) }
        for (tenant, changes) in changes {
            for change in changes where !change.exportID.isEmpty && !change.destinationID.isEmpty {
                routes.insert(ExportRoute(tenant: tenant, exportID: change.exportID, destinationID: change.destinationID))
            }
            // An export of which no destination is known is a route to nowhere, so that its switch is seen all the same.
            let named = Set(routes.filter { $0.tenant == tenant }.map(\.exportID))
            for id in Set(changes.map(\.exportID)) where !id.isEmpty && !named.contains(id) {
                routes.insert(ExportRoute(tenant: tenant, exportID: id, destinationID: ""))
            }
        }
        for binding in bindings { routes.insert(binding.route) }
        return routes.sorted()
    }

    /// The topics that an export itself feeds.
    func boundTopics(of route: ExportRoute) -> Set<String> {
        Set(bindings.filter { $0.route.tenant == route.tenant && $0.route.exportID == route.exportID }.map(\.topic))
    }
}

private struct SelectEvidenceExtent: Statement {
    static let sql = """
        SELECT (SELECT count(*) FROM hindcast.export_event), coalesce((SELECT max(reconciliation_id) FROM hindcast.export_reconciliation), 0)
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> (events: Int64, reconciliation: Int64) {
        (try row.int64(0), try row.int64(1))
    }
}
