import Diagnostics
import LogSupport
import Postgres
import TestSupport
import Testing

@testable import Projections

/// Shows how a statement would be run, in a worker's session.
private struct Explain<Explained: Statement>: Statement {
    let statement: Explained

    static var sql: String { "EXPLAIN (COSTS OFF) \(Explained.sql)" }

    func bind(to parameters: inout Parameters) { statement.bind(to: &parameters) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

@Suite(.database) struct QueryPlanTests {
    private let hours = Timestamp.sample.hour...Timestamp.sample.hour

    private func plan(_ statement: some Statement) throws -> String {
        var connection = try TestDatabase.connect(role: "hindcast_project")
        try connection.execute(script: DeltaTable.sessionScript)
        return try connection.query(Explain(statement: statement)).joined(separator: "\n")
    }

    /// Two days of data, and no statistics, as on the first day of a new database.
    private func fill() throws {
        var log = try LogFixture()
        var fleet = SampleFleet(seed: 51)
        try log.append(fleet.records(200))
        var projector = try worker()
        try projector.turnUntilIdle()
    }

    @Test func `every table is looked up by its primary key, whatever the planner guesses`() throws {
        try fill()
        let plans = [
            try plan(MergeDeviceStates(source: 1)), try plan(MergeDeviceHours(source: 1, hours: hours)),
            try plan(MergeFindings(generation: 1, source: 1)),
            try plan(MergeFindingHours(generation: 1, source: 1, hours: hours)), try plan(MergeDeviceVerdicts(generation: 1, source: 1)),
            try plan(MergeVerdictHours(generation: 1, source: 1, hours: hours)), try plan(TrimOpenNames(generation: 1, source: 1)),
        ]
        for plan in plans {
            #expect(plan.contains("_pkey"), "\(plan)")
            for line in plan.split(separator: "\n") where line.contains("Seq Scan") {
                #expect(line.contains("_delta"), "\(plan)")
            }
        }
    }

    @Test func `a batch opens the leaves of its own hours only`() throws {
        try fill()
        #expect(try number("SELECT count(*) FROM hindcast.hour_leaf WHERE relation = 'device_hour'") >= 2)
        for plan in [
            try plan(MergeDeviceHours(source: 1, hours: hours)), try plan(MergeVerdictHours(generation: 1, source: 1, hours: hours)),
            try plan(MergeFindingHours(generation: 1, source: 1, hours: hours)),
        ] {
            #expect(plan.contains("_20261123"))
            #expect(!plan.contains("_20261122"))
        }
    }
}
