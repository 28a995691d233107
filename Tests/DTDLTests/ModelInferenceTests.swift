import DTDL
import JSON
import Testing

/// What is inferred from values, by values of our own.
struct ModelInferenceTests {
    /// Feeds an inference with values, as if they came from devices.
    struct Feed {
        var inference: ModelInference

        init(options: InferenceOptions = InferenceOptions()) { inference = ModelInference(options: options) }

        /// Observes every member of an object as one capability.
        mutating func send(
            _ json: String, as kind: ModelInference.Kind = .telemetry, module: String = "", component: String = "", origin: String = "device"
        ) throws {
            let bytes = Array(json.utf8)
            var reader = JSONReader()
            try reader.read(bytes.rawBytes)
            let document = reader.document(over: bytes.rawBytes)
            var next = document.firstMember(of: document.root)
            while let member = next {
                inference.observe(
                    document.string(member.key), member.value, in: document, as: kind, module: module, component: component, origin: origin)
                next = document.nextMember(after: member, in: document.root)
            }
        }

        /// The model in a version, which has to be valid by the specification.
        func model(_ version: Int? = nil, _ location: SourceLocation = #_sourceLocation) throws -> (tree: JSONTree, model: InferredModel) {
            let model = inference.model(id: "dtmi:example:Inferred;1", languageVersion: version)
            let result = ModelParser().parse([model.bytes])
            #expect(result.outcome == .valid, "\(result.errors) \(result.unresolved)", sourceLocation: location)
            return (try JSONTree.parse(model.bytes), model)
        }
    }

    /// The schema that a field `v` gets from some values, in canonical JSON.
    static func schema(of values: [String], version: Int, as kind: ModelInference.Kind = .telemetry, origins: Int = 1) throws -> String? {
        var feed = Feed()
        for (index, value) in values.enumerated() { try feed.send(#"{"v":\#(value)}"#, as: kind, origin: "device \(index % origins)") }
        let (tree, _) = try feed.model(version)
        return tree["contents"]?.elements.first?["schema"].map { String(decoding: $0.canonicalBytes(), as: UTF8.self) }
    }

    private static func object(_ fields: String...) -> String { #"{"@type":"Object","fields":[\#(fields.joined(separator: ","))]}"# }

    private static func field(_ name: String, _ schema: String) -> String { #"{"name":"\#(name)","schema":\#(schema)}"# }

    private static func map(_ schema: String) -> String {
        #"{"@type":"Map","mapKey":{"name":"key","schema":"string"},"mapValue":{"name":"value","schema":\#(schema)}}"#
    }

    @Test(arguments: [
        (["1", "-2147483648", "2147483647"], "integer"), (["1", "2147483648"], "long"), (["-9223372036854775808", "1"], "long"),
        (["1", "9223372036854775808"], "double"), (["1", "1.0"], "double"), (["1e2"], "double"), (["true", "false"], "boolean"),
        ([#""a""#, #""b""#], "string"), ([#""2026-02-28""#], "date"), ([#""2026-02-28""#, #""2026-02-30""#], "string"),
        ([#""12:00:00Z""#], "time"), ([#""2026-02-28T12:00:00+01:00""#], "dateTime"), ([#""2026-02-28T12:00:00""#], "string"),
        ([#""2026-02-28T12:00:00Z""#, #""2026-02-28""#], "string"), ([#""PT5M""#, #""P1D""#], "duration"), (["null", "5", "null"], "integer"),
        ([#""\u0032026-02-28""#], "date"),
    ])
    func `types are widened over all values`(values: [String], expected: String) throws {
        for version in 2...4 { #expect(try Self.schema(of: values, version: version) == "\"\(expected)\"") }
    }

    @Test func `a uuid is one where the language has it`() throws {
        let values = [#""b5e5a2d0-0a5c-4b4a-9a63-0a6f3a1f7a11""#]
        #expect(try Self.schema(of: values, version: 4) == #""uuid""#)
        #expect(try Self.schema(of: values, version: 3) == #""string""#)
        #expect(try Self.schema(of: values + [#""none""#], version: 4) == #""string""#)
    }

    @Test(arguments: [
        (["[1,2]", "[]", "[2.5]"], #"{"@type":"Array","elementSchema":"double"}"#), (["[]"], #"{"@type":"Array","elementSchema":"string"}"#),
        (["[[1],[null]]"], #"{"@type":"Array","elementSchema":{"@type":"Array","elementSchema":"integer"}}"#),
        ([#"{"a":1,"b":true}"#, #"{"b":false,"c":"x"}"#], object(field("a", "\"integer\""), field("b", "\"boolean\""), field("c", "\"string\""))),
        ([#"{"192.168.0.1":1,"192.168.0.2":2.5}"#], map("\"double\"")), (["{}"], map("\"string\"")),
        ([#"{"2026-01-01":{"n":1}}"#, #"{"2026-01-02":{"n":2}}"#], map(object(field("n", "\"integer\"")))),
        // No schema for all values, so no map: what has a legal name is a field.
        ([#"{"a-b":1,"c":"x"}"#], object(field("c", "\"string\""))),
    ])
    func `arrays, objects and maps`(values: [String], expected: String) throws {
        for version in 2...4 { #expect(try Self.schema(of: values, version: version) == expected) }
    }

    @Test func `keys that change from message to message, or are many, make a map`() throws {
        let options = InferenceOptions()
        let changing = (0..<options.mapChangingKeys).map { #"{"k\#($0)":1}"# }
        #expect(try Self.schema(of: changing, version: 3) == Self.map("\"integer\""))
        #expect(try Self.schema(of: Array(changing.dropLast()), version: 3)?.contains("Object") == true)
        let many = (0...options.mapKeys).map { #""k\#($0)":1"# }
        #expect(try Self.schema(of: ["{\(many.joined(separator: ","))}"], version: 3) == Self.map("\"integer\""))
        #expect(try Self.schema(of: ["{\(many.dropLast().joined(separator: ","))}"], version: 3)?.contains("Object") == true)
        // Many keys whose values differ are fields, in v2 as many as it allows.
        let mixed = "{\(many.joined(separator: ",")),\"last\":\"x\"}"
        #expect(try Self.schema(of: [mixed], version: 3)?.split(separator: "\"name\"").count == options.mapKeys + 3)
        #expect(try Self.schema(of: [mixed], version: 2)?.split(separator: "\"name\"").count == 31)
    }

    @Test func `standard shapes are found where every value has them`() throws {
        #expect(try Self.schema(of: [#"{"lat":1,"lon":2.5}"#, #"{"lon":1,"lat":2,"alt":3}"#], version: 2) == #""geopoint""#)
        #expect(try Self.schema(of: [#"{"lat":1,"lon":2.5}"#, #"{"lon":1}"#], version: 2)?.contains("Object") == true)
        #expect(try Self.schema(of: [#"{"lat":1,"lon":2.5}"#], version: 3)?.contains("Object") == true)
        #expect(try Self.schema(of: [#"{"x":1,"y":2.5,"z":0}"#], version: 2, as: .reportedProperty) == #""vector""#)
        for version in 2...4 {
            #expect(try Self.schema(of: [#"{"type":"Point","coordinates":[1.5,2]}"#], version: version) == #""point""#)
            #expect(try Self.schema(of: [#"{"type":"Polygon","coordinates":[[[1,2],[3,4]]]}"#], version: version) == #""polygon""#)
        }
        #expect(
            try Self.schema(of: [#"{"type":"Point","coordinates":[1]}"#, #"{"type":"LineString","coordinates":[1]}"#], version: 3)?.contains("Object")
                == true)
    }

    @Test func `an enumeration needs enough values, few of them different, and a device that changes`() throws {
        let options = InferenceOptions()
        let words = (0..<options.enumMinimumSamples).map { $0 % 2 == 0 ? #""on""# : #""switched off""# }
        let expected =
            #"{"@type":"Enum","enumValues":[{"enumValue":"on","name":"on"},{"enumValue":"switched off","name":"switched_off"}],"valueSchema":"string"}"#
        #expect(try Self.schema(of: words, version: 3) == expected)
        #expect(try Self.schema(of: Array(words.dropLast()), version: 3) == #""string""#)
        // Each device has its own: a serial number.
        #expect(try Self.schema(of: words, version: 3, origins: 2) == #""string""#)
        #expect(try Self.schema(of: words + [#""once""#], version: 3) == #""string""#)
        #expect(try Self.schema(of: words.map { _ in #""on""# }, version: 3) == #""string""#)
        #expect(try Self.schema(of: words.map { $0 == #""on""# ? #""1.0.0""# : $0 }, version: 3) == #""string""#)
        let many = (0..<100).map { "\"w\($0 % (options.enumMaximumValues + 1))\"" }
        #expect(try Self.schema(of: many, version: 3) == #""string""#)
    }

    @Test func `names of enumeration values are legal and differ`() throws {
        let values = ["a b", "a-b", "a_b", "ä", "ö", "B", "b"]
        let schema = try #require(try Self.schema(of: (0..<70).map { "\"\(values[$0 % 7])\"" }, version: 2))
        let names = try JSONTree.parse(Array(schema.utf8))["enumValues"]?.elements.compactMap { $0["name"]?.stringValue } ?? []
        #expect(Set(names).count == 7)
    }

    @Test func `properties are writable where somebody sets them, and acknowledgements are opened`() throws {
        var feed = Feed()
        try feed.send(#"{"acknowledged":{"value":5,"ac":200,"av":3,"ad":"done"},"readOnly":1}"#, as: .reportedProperty)
        try feed.send(#"{"object":{"value":5,"ac":200,"av":3,"other":1}}"#, as: .reportedProperty)
        try feed.send(#"{"desired":"x","$version":3}"#, as: .desiredProperty)
        try feed.send(#"{"note":"x"}"#, as: .cloudProperty)
        let (tree, model) = try feed.model()
        #expect(model.languageVersion == 2)
        #expect(model.remarks.isEmpty)
        let contents = Dictionary(uniqueKeysWithValues: (tree["contents"]?.elements ?? []).map { ($0["name"]?.stringValue ?? "", $0) })
        #expect(contents.keys.sorted() == ["acknowledged", "desired", "note", "object", "readOnly"])
        #expect(contents["acknowledged"]?["schema"]?.stringValue == "integer")
        #expect(contents["acknowledged"]?["writable"]?.boolValue == true)
        #expect(contents["desired"]?["writable"]?.boolValue == true)
        #expect(contents["readOnly"]?["writable"] == nil)
        #expect(contents["object"]?["schema"]?["@type"]?.stringValue == "Object")
        #expect(contents["note"]?["@type"]?.elements.map(\.stringValue) == ["Property", "Cloud"])
    }

    @Test func `components and modules become Interfaces that a template is read from`() throws {
        var feed = Feed()
        try feed.send(#"{"uptime":1}"#)
        try feed.send(#"{"temperature":1.5}"#, component: "thermostat")
        try feed.send(#"{"speed":2}"#, module: "camera")
        try feed.send(#"{"angle":{"lat":1,"lon":2}}"#, module: "camera", component: "lens")
        let model = try feed.model().model
        let template = try DeviceTemplate(bytes: model.bytes)
        #expect(template.issues.isEmpty, "\(template.issues)")
        #expect(template.templateID == "dtmi:example:Inferred;1")
        #expect(template.compiled.modules.map(\.name) == ["", "camera"])
        #expect(template.compiled.componentNames(inModule: 0) == ["thermostat"])
        #expect(template.compiled.componentNames(inModule: 1) == ["lens"])
        #expect(model.capabilityCount == 4)
        #expect(template.compiled.capabilities.map(\.name).sorted() == ["angle", "speed", "temperature", "uptime"])
        // Later versions have no modules, and say so.
        #expect(try feed.model(3).model.remarks.map(\.code) == [.noTerm])
    }

    @Test func `the version is the lowest that leaves least out`() throws {
        var feed = Feed()
        try feed.send(#"{"a":1}"#)
        #expect(try feed.model().model.languageVersion == 2)
        try feed.send(#"{"list":[1]}"#, as: .reportedProperty)
        #expect(try feed.model().model.languageVersion == 3)
        try feed.send(#"{"deep":[[[[[[[[1]]]]]]]]}"#)
        #expect(try feed.model().model.languageVersion == 4)
        #expect(try feed.model(2).model.remarks.map(\.code).sorted { $0.rawValue < $1.rawValue } == [.arrayInProperty, .nestedTooDeep])
    }

    @Test func `what cannot be modeled is left out and named`() throws {
        var feed = Feed()
        try feed.send(#"{"_bad":1,"ends_":1,"mixed":1,"nothing":null,"list":[1,"x"],"object":{"a":{"b":[true,1]}},"huge":1e999}"#)
        try feed.send(#"{"mixed":"x"}"#)
        try feed.send(#"{"twice":1}"#)
        try feed.send(#"{"twice":1}"#, as: .reportedProperty)
        try feed.send(#"{"thermostat":1}"#)
        try feed.send(#"{"x":1}"#, component: "thermostat")
        try feed.send(#"{"x":1}"#, component: "not a name")
        let (tree, model) = try feed.model()
        #expect((tree.elements.first?["contents"]?.elements ?? []).compactMap { $0["name"]?.stringValue } == ["thermostat", "huge", "twice"])
        let said = model.remarks.map { "\($0.code.rawValue) \($0.component) \($0.path)" }
        #expect(
            said.sorted() == [
                "name-illegal  /_bad", "name-illegal  /ends_", "name-illegal not a name ", "name-taken  /thermostat", "name-taken  /twice",
                "number-too-large  /huge", "only-null  /nothing", "types-differ  /list/*", "types-differ  /mixed", "types-differ  /object",
                "types-differ  /object/a", "types-differ  /object/a/b/*",
            ])
    }
}
