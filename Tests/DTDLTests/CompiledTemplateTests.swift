import DTDL
import JSON
import Testing

struct CompiledTemplateTests {
    static let edge = """
        {"@id":"dtmi:example:edge;1","@type":["ModelDefinition","DeviceModel","EdgeModel"],"displayName":{"en":"Edge"},"capabilityModel":{
        "@id":"urn:example:root:1","@type":"Interface","contents":[
          {"@type":["Telemetry","Temperature"],"name":"temp","schema":"double","unit":"degreeCelsius"},
          {"@type":"Property","name":"target","dtmi:dtdl:property:schema;2":"double","writable":true},
          {"@type":["Property","Cloud"],"name":"site","schema":"string"},
          {"@type":"Command","name":"reboot","durable":true,"request":{"name":"delay","schema":"integer"}},
          {"@type":"Component","name":"fan","schema":{"@id":"urn:example:fan:1","@type":"Interface","contents":[
            {"@type":"Telemetry","name":"speed","schema":"integer"}],"extends":{"@id":"urn:example:part:1","@type":"Interface",
            "contents":{"@type":"Property","name":"serial","schema":"string"}}}},
          {"@type":["Relationship","EdgeModule"],"name":"filter","target":[{"@id":"urn:example:filter:1","@type":"Interface","contents":[
            {"@type":"Telemetry","name":"dropped","schema":"long"},
            {"@type":"Component","name":"queue","schema":{"@id":"urn:example:queue:1","@type":"Interface","contents":[
              {"@type":"Telemetry","name":"depth","schema":"integer"}]}}]}]}],
        "extends":[{"@id":"urn:example:base:1","@type":"Interface","contents":[{"@type":"Telemetry","name":"uptime","schema":"duration"},
          {"@type":"Property","name":"temp","schema":"string"}]}]}}
        """

    static func template() throws -> DeviceTemplate { try DeviceTemplate(bytes: Array(edge.utf8)) }

    @Test func `modules, components and inherited contents are found by the bytes of their names`() throws {
        let template = try Self.template()
        let compiled = template.compiled
        #expect(template.templateID == "dtmi:example:edge;1")
        #expect(template.displayName == "Edge")
        #expect(template.shape == .deviceTemplate)
        #expect(compiled.modules.map(\.name) == ["", "filter"])
        let root = compiled.modules[0].defaultComponent
        #expect(compiled.names(inComponent: root) == ["temp", "target", "site", "reboot", "uptime", "temp"])
        let fan = try #require(compiled.component(called: "fan", inModule: 0))
        #expect(compiled.names(inComponent: fan) == ["speed", "serial"])
        #expect(compiled.components[fan].interfaceID == "urn:example:fan:1")
        let filter = try #require(compiled.module(called: "filter"))
        let queue = try #require(compiled.component(called: "queue", inModule: filter))
        #expect(compiled.capability(called: "depth", inComponent: queue) != nil)
        #expect(compiled.capability(called: "depth", inComponent: root) == nil)
        #expect(compiled.component(called: "queue", inModule: 0) == nil)
        #expect(compiled.componentNames(inModule: 0) == ["fan"])
    }

    @Test func `capabilities have a kind, and those that share a name can be told apart by it`() throws {
        let compiled = try Self.template().compiled
        let root = compiled.modules[0].defaultComponent
        func kind(_ name: String) -> Capability.Kind? {
            compiled.capability(called: name, inComponent: root).map { compiled.capabilities[$0].kind }
        }
        #expect(kind("temp") == .telemetry)
        #expect(kind("target") == .writableProperty)
        #expect(kind("site") == .cloudProperty)
        #expect(kind("reboot") == .command)
        let temp = try #require(compiled.capability(called: "temp", inComponent: root))
        let property = compiled.capability(temp, preferring: [.readOnlyProperty, .writableProperty])
        #expect(compiled.capabilities[property].kind == .readOnlyProperty)
        #expect(compiled.capability(temp, preferring: [.command]) == temp)
        #expect(compiled.capabilities[temp].unit == "degreeCelsius")
        let reboot = try #require(compiled.capability(called: "reboot", inComponent: root))
        #expect(compiled.capabilities[reboot].program == nil)
        #expect(compiled.programs.summary(of: try #require(compiled.capabilities[reboot].requestProgram)).hasPrefix("integer"))
    }

    @Test func `a key with escapes is found as well`() throws {
        let compiled = try Self.template().compiled
        let bytes = Array(#"{"\u0074emp":1}"#.utf8)
        var reader = JSONReader()
        try reader.read(bytes.rawBytes)
        let document = reader.document(over: bytes.rawBytes)
        guard let member = document.firstMember(of: document.root) else { preconditionFailure("The object has a member") }
        let found = compiled.capability(named: member.key, of: document, inComponent: 0)
        #expect(found == 0)
    }

    @Test(
        arguments: [
            ("Temp", "temp", NameSuggestion.Reason.differsInCase), ("tempp", "temp", .similar), ("uptme", "uptime", .similar),
            ("speed", "speed", .otherComponent),
            ("depth", "depth", .otherComponent), ("voltage", nil, .similar), ("x", nil, .similar),
        ] as [(String, String?, NameSuggestion.Reason)])
    func `an undefined name leads to the nearest defined one`(name: String, expected: String?, reason: NameSuggestion.Reason) throws {
        let compiled = try Self.template().compiled
        let suggestion = compiled.suggestion(for: name, inComponent: 0)
        #expect(suggestion?.name == expected)
        if expected != nil { #expect(suggestion?.reason == reason) }
    }
}

/// The lookups by text: a span cannot be handed to a macro of the tests.
extension CompiledTemplate {
    func module(called name: String) -> Int? { module(named: name.rawBytes) }
    func component(called name: String, inModule module: Int) -> Int? { component(named: name.rawBytes, inModule: module) }
    func capability(called name: String, inComponent component: Int) -> Int? { capability(named: name.rawBytes, inComponent: component) }
}
