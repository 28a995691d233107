import Diagnostics
import EventLog
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing

/// Whatever the batches and whichever source comes first, the twin is the same.
@Suite(.database) struct PropertyMergeTests {
    private static func record(_ random: inout SplitMix) -> SampleRecord {
        let (name, value, second) = ("p\(random.below(4))", random.below(3), Int64(random.below(9)))
        let version = random.below(7)
        switch random.below(9) {
        case 0, 1: return .twin("reported", #"{"\#(name)":\#(value),"motor":{"__t":"c","a":1},"$version":\#(version)}"#, second: second)
        case 2: return .twin("desired", #"{"\#(name)":\#(value),"$version":\#(version)}"#, second: second)
        case 3: return .twin("desired", #"{"\#(name)":\#(value),"$version":\#(version)}"#, operation: "replaceTwin", second: second)
        case 4: return .patch(#"[{"op":"replace","path":"/\#(name)","value":\#(value)}]"#, second: second)
        case 5: return .twin("reported", #"{"\#(name)":{"value":\#(value),"ac":200,"av":\#(version)},"$version":\#(version)}"#, second: second)
        case 6: return .twin("reported", #"{"\#(name)":null,"motor":null,"$version":\#(version)}"#, second: second)
        case 7: return random.below(8) == 0 ? .deletion(second: second) : .twin("reported", #"{"x":1}"#, second: second)
        default:
            return .native("dev.hindcast.device.error", #"{"origin":"dps","status":401,"subcode":"made up \#(random.below(120))"}"#, second: second)
        }
    }

    /// The rows of the view, from sources that are projected in batches of some size.
    private func project(batchRows: Int) throws -> [String] {
        var superuser = try TestDatabase.connect()
        try forgetFolds(on: &superuser)
        var projector = try worker("worker of \(batchRows)", batchRows: batchRows)
        try projector.turnUntilIdle()
        projector.end()
        return try propertyRows("pump")
    }

    @Test func `rows and views are the same for any size of batches`() throws {
        var random = SplitMix(state: 77)
        for partition in 0..<2 {
            var log = try LogFixture(partition: Int32(partition))
            try log.append((0..<250).map { _ in Self.record(&random) })
        }
        let whole = try project(batchRows: 1000)
        #expect(whole.count >= 4)
        for source in 1...2 { #expect(try differences(source: Int32(source)) == []) }
        let errors = try number("SELECT sum(count)::bigint FROM hindcast.device_error")
        for size in [1, 13] {
            #expect(try project(batchRows: size) == whole)
            for source in 1...2 { #expect(try differences(source: Int32(source)) == []) }
            #expect(try number("SELECT sum(count)::bigint FROM hindcast.device_error") == errors)
        }
    }

    @Test func `names that a device makes up are cut to the smallest hashes`() throws {
        var log = try LogFixture()
        var projector = try worker(batchRows: 3)
        for part in 0..<9 {
            let names = (0..<80).map { #""name \#(part * 80 + $0)":1"# }.joined(separator: ",")
            try log.append([.twin("reported", "{\(names)}"), .twin("desired", "{\(names)}")])
            try projector.turnUntilIdle()
        }
        #expect(try number("SELECT count(DISTINCT name) FROM hindcast.device_property") == Int64(PropertyFold.namesPerModule))
        #expect(try differences() == [])
    }

    @Test func `the view's columns are in the order of the contract`() throws {
        #expect(
            try number(
                """
                SELECT count(*) FROM (SELECT tenant, device_id, module, component, property, desired, desired_version, reported, reported_version,
                    ack_code, ack_version, ack_description, in_sync, changed_at, cloud, out_of_sync_since, acknowledged_ahead
                    FROM diagnostics.device_properties) v
                """) == 0)
        #expect(
            try number("SELECT count(*) FROM information_schema.columns WHERE table_schema = 'diagnostics' AND table_name = 'device_properties'")
                == 17)
        for view in ["device_properties", "device_errors"] {
            var connection = try TestDatabase.connect()
            #expect(try connection.query(SelectUncommented(view: view)) == [])
        }
    }
}

/// Columns of a view that nothing is said about; the view itself has number 0.
private struct SelectUncommented: Statement {
    let view: String

    static let sql = """
        SELECT a.attname::text FROM pg_attribute a
        WHERE a.attrelid = ('diagnostics.' || $1)::regclass AND a.attnum > 0 AND col_description(a.attrelid, a.attnum) IS NULL
        UNION ALL SELECT $1 WHERE obj_description(('diagnostics.' || $1)::regclass, 'pg_class') IS NULL
        """

    func bind(to parameters: inout Parameters) { parameters.append(view) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}
