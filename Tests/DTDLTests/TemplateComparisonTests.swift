import DTDL
import Testing

struct TemplateComparisonTests {
    private static func template(_ contents: String, extra: String = "") throws -> DeviceTemplate {
        try DeviceTemplate(
            bytes: Array(
                #"{"@context":"dtmi:dtdl:context;3","@id":"dtmi:example:thing;1","@type":"Interface","contents":[\#(contents)]\#(extra)}"#.utf8))
    }

    private static func changes(_ old: String, _ new: String) throws -> [TemplateChange] {
        try TemplateComparison(from: template(old), to: template(new)).changes
    }

    private static func schemaChange(_ old: String, _ new: String) throws -> [String] {
        try changes(#"{"@type":"Telemetry","name":"a","schema":\#(old)}"#, #"{"@type":"Telemetry","name":"a","schema":\#(new)}"#)
            .map { "\($0.kind.rawValue) \($0.effect.rawValue) \($0.pointer)" }
    }

    @Test(arguments: [
        (#""integer""#, #""long""#, ["schema-widened additive "]), (#""long""#, #""integer""#, ["schema-narrowed breaking "]),
        (#""integer""#, #""double""#, ["schema-widened additive "]), (#""integer""#, #""string""#, ["schema-changed breaking "]),
        (#""date""#, #""string""#, ["schema-widened additive "]), (#""double""#, #""double""#, []),
        (
            #"{"@type":"Enum","valueSchema":"integer","enumValues":[{"name":"a","enumValue":1}]}"#,
            #"{"@type":"Enum","valueSchema":"integer","enumValues":[{"name":"a","enumValue":1},{"name":"b","enumValue":2}]}"#,
            ["schema-widened additive "]
        ),
        (
            #"{"@type":"Enum","valueSchema":"string","enumValues":[{"name":"a","enumValue":"x"}]}"#,
            #"{"@type":"Enum","valueSchema":"string","enumValues":[{"name":"a","enumValue":"y"}]}"#, ["schema-changed breaking "]
        ),
        (
            #"{"@type":"Object","fields":[{"name":"a","schema":"double"},{"name":"b","schema":"double"}]}"#,
            #"{"@type":"Object","fields":[{"name":"a","schema":"string"},{"name":"c","schema":"double"}]}"#,
            ["schema-changed breaking /a", "schema-narrowed breaking /b", "schema-widened additive /c"]
        ),
        (#"{"@type":"Array","elementSchema":"long"}"#, #"{"@type":"Array","elementSchema":"integer"}"#, ["schema-narrowed breaking /*"]),
    ])
    func `schemas are compared by the values they accept`(old: String, new: String, expected: [String]) throws {
        #expect(try Self.schemaChange(old, new) == expected)
    }

    @Test func `capabilities that come, go, or change their nature are told apart`() throws {
        let a = #"{"@type":"Property","name":"a","schema":"double"}"#
        #expect(try Self.changes(a, "").map(\.kind) == [.capabilityRemoved])
        #expect(try Self.changes("", a).map(\.kind) == [.capabilityAdded])
        let writable = try Self.changes(a, #"{"@type":"Property","name":"a","schema":"double","writable":true}"#)
        #expect(writable.map(\.kind) == [.writableChanged])
        #expect(writable.map(\.effect) == [.additive])
        let telemetry = try Self.changes(a, #"{"@type":"Telemetry","name":"a","schema":"double"}"#)
        #expect(telemetry.map(\.kind) == [.kindChanged])
        #expect(telemetry.map(\.effect) == [.breaking])
        let unit = try Self.changes(
            #"{"@type":["Telemetry","Temperature"],"name":"a","schema":"double","unit":"kelvin"}"#,
            #"{"@type":["Telemetry","Temperature"],"name":"a","schema":"double","unit":"degreeCelsius","displayName":"A"}"#)
        #expect(unit.map(\.kind) == [.unitChanged, .displayNameChanged])
        #expect(unit.map(\.before) == ["kelvin", "none"])
    }

    @Test func `a rename is recognised by likeness, a move by the same name elsewhere`() throws {
        let renamed = try Self.changes(
            #"{"@type":"Telemetry","name":"temperature","schema":"double"},{"@type":"Telemetry","name":"other","schema":"string"}"#,
            #"{"@type":"Telemetry","name":"Temperatur","schema":"double"},{"@type":"Telemetry","name":"xyz","schema":"string"}"#)
        #expect(renamed.map(\.kind) == [.capabilityRenamed, .capabilityAdded, .capabilityRemoved])
        #expect(renamed.first?.before == "temperature")
        let component =
            #"{"@type":"Component","name":"c","schema":{"@id":"dtmi:example:c;1","@type":"Interface","contents":[{"@type":"Telemetry","name":"a","schema":"double"}]}}"#
        let moved = try Self.changes(#"{"@type":"Telemetry","name":"a","schema":"double"}"#, component)
        #expect(moved.map(\.kind) == [.componentAdded, .capabilityMoved])
        #expect(moved.last?.component == "c")
    }

    @Test func `a template does not differ from itself, modules and all`() throws {
        let edge = try CompiledTemplateTests.template()
        #expect(TemplateComparison(from: edge, to: edge).changes.isEmpty)
    }
}
