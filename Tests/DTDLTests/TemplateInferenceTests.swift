import DTDL
import JSON
import Testing

/// What is added to existing templates.
struct TemplateInferenceTests {
    private static let interface = """
        {"@context":["dtmi:dtdl:context;2"],"@id":"dtmi:example:Pump;1","@type":"Interface","contents":[
          {"@type":"Telemetry","name":"flow","schema":"double"},
          {"@type":"Property","name":"limit","schema":"integer","writable":true},
          {"@type":"Component","name":"motor","schema":"dtmi:example:Motor;1"},
          {"@type":"Component","name":"spare","schema":"dtmi:example:Motor;1"}]}
        """
    private static let motor = """
        {"@context":"dtmi:dtdl:context;2","@id":"dtmi:example:Motor;1","@type":"Interface","contents":{"@type":"Telemetry","name":"speed","schema":"integer"}}
        """
    private static let central = """
        {"@id":"urn:app:pump:1","@type":["ModelDefinition","DeviceModel"],"displayName":"Pump","capabilityModel":{"@id":"urn:app:pump:model:1",\
        "@type":"Interface","contents":[{"@type":"Telemetry","name":"flow","schema":"double"},{"@type":"Component","name":"motor","schema":\
        {"@id":"urn:app:motor:1","@type":"Interface"}}]}}
        """

    /// Observes every member of an object as one capability.
    private static func send(
        _ json: String, to inference: inout TemplateInference, as kind: ModelInference.Kind = .telemetry, module: String = "", component: String = ""
    ) throws {
        let bytes = Array(json.utf8)
        var reader = JSONReader()
        try reader.read(bytes.rawBytes)
        let document = reader.document(over: bytes.rawBytes)
        var next = document.firstMember(of: document.root)
        while let member = next {
            inference.observe(document.string(member.key), member.value, in: document, as: kind, module: module, component: component)
            next = document.nextMember(after: member, in: document.root)
        }
    }

    /// Applies a patch by the letter of RFC 6902, as far as adding goes, apart from the code under test.
    private static func apply(_ patch: JSONTree, to tree: JSONTree) throws -> JSONTree {
        var tree = tree
        for operation in patch.elements {
            #expect(operation["op"]?.stringValue == "add")
            let path = try #require(operation["path"]?.stringValue)
            let tokens = path.split(separator: "/").map { String($0) }
            tree = added(try #require(operation["value"]), to: tree, tokens[...])
        }
        return tree
    }

    private static func added(_ value: JSONTree, to tree: JSONTree, _ tokens: ArraySlice<String>) -> JSONTree {
        guard let token = tokens.first else { return value }
        if tree.kind == .array {
            if token == "-" { return .array(tree.elements + [value]) }
            return .array(tree.elements.enumerated().map { "\($0.offset)" == token ? added(value, to: $0.element, tokens.dropFirst()) : $0.element })
        }
        var members = tree.members.map { $0.key == token ? JSONTree.Member(key: token, value: added(value, to: $0.value, tokens.dropFirst())) : $0 }
        if !members.contains(where: { $0.key == token }) { members.append(JSONTree.Member(key: token, value: value)) }
        return .object(members)
    }

    /// The patch, after it was checked: what it gives is what applying it gives, valid as the base is, and takes nothing away.
    private static func patch(_ inference: TemplateInference, base: String, isStrict: Bool) throws -> TemplatePatch {
        let patch = inference.patch(isStrict: isStrict)
        let applied = try apply(try JSONTree.parse(patch.bytes), to: try JSONTree.parse(Array(base.utf8)))
        #expect(try JSONTree.parse(patch.patched) == applied)
        var options = ModelOptions()
        options.profile = isStrict ? .strict : .iotCentral
        let result = ModelParser(options: options).parse([patch.patched])
        #expect(result.outcome == .valid, "\(result.errors) \(result.unresolved) \(String(decoding: patch.patched, as: UTF8.self))")
        let changes = TemplateComparison(from: inference.base, to: try DeviceTemplate(bytes: patch.patched)).changes
        #expect(changes.allSatisfy { $0.effect == .additive }, "\(changes)")
        return patch
    }

    private static func names(_ patch: TemplatePatch) throws -> [String] {
        let template = try DeviceTemplate(bytes: patch.patched).compiled
        return template.capabilities.map { capability in
            let component = template.components[capability.component]
            return [template.modules[component.module].name, component.name, capability.name].filter { !$0.isEmpty }.joined(separator: ".")
        }
    }

    @Test func `an Interface gets what it lacks, in components and new ones, and what it defines is left alone`() throws {
        let base = "[\(Self.interface),\(Self.motor)]"
        var inference = try TemplateInference(base: Array(base.utf8))
        try Self.send(#"{"flow":1,"pressure":1.5,"at":{"lat":1,"lon":2}}"#, to: &inference)
        try Self.send(#"{"speed":1,"torque":2}"#, to: &inference, component: "motor")
        try Self.send(#"{"torque":2,"heat":2}"#, to: &inference, component: "spare")
        try Self.send(#"{"level":2}"#, to: &inference, component: "tank")
        try Self.send(#"{"frames":2}"#, to: &inference, module: "camera")
        try Self.send(#"{"limit":{"value":2,"ac":200,"av":1},"serial":"x"}"#, to: &inference, as: .reportedProperty)
        try Self.send(#"{"note":"x"}"#, to: &inference, as: .cloudProperty)
        let patch = try Self.patch(inference, base: base, isStrict: true)
        #expect(patch.remarks.isEmpty, "\(patch.remarks)")
        #expect(
            try Self.names(patch).sorted() == [
                "at", "camera.frames", "flow", "limit", "motor.heat", "motor.speed", "motor.torque", "note", "pressure", "serial", "spare.heat",
                "spare.speed", "spare.torque", "tank.level",
            ])
    }

    @Test func `a device template of IoT Central gets what it lacks`() throws {
        var inference = try TemplateInference(base: Array(Self.central.utf8))
        try Self.send(#"{"pressure":[1.5],"at":{"lat":1,"lon":2}}"#, to: &inference, as: .reportedProperty)
        try Self.send(#"{"torque":2}"#, to: &inference, component: "motor")
        try Self.send(#"{"level":2}"#, to: &inference, component: "tank")
        try Self.send(#"{"frames":2}"#, to: &inference, module: "camera")
        try Self.send(#"{"zoom":2}"#, to: &inference, module: "camera", component: "lens")
        let patch = try Self.patch(inference, base: Self.central, isStrict: false)
        #expect(patch.remarks.isEmpty, "\(patch.remarks)")
        #expect(try Self.names(patch).sorted() == ["at", "camera.frames", "camera.lens.zoom", "flow", "motor.torque", "pressure", "tank.level"])
        #expect(patch.capabilityCount == 6)
    }

    @Test func `values that do not fit the base are said and change nothing`() throws {
        let base = "[\(Self.interface),\(Self.motor)]"
        var inference = try TemplateInference(base: Array(base.utf8))
        try Self.send(#"{"flow":"1,5","limit":1}"#, to: &inference)
        try Self.send(#"{"flow":"2,5"}"#, to: &inference)
        try Self.send(#"{"speed":1.5}"#, to: &inference, component: "motor")
        let patch = try Self.patch(inference, base: base, isStrict: true)
        #expect(try JSONTree.parse(patch.bytes).elements.isEmpty)
        #expect(
            patch.remarks.map { "\($0.code.rawValue) \($0.component) \($0.path)" } == [
                "base-differs  /flow", "base-differs  /limit", "base-differs motor /speed",
            ])
        #expect(patch.remarks.first?.message.contains("(2 values)") == true)
    }

    @Test func `what has no place in the base is said`() throws {
        var inference = try TemplateInference(base: Array(Self.interface.utf8))
        try Self.send(#"{"frames":2}"#, to: &inference, module: "camera")
        try Self.send(#"{"x":2}"#, to: &inference, component: "flow")
        #expect(inference.patch(isStrict: true).remarks.map(\.code) == [.nameTaken, .baseHasNoPlace])
        struct Repository: ModelResolver {
            func documents(for identifiers: [String]) -> [[UInt8]]? { [Array(TemplateInferenceTests.motor.utf8)] }
        }
        var resolved = try TemplateInference(base: Array(Self.interface.utf8), resolver: Repository())
        try Self.send(#"{"torque":2}"#, to: &resolved, component: "motor")
        #expect(resolved.patch(isStrict: true).remarks.map(\.code) == [.baseElsewhere])
    }

    @Test(arguments: 3...4) func `later versions take components within Interfaces`(version: Int) throws {
        let base = #"{"@context":"dtmi:dtdl:context;\#(version)","@id":"dtmi:example:Pump;1","@type":"Interface"}"#
        var inference = try TemplateInference(base: Array(base.utf8))
        try Self.send(#"{"list":[2],"at":{"lat":1,"lon":2}}"#, to: &inference, as: .reportedProperty, component: "tank")
        let patch = try Self.patch(inference, base: base, isStrict: true)
        #expect(try Self.names(patch) == ["tank.list", "tank.at"])
    }
}
