import Diagnostics
import EventLog
import Postgres

/// How a route is now, for the view `export_status`.
struct RouteStatus: Equatable, Sendable {
    let route: ExportRoute
    let displayName: String
    let source: String
    let kind: String
    let state: ExportTimeline.State
    let since: Timestamp?
    let isEnabled: Bool?
    let lastError: String
    let lastDelivered: Timestamp?

    init(_ history: ExportHistory, _ known: KnownExports?, settings: GapSettings) {
        route = history.route
        let definition = known?.export(route.exportID)
        let destination = known?.destination(route.destinationID)
        displayName = definition?.displayName ?? ""
        source = definition?.source.rawValue ?? ""
        kind = destination?.kind.rawValue ?? ""
        let current = ExportTimeline(history, settings: settings).current
        state = current.state
        since = current.from > .earliest ? current.from : nil
        switch current.state {
        case .on, .failing, .failed: isEnabled = true
        case .off, .absent: isEnabled = false
        case .unknown: isEnabled = definition?.isEnabled
        }
        let faults = (destination?.errors ?? []) + (definition?.errors ?? [])
        let said = (current.code, current.message)
        lastError =
            said.0.isEmpty && said.1.isEmpty
            ? faults.first.map { Self.text($0.code, $0.message) } ?? "" : Self.text(said.0, said.1)
        let receipts = history.changes.filter { $0.act == .delivered }.map(\.time)
        lastDelivered = ([definition?.lastExportTime, destination?.lastExportTime].compactMap(\.self) + receipts).max()
    }

    private static func text(_ code: String, _ message: String) -> String { [code, message].filter { !$0.isEmpty }.joined(separator: ": ") }
}

/// Removes routes that nothing names any more.
struct DeleteRoutes: Statement {
    let statuses: [RouteStatus]

    static let sql = """
        DELETE FROM hindcast.export_route r WHERE NOT EXISTS (
            SELECT FROM unnest($1::text[], $2::text[], $3::text[]) AS w (tenant, export_id, destination_id)
            WHERE w.tenant = r.tenant AND w.export_id = r.export_id AND w.destination_id = r.destination_id)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(statuses.map(\.route.tenant))
        parameters.append(statuses.map(\.route.exportID))
        parameters.append(statuses.map(\.route.destinationID))
    }
}

struct UpsertRoute: Statement {
    let status: RouteStatus
    let lastEvent: Timestamp?
    let asOf: Timestamp

    static let sql = """
        INSERT INTO hindcast.export_route AS r (
            as_of, status_since, last_delivered, last_event_time, enabled, tenant, export_id, destination_id, display_name, source, kind, status, last_error)
        VALUES ($1, $2, $3, $13, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (tenant, export_id, destination_id) DO UPDATE SET
            as_of = excluded.as_of, status_since = excluded.status_since, last_delivered = excluded.last_delivered,
            last_event_time = excluded.last_event_time, enabled = excluded.enabled, display_name = excluded.display_name, source = excluded.source,
            kind = excluded.kind, status = excluded.status, last_error = excluded.last_error
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(PostgresTimestamp(asOf))
        parameters.append(status.since.map { PostgresTimestamp($0) })
        parameters.append(status.lastDelivered.map { PostgresTimestamp($0) })
        parameters.append(status.isEnabled)
        parameters.append(status.route.tenant)
        parameters.append(status.route.exportID)
        parameters.append(status.route.destinationID)
        parameters.append(status.displayName)
        parameters.append(status.source)
        parameters.append(status.kind)
        parameters.append(status.state.rawValue)
        parameters.append(status.lastError)
        parameters.append(lastEvent.map { PostgresTimestamp($0) })
    }
}
