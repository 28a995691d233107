import Diagnostics
import Foundation
import Postgres
import TestSupport
import Testing

/// The decision table's data, and the page about it.
@Suite(.database) struct CauseTests {
    @Test func `every rule above info speaks for a cause, and no other is named`() throws {
        var connection = try TestDatabase.connect(role: "hindcast_project")
        let known = try connection.query(SelectRules())
        #expect(Set(known) == Set(RuleCatalogue.entries.filter { $0.severity > .info }.map(\.id)))
    }

    @Test func `the page lists the causes of the table, in its order and words`() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/diagnosis.md")
        let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
        let section = lines.drop { $0 != "## Causes" }.dropFirst().prefix { !$0.hasPrefix("## ") }
        let rows = section.filter { $0.hasPrefix("| `") }.map { $0.dropFirst(2).dropLast(2).components(separatedBy: " | ") }
        var connection = try TestDatabase.connect(role: "hindcast_project")
        #expect(rows.map { [$0[0], $0[1], $0[2], $0[4]] } == (try connection.query(SelectCauses())))
        for row in rows { #expect(row.count == 5 && !row[3].isEmpty, "\(row)") }
    }

    @Test func `every status of a registration is explained`() throws {
        var connection = try TestDatabase.connect(role: "hindcast_project")
        #expect(
            Set(try connection.query(SelectStatuses())) == ["provisioned", "registered", "unapproved", "blocked", "deleted", "unknown"])
    }
}

private struct SelectRules: Statement {
    static let sql = "SELECT rule FROM hindcast.rule_cause"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

private struct SelectCauses: Statement {
    static let sql = """
        SELECT '`' || cause || '`', (ARRAY['certain', 'likely', 'possible'])[confidence], meaning, mitigation FROM hindcast.cause ORDER BY rank
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> [String] {
        [try row.string(0), try row.string(1), try row.string(2), try row.string(3)]
    }
}

private struct SelectStatuses: Statement {
    static let sql = "SELECT status FROM hindcast.registration_status"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}
