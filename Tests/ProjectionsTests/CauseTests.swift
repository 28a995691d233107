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

    /// The table of docs/diagnosis.md, by rows and cells.
    private static func pageRows() throws -> [[String]] {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/diagnosis.md")
        let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
        let section = lines.drop { $0 != "## Causes" }.dropFirst().prefix { !$0.hasPrefix("## ") }
        return section.filter { $0.hasPrefix("| `") }.map { $0.dropFirst(2).dropLast(2).components(separatedBy: " | ") }
    }

    @Test func `the page names the findings that speak for a cause as the table does`() throws {
        var connection = try TestDatabase.connect(role: "hindcast_project")
        let known = Dictionary(grouping: try connection.query(SelectRuleCauses()), by: \.cause).mapValues { Set($0.map(\.rule)) }
        var named: [String: Set<String>] = [:]
        for row in try Self.pageRows() {
            let words = row[3].split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { !$0.offset.isMultiple(of: 2) }
            let rules = Set(words.map { String($0.element) }.filter { RuleCatalogue.entry(id: $0) != nil })
            if !rules.isEmpty { named[String(row[0].dropFirst().dropLast())] = rules }
        }
        #expect(named == known)
    }

    @Test func `the page lists the causes of the table, in its order and words`() throws {
        let rows = try Self.pageRows()
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

private struct SelectRuleCauses: Statement {
    static let sql = "SELECT rule, cause FROM hindcast.rule_cause"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> (rule: String, cause: String) { (try row.string(0), try row.string(1)) }
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
