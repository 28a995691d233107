package import Postgres

/// One finding that a run would bring, take away or change.
package struct ReplayChange: Equatable, Sendable {
    /// What would happen to it.
    package enum Kind: String, Sendable, CaseIterable {
        case appeared
        case disappeared
        case changed
    }

    package let kind: Kind
    package let tenant: String
    package let deviceID: String
    package let templateID: String
    package let module: String
    package let component: String
    package let path: String
    package let rule: String
    /// Days since 2000-01-01 for places that a device chooses, else 0.
    package let day: Int16
    /// 1 info, 2 warning, 3 error.
    package let severity: Int16
    package let countBefore: Int64
    package let countAfter: Int64
    package let message: String
    /// An event that shows it.
    package let exampleSource: Int32
    package let exampleOffset: Int64

    /// The first changes of a run, worst and most frequent first.
    package static func list(run: Int32, limit: Int64, on connection: inout Connection) throws(ReplayError) -> [ReplayChange] {
        try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            try connection.query(SelectChanges(run: run, limit: limit))
        }
    }
}

/// The changes of a run, counted by one of their parts.
package struct ReplayChangeGroup: Equatable, Sendable {
    /// What they are counted by.
    package enum Dimension: String, Sendable, CaseIterable {
        case device, template, path, rule, day
    }

    /// The device, the template, … that they have in common; of a device with its tenant before it and a slash between.
    package let name: String
    package let devices: Int64
    package let appeared: Int64
    package let disappeared: Int64
    package let changed: Int64
    /// Occurrences before and after, summed.
    package let countBefore: Int64
    package let countAfter: Int64

    /// The groups, those with most changes first; days in order.
    package static func list(
        run: Int32, by dimension: Dimension, limit: Int64, on connection: inout Connection
    ) throws(ReplayError) -> [ReplayChangeGroup] {
        try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            if dimension == .day { return try connection.query(SelectChangeDays(run: run, limit: limit)) }
            return try connection.query(SelectChangeGroups(run: run, dimension: dimension, limit: limit))
        }
    }
}

private struct SelectChanges: Statement {
    let run: Int32
    let limit: Int64

    static let sql = """
        SELECT change, tenant, device_id, template_id, module, component, path, rule, day, severity, count_before, count_after, message, example_source,
            example_offset
        FROM hindcast.replay_change WHERE run_id = $1
        ORDER BY severity DESC, abs(count_after - count_before) DESC, tenant COLLATE "C", device_id COLLATE "C", rule COLLATE "C", path COLLATE "C", day,
            component COLLATE "C", module COLLATE "C", template_id COLLATE "C"
        LIMIT $2
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(run)
        parameters.append(limit)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> ReplayChange {
        guard let kind = ReplayChange.Kind(rawValue: try row.string(0)) else {
            throw PostgresError(.unexpectedValue, "a change is '\(try row.string(0))', which this program does not know", advice: "upgrade it")
        }
        return ReplayChange(
            kind: kind, tenant: try row.string(1), deviceID: try row.string(2), templateID: try row.string(3), module: try row.string(4),
            component: try row.string(5), path: try row.string(6), rule: try row.string(7), day: try row.int16(8), severity: try row.int16(9),
            countBefore: try row.int64(10), countAfter: try row.int64(11), message: try row.string(12), exampleSource: try row.int32(13),
            exampleOffset: try row.int64(14))
    }
}

private struct SelectChangeGroups: Statement {
    let run: Int32
    let dimension: ReplayChangeGroup.Dimension
    let limit: Int64

    static let sql = """
        SELECT g.name, count(DISTINCT g.device_key), count(*) FILTER (WHERE g.change = 'appeared'), count(*) FILTER (WHERE g.change = 'disappeared'),
            count(*) FILTER (WHERE g.change = 'changed'), sum(g.count_before)::bigint, sum(g.count_after)::bigint
        FROM (
            SELECT c.*, CASE $2 WHEN 'device' THEN c.tenant || '/' || c.device_id WHEN 'template' THEN c.template_id WHEN 'rule' THEN c.rule
                ELSE CASE WHEN c.component = '' THEN c.path ELSE c.component || c.path END END AS name
            FROM hindcast.replay_change c WHERE c.run_id = $1) g
        GROUP BY g.name ORDER BY count(*) DESC, g.name COLLATE "C" LIMIT $3
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(run)
        parameters.append(dimension.rawValue)
        parameters.append(limit)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> ReplayChangeGroup { try ReplayChangeGroup(row) }
}

/// By day there are the sums over the fleet: devices are not counted there.
private struct SelectChangeDays: Statement {
    let run: Int32
    let limit: Int64

    static let sql = """
        SELECT to_char(date '2000-01-01' + g.day::int, 'YYYY-MM-DD'), 0::bigint, count(*) FILTER (WHERE g.count_before = 0),
            count(*) FILTER (WHERE g.count_after = 0), count(*) FILTER (WHERE g.count_before > 0 AND g.count_after > 0), sum(g.count_before)::bigint,
            sum(g.count_after)::bigint
        FROM hindcast.replay_change_day g WHERE g.run_id = $1 GROUP BY g.day ORDER BY g.day LIMIT $2
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(run)
        parameters.append(limit)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> ReplayChangeGroup { try ReplayChangeGroup(row) }
}

extension ReplayChangeGroup {
    fileprivate init(_ row: borrowing RowView) throws(PostgresError) {
        self.init(
            name: try row.string(0), devices: try row.int64(1), appeared: try row.int64(2), disappeared: try row.int64(3), changed: try row.int64(4),
            countBefore: try row.int64(5), countAfter: try row.int64(6))
    }
}
