import Diagnostics
import Testing

/// Filters as IoT Central writes them.
struct ExportFilterTests {
    private static let message = SampleRecord(
        SampleExport.telemetry(#"{"temperature":21.5,"state":"on","isOpen":true,"place":{"lat":1,"lon":2},"gone":null,"n":-3e2}"#))

    @Test(arguments: [
        ("", true), ("  ", true), ("SELECT * FROM devices", true), ("select * from DEVICES where temperature > 20", true),
        ("SELECT * FROM dtmi:example:pump;1 WHERE temperature > 20", true), ("SELECT * FROM dtmi:example:pump;2 WHERE temperature > 20", false),
        ("SELECT * FROM dtmi:example:pump;1 AS A, dtmi:example:other;1 WHERE A.temperature > 20", true),
        ("SELECT * FROM dtmi:example:other;1 AS A, dtmi:example:pump;1 WHERE A.temperature > 20", false),
        ("SELECT * FROM devices WHERE temperature >= 21.5 AND temperature <= 2.15e1 AND temperature = 21.50", true),
        ("SELECT * FROM devices WHERE temperature < 21.5", false), ("SELECT * FROM devices WHERE temperature <> 21.5", false),
        (#"SELECT * FROM devices WHERE state = "on""#, true), ("SELECT * FROM devices WHERE state == 'on'", true),
        (#"SELECT * FROM devices WHERE state != "off" AND $id = "pump-07""#, true), (#"SELECT * FROM devices WHERE $id IN ("a", "pump-07")"#, true),
        (#"SELECT * FROM devices WHERE $id NOT IN ("a", "pump-07")"#, false), ("SELECT * FROM devices WHERE isOpen", true),
        ("SELECT * FROM devices WHERE isOpen = false OR NOT (n > 0)", true), ("SELECT * FROM devices WHERE n = -300", true),
        ("SELECT * FROM devices WHERE place.lat = 1 AND place.lon > 1", true), ("SELECT * FROM devices WHERE place = 1", false),
        ("SELECT * FROM devices WHERE state = 1", false), ("SELECT * FROM devices WHERE state != 1", true),
        // What a message does not have passes neither a condition nor its opposite.
        ("SELECT * FROM devices WHERE humidity > 0", false), ("SELECT * FROM devices WHERE NOT humidity > 0", false),
        ("SELECT * FROM devices WHERE humidity != 5", false), ("SELECT * FROM devices WHERE gone = 1", false),
        ("SELECT * FROM devices WHERE humidity IS NULL AND gone IS NULL AND state IS NOT NULL", true),
        ("SELECT * FROM devices WHERE humidity = null", true), ("SELECT * FROM devices WHERE humidity > 0 OR state = 'on'", true),
        ("SELECT * FROM devices WHERE $template = 'dtmi:example:pump;1'", true), ("SELECT * FROM devices WHERE temperature > n", true),
        ("SELECT * FROM devices WHERE state = 'on' OR state = 'x' AND temperature > 99", true),
        ("SELECT * FROM devices WHERE (state = 'on' OR state = 'x') AND temperature > 99", false),
    ])
    func `a message passes or does not`(filter: String, passes: Bool) throws {
        #expect(try ExportFixture.admits(filter, Self.message) == passes)
    }

    @Test(arguments: [
        #"SELECT * FROM devices WHERE $displayName != "abc" AND $id = "pump-07""#, "SELECT * FROM devices WHERE $simulated = true",
        "SELECT * FROM dtmi:example:pump;1 AS A, dtmi:contoso:Thermostat;1 WHERE A.temperature > targetTemperature",
        "SELECT * FROM devices WHERE $organization = 'x'", "SELECT * FROM devices WHERE NOT $simulated",
    ])
    func `what a message does not say is undecided`(filter: String) throws {
        #expect(try ExportFixture.admits(filter, Self.message) == nil)
    }

    @Test func `what is not known does not matter where the rest decides`() throws {
        #expect(try ExportFixture.admits(#"SELECT * FROM devices WHERE $displayName != "abc" AND $id = "a""#, Self.message) == false)
        #expect(try ExportFixture.admits(#"SELECT * FROM devices WHERE $simulated OR $id = "pump-07""#, Self.message) == true)
    }

    @Test func `messages that transforms are given know the device's name and whether it is simulated`() throws {
        let message = SampleRecord(
            #"{"device":{"id":"d","name":"abc","templateId":"dtmi:a;1","simulated":true},"messageSource":"telemetry","telemetry":[{"name":"t","value":5}]}"#
        )
        #expect(try ExportFixture.admits("SELECT * FROM dtmi:a;1 WHERE $displayName = 'abc' AND $simulated AND t = 5", message) == true)
        #expect(try ExportFixture.admits("SELECT * FROM devices WHERE $displayName != 'abc'", message) == false)
    }

    @Test func `a capability in a component has the component before it`() throws {
        let message = SampleRecord(SampleExport.telemetry(#"{"speed":5}"#, component: "motor"))
        #expect(try ExportFixture.admits("SELECT * FROM devices WHERE motor.speed > 4", message) == true)
        #expect(try ExportFixture.admits("SELECT * FROM devices WHERE speed > 4", message) == false)
        #expect(try ExportFixture.admits("SELECT * FROM devices WHERE valve.speed > 4", message) == false)
    }

    @Test func `properties are found in lists, twins and patches`() throws {
        let filter = "SELECT * FROM devices WHERE motor.limit = 7"
        let list = SampleRecord(SampleExport.properties(#"[{"name":"other","value":1},{"component":"motor","name":"limit","value":7}]"#))
        let twin = SampleHub.notification(
            "twinChangeEvents", operation: "updateTwin",
            #"{"properties":{"reported":{"motor":{"__t":"c","limit":{"value":7,"ac":200,"av":1}}}}}"#)
        let bare = SampleHub.notification(
            "twinChangeEvents", operation: "updateTwin", #"{"properties":{"desired":{"motor":{"__t":"c","limit":7}}}}"#)
        let patch = SampleHub.notification("digitalTwinChangeEvents", #"[{"op":"add","path":"/motor/limit","value":7}]"#)
        for record in [list, twin, bare, patch] { #expect(try ExportFixture.admits(filter, record) == true) }
    }

    @Test func `an event without values is undecided where values are asked for, and a device of no known template where a template is`() throws {
        let connected = SampleRecord(SampleExport.message(source: "deviceConnectivity", type: "connected"))
        #expect(try ExportFixture.admits("SELECT * FROM devices WHERE temperature > 1", connected) == nil)
        #expect(try ExportFixture.admits("SELECT * FROM devices WHERE $id = 'pump-07'", connected) == true)
        let unassigned = SampleRecord(SampleExport.telemetry(#"{"temperature":5}"#, template: nil))
        #expect(try ExportFixture.admits("SELECT * FROM dtmi:example:pump;1", unassigned) == nil)
        #expect(try ExportFixture.admits("SELECT * FROM dtmi:example:pump;1 WHERE temperature < 5", unassigned) == false)
    }

    @Test(arguments: [
        "SELECT", "SELECT a FROM devices", "SELECT * FROM", "SELECT * FROM tables", "SELECT * FROM devices WHERE", "SELECT * FROM devices WHERE a >",
        "SELECT * FROM devices WHERE (a = 1", "SELECT * FROM devices WHERE a = 'x", "SELECT * FROM devices WHERE a ~ 1",
        "SELECT * FROM devices WHERE STARTS_WITH(a, 'x')", "SELECT * FROM devices WHERE a = 1 GROUP", "SELECT * FROM devices WHERE a IN ()",
        "SELECT * FROM devices WHERE a = 1e999", "SELECT * FROM devices WHERE a..b = 1", "SELECT * FROM devices WHERE 5", "DELETE FROM devices",
        "SELECT * FROM devices AS a.b", "SELECT * FROM devices WHERE a = 1 + 2", "SELECT * FROM devices WHERE a LIKE 'x'",
    ])
    func `a filter that is not understood is refused with its place`(filter: String) {
        let error = #expect(throws: ExportFilterError.self) { try ExportFilter(filter) }
        #expect((error?.offset ?? -1) >= 0)
        #expect(error?.description.contains("byte") == true)
    }

    @Test func `deep and long filters are refused, not run into the ground`() {
        let deep = String(repeating: "(", count: 5000) + "a" + String(repeating: ")", count: 5000)
        let negated = String(repeating: "NOT ", count: 4000) + "a"
        let chain = Array(repeating: "a = 1", count: 3000).joined(separator: " OR ")
        let list = "a IN (" + Array(repeating: "1", count: 9000).joined(separator: ",") + ")"
        for condition in [deep, negated, chain, list] {
            #expect(throws: ExportFilterError.self) { try ExportFilter("SELECT * FROM devices WHERE \(condition)") }
        }
    }

    @Test func `20,000 filters of random words are read or refused`() {
        let words = [
            "SELECT", "*", "FROM", "devices", "dtmi:a;1", "AS", "A", ",", "WHERE", "a", "A.b", "$id", "=", "!=", ">", "<=", "1", "-2.5", "'x'", "\"",
            "AND", "OR",
            "NOT", "IN", "(", ")", "IS", "NULL", "true", "é", "\u{0}", "..", "1e5", "'",
        ]
        var random = SeededRandom(seed: 7_003)
        var read = 0
        for round in 0..<20_000 {
            let count = Int.random(in: 0...8, using: &random)
            let tail = (0..<count).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }.joined(separator: round % 7 == 0 ? "" : " ")
            let text = round % 3 == 0 ? tail : "SELECT * FROM devices WHERE " + tail
            guard let filter = try? ExportFilter(text) else { continue }
            read += 1
            if round % 5 == 0 { _ = ExportFixture.decoding(Self.message) { filter.admits($0, $1, decoder: $2) } }
        }
        #expect(read > 100)
    }
}
