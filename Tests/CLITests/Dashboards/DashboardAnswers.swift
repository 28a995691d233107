import Foundation
import Postgres

/// Asks one dashboard's questions, for every value of its variables.
struct DashboardAnswers {
    let dashboard: Dashboard

    /// What Grafana could not show.
    private(set) var problems: [String] = []
    /// Panels that showed nothing, whatever was chosen, as `file | title`.
    private(set) var emptyPanels: Set<String> = []

    init(dashboard: Dashboard) { self.dashboard = dashboard }

    mutating func ask(_ connection: inout Connection) throws {
        var filled: Set<String> = []
        for choice in try choices(&connection) {
            for panel in dashboard.panels {
                if try isFilled(panel, choice, &connection) { filled.insert(panel.title) }
            }
        }
        emptyPanels = Set(dashboard.panels.map(\.title).filter { !filled.contains($0) }.map { "\(dashboard.file) | \($0)" })
    }

    // MARK: - Variables

    /// What a viewer may choose: every value of each variable; for those that take several, all at once.
    private mutating func choices(_ connection: inout Connection) throws -> [[String: [String]]] {
        var choices: [[String: [String]]] = [[:]]
        for variable in dashboard.variables {
            var more: [[String: [String]]] = []
            for choice in choices {
                var values = try answer(variable.query, choice, "the variable \(variable.name)", &connection, columns: "(value)") {
                    (connection: inout Connection) throws(PostgresError) in
                    try connection.query(SelectAnswerValues())
                }
                // Grafana asks with an empty value where there is none to choose.
                if values?.isEmpty ?? true { values = [""] }
                let sets = variable.isMulti ? [values ?? []] : (values ?? []).map { [$0] }
                for set in sets {
                    var extended = choice
                    extended[variable.name] = set
                    more.append(extended)
                }
            }
            choices = more
        }
        return choices
    }

    // MARK: - Panels

    private mutating func isFilled(_ panel: Dashboard.Panel, _ choice: [String: [String]], _ connection: inout Connection) throws -> Bool {
        let seen = try answer(panel.query, choice, panel.title, &connection) { (connection: inout Connection) throws(PostgresError) in
            (rows: try connection.queryOne(CountAnswerRows()) ?? 0, columns: try connection.query(SelectAnswerColumns()))
        }
        guard let seen else { return false }
        if panel.isTimeSeries {
            if seen.columns.first?.name != "time" || seen.columns.first?.type != "timestamp with time zone" {
                note("\(panel.title): no time comes first")
            }
            for column in seen.columns.dropFirst() where column.type != "bigint" && column.type != "double precision" && column.name != "metric" {
                note("\(panel.title): \(column.name) is \(column.type), which no series can show")
            }
        }
        for name in panel.namedColumns where !seen.columns.contains(where: { $0.name == name }) {
            note("\(panel.title) names \(name), which its query has not")
        }
        return seen.rows > 0
    }

    /// Runs a query as a view of this session, and reads from it; nil where that is not possible.
    private mutating func answer<Answer>(
        _ query: String, _ choice: [String: [String]], _ name: String, _ connection: inout Connection, columns: String = "",
        read: (inout Connection) throws(PostgresError) -> Answer
    ) throws -> Answer? {
        let now = Date()
        let expander = GrafanaQuery(variables: choice, from: now.addingTimeInterval(-86_400).ISO8601Format(), to: now.ISO8601Format())
        let text: String
        do throws(GrafanaQuery.Failure) {
            text = try expander.expand(query)
        } catch {
            note("\(name): \(error.reason)")
            return nil
        }
        do throws(PostgresError) {
            try connection.execute(script: "DROP VIEW IF EXISTS pg_temp.answer")
            try connection.execute(script: "CREATE TEMP VIEW answer \(columns) AS \(text)")
            return try read(&connection)
        } catch {
            note("\(name): \(error.description)")
            return nil
        }
    }

    private mutating func note(_ problem: String) {
        if !problems.contains(problem) { problems.append(problem) }
    }
}

private struct SelectAnswerValues: Statement {
    static let sql = "SELECT value::text FROM pg_temp.answer"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

/// How many rows have anything in them.
private struct CountAnswerRows: Statement {
    static let sql = "SELECT count(*) FROM pg_temp.answer WHERE NOT answer IS NULL"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

private struct SelectAnswerColumns: Statement {
    struct Row {
        let name: String
        let type: String
    }

    static let sql = """
        SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'pg_temp.answer'::regclass AND attnum > 0 ORDER BY attnum
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row { Row(name: try row.string(0), type: try row.string(1)) }
}
