import DTDL
import JSON
import Testing

/// The language, by models of our own: each with the errors it must have.
struct ModelParserTests {
    /// An Interface around some contents.
    static func interface(_ contents: String, version: Int = 3, extra: String = "") -> String {
        """
        {"@context":"dtmi:dtdl:context;\(version)","@id":"dtmi:example:thing;1","@type":"Interface","contents":[\(contents)]\(extra)}
        """
    }

    static func codes(_ documents: String..., options: ModelOptions = ModelOptions()) -> [String] {
        ModelParser(options: options).parse(documents.map { Array($0.utf8) }).errors.map(\.code)
    }

    @Test(arguments: [
        (#"{"@type":"Telemetry","name":"a","schema":"double"}"#, []),
        (#"{"@type":"Telemetry","name":"a"}"#, ["missingObjectProperty"]),
        (#"{"@type":"Telemetry","schema":"double"}"#, ["missingDtmiSegPropertyValue"]),
        (#"{"@type":"Telemetry","name":"_a","schema":"double"}"#, ["stringInvalid"]),
        (#"{"@type":"Telemetry","name":7,"schema":"double"}"#, ["stringNotString"]),
        (#"{"@type":"Telemetry","name":["a","b"],"@id":"dtmi:example:x;1","schema":"double"}"#, ["stringMultipleValues"]),
        (#"{"@type":"Telemetry","name":{"@value":"a","@type":"xsd:string"},"schema":["double"]}"#, []),
        (#"{"@type":"Telemetry","name":"a","schema":null}"#, ["propertyValueNull"]),
        (#"{"@type":"Telemetry","name":"a","schema":"temperature"}"#, ["badDtmiOrTerm", "objectCountBelowMin"]),
        (#"{"@type":"Telemetry","name":"a","schema":{"@type":"Boolean"}}"#, ["badType", "objectCountBelowMin"]),
        (#"{"@type":"Telemetry","name":"a","schema":{"@type":"Array","elementSchema":"double"}}"#, []),
        (#"{"@type":"Gadget","name":"a","schema":"double"}"#, ["typeUndefinedTerm", "badType"]),
        (#"{"@type":["Telemetry","Property"],"name":"a","schema":"double"}"#, ["multipleMaterialTypes"]),
        (#"{"@type":"Telemetry","name":"a","schema":"double","colour":"red"}"#, ["propertyUndefinedTerm", "noTypeThatAllows"]),
        (#"{"@type":"Telemetry","name":"a","dtmi:dtdl:property:schema;3":"double"}"#, []),
        (#"{"@type":"Telemetry","name":"a","schema":"double","dtmi:dtdl:property:schema;3":"double"}"#, ["duplicatePropertyName"]),
        (#"{"@type":"Telemetry","name":"a","schema":"double"},{"@type":"Property","name":"a","schema":"double"}"#, ["nonUniquePropertyValue"]),
        (#"{"@id":"dtmi:example:x","@type":"Telemetry","name":"a","schema":"double"}"#, []),
        (#"{"@id":"dtmi:dtdl:x;1","@type":"Telemetry","name":"a","schema":"double"}"#, ["reservedId"]),
        (#"{"@id":"dtmi:example:_x;1","@type":"Telemetry","name":"a","schema":"double"}"#, ["invalidId"]),
        (#"{"@type":"Property","name":"a","schema":"double","writable":"yes"}"#, ["booleanNotBoolean"]),
        (#"{"@type":"Relationship","name":"a","minMultiplicity":1}"#, ["valueNotExact"]),
        (#"{"@type":"Relationship","name":"a","target":"http://example.com"}"#, ["identifierNotDtmi"]),
        (#"{"@type":"Command","name":"a","request":{"name":"b","schema":"double"}}"#, []),
        (#"{"@type":"Telemetry","name":"a","schema":"double","displayName":{"en":"A","xx-1":"B"}}"#, ["langStringInvalidCode"]),
        (
            #"{"@type":"Telemetry","name":"a","schema":"double","displayName":["A",{"@value":"B","@language":"en"}]}"#,
            ["langStringElementCodeNotUnique"]
        ),
    ])
    func `contents are checked`(contents: String, expected: [String]) {
        #expect(Self.codes(Self.interface(contents)) == expected)
    }

    @Test(arguments: [
        (#""dtmi:dtdl:context;3""#, []),
        (#"["dtmi:iotcentral:context;2","dtmi:dtdl:context;2"]"#, []),
        (#"["dtmi:dtdl:context;2","dtmi:example:unknown;1"]"#, []),
        (#"["dtmi:dtdl:context;3","dtmi:example:unknown;1"]"#, ["unresolvableContextSpecifier"]),
        (#"["dtmi:dtdl:context;3","dtmi:dtdl:extension:mqtt;99"]"#, ["unresolvableContextVersion"]),
        (#"["dtmi:dtdl:extension:mqtt;2","dtmi:dtdl:context;3"]"#, ["missingDtdlContext"]),
        (#"["dtmi:dtdl:context;3",{"a":"dtmi:example:a;1"}]"#, ["disallowedLocalContext"]),
        (#""dtmi:dtdl:context;9""#, ["unrecognizedContextVersion"]),
        (#"[]"#, ["emptyContext"]),
        (#"["dtmi:dtdl:context;4#limitless","dtmi:dtdl:context;4#limits"]"#, []),
        (#"["dtmi:dtdl:context;4#limitless"]"#, ["missingLimitContext"]),
        (#"["dtmi:dtdl:context;4#limitless","dtmi:dtdl:limits:onvif;1"]"#, ["disallowedLimitContext"]),
        (#"["http://azureiot.com/v1/contexts/IoTModel.json"]"#, ["missingDtdlContext"]),
    ])
    func `contexts are checked`(context: String, expected: [String]) {
        #expect(Self.codes(#"{"@context":\#(context),"@id":"dtmi:example:thing;1","@type":"Interface"}"#) == expected)
    }

    @Test func `semantic types need a numeric schema and a unit of their family`() {
        func codes(_ content: String) -> [String] {
            Self.codes(Self.interface(#"{"@type":["Telemetry","Temperature"],"name":"a",\#(content)}"#, version: 2))
        }
        #expect(codes(#""schema":"double","unit":"degreeCelsius""#) == [])
        #expect(codes(#""schema":"double""#) == ["missingSupplementalObjectProperty"])
        #expect(codes(#""schema":"string","unit":"degreeCelsius""#) == ["notRequiredType"])
        #expect(codes(#""schema":"double","unit":"metre""#) == ["notRequiredType"])
    }

    @Test func `extensions bring their co-types and rules`() {
        let head =
            #"{"@context":["dtmi:dtdl:context;3","dtmi:dtdl:extension:mqtt;2","dtmi:dtdl:extension:annotation;2"],"@id":"dtmi:example:thing;1","#
        func codes(_ rest: String) -> [String] { Self.codes(head + rest + "}") }
        #expect(codes(#""@type":["Interface","Mqtt"],"payloadFormat":"json/0.1","telemetryTopic":"a/{b:c}/d""#) == [])
        #expect(codes(#""@type":["Interface","Mqtt"],"payloadFormat":"json/0.1","telemetryTopic":"a//d""#) == ["stringInvalid"])
        #expect(codes(#""@type":["Interface","Mqtt"]"#) == ["missingSupplementalLiteralProperty"])
        #expect(codes(#""@type":"Interface","contents":{"@type":["Command","Cacheable"],"name":"a","ttl":"PT1M"}"#) == ["missingCocotype"])
        let pair =
            #"{"@type":["Telemetry","Indexed"],"name":"a","schema":"double","index":1},{"@type":["Telemetry","Indexed"],"name":"b","schema":"double","index":\#(1)}"#
        #expect(Set(codes(#""@type":"Interface","contents":[\#(pair)]"#)) == ["nonUniquePropertyValue"])
        let annotated =
            #"{"@type":"Property","name":"a","schema":"double"},{"@type":["Property","ValueAnnotation"],"name":"b","annotates":"a","schema":"string"}"#
        #expect(codes(#""@type":"Interface","contents":[\#(annotated)]"#) == [])
        #expect(codes(#""@type":"Interface","contents":[\#(annotated.replacing("Property\"", with: "Command\""))]"#).contains("invalidCotype"))
    }

    @Test func `one bad element does not hide the next`() {
        let contents =
            #"{"@type":"Telemetry","name":"a"},{"@id":"oops","@type":"Telemetry","name":"b","schema":"double"},{"@type":"Property","name":"c_","schema":"double"}"#
        let result = ModelParser().parse([Array(Self.interface(contents).utf8)])
        #expect(result.errors.map(\.code) == ["missingObjectProperty", "invalidId", "stringInvalid"])
        #expect(result.errors.first?.elementID == "dtmi:example:thing:_contents:__a;1")
        #expect(result.errors.first?.property == "schema")
        #expect(result.errors.allSatisfy { $0.severity == .error && !$0.cause.isEmpty && !$0.action.isEmpty })
    }

    @Test func `an error says in which document and on which line it is`() {
        let good = Self.interface("").replacing("thing", with: "other")
        let bad = "{\"@context\":\"dtmi:dtdl:context;3\",\n\"@id\":\"dtmi:example:thing;1\",\n\"@type\":\"Interface\",\n\"comment\":5}"
        let result = ModelParser().parse([Array(good.utf8), Array(bad.utf8)])
        #expect(result.errors.map(\.document) == [1])
        #expect(result.errors.map(\.line) == [4])
    }

    @Test func `inherited names must differ, unless they are the same element`() {
        let base = #"{"@id":"dtmi:example:base;1","@type":"Interface","contents":[{"@type":"Telemetry","name":"a","schema":"double"}]}"#
        let middle = #"{"@id":"dtmi:example:middle;1","@type":"Interface","extends":"dtmi:example:base;1"}"#
        func document(_ contents: String, extends: String) -> String {
            #"{"@context":"dtmi:dtdl:context;3","@id":"dtmi:example:thing;1","@type":"Interface","contents":[\#(contents)],"extends":[\#(extends)]}"#
        }
        #expect(Self.codes(document("", extends: "\(base),\(middle)")) == [])
        #expect(Self.codes(document(#"{"@type":"Telemetry","name":"a","schema":"double"}"#, extends: base)) == ["nonUniqueImportedPropertyValue"])
    }

    @Test func `elements are referred to within their Interface only`() {
        let owner =
            #"{"@context":"dtmi:dtdl:context;3","@id":"dtmi:example:owner;1","@type":"Interface","schemas":{"@id":"dtmi:example:s;1","@type":"Map","mapKey":{"name":"k","schema":"string"},"mapValue":{"name":"v","schema":"double"}}}"#
        let user = Self.interface(#"{"@type":"Telemetry","name":"a","schema":"dtmi:example:s;1"}"#)
        #expect(Self.codes(owner, user) == ["crossPartitionReference"])
    }

    @Test func `cycles are errors, but for schemas in DTDL v4`() {
        func model(_ version: Int) -> String {
            Self.interface(
                "", version: version,
                extra: #","schemas":{"@id":"dtmi:example:s;1","@type":"Object","fields":{"name":"a","schema":"dtmi:example:s;1"}}"#)
        }
        #expect(Self.codes(model(3)).contains("recursiveStructureWide"))
        #expect(Self.codes(model(4)) == [])
        let self1 = #"{"@context":"dtmi:dtdl:context;4","@id":"dtmi:example:thing;1","@type":"Interface","extends":"dtmi:example:thing;1"}"#
        #expect(Self.codes(self1).contains("recursiveStructureNarrow"))
        let component = Self.interface(#"{"@type":"Component","name":"a","schema":"dtmi:example:thing;1"}"#, version: 4)
        #expect(Self.codes(component) == ["excludedType"])
    }

    @Test func `limits of the versions hold`() {
        func nested(_ depth: Int) -> String {
            let schema = String(repeating: #"{"@type":"Array","elementSchema":"#, count: depth) + "\"double\"" + String(repeating: "}", count: depth)
            return #"{"@type":"Telemetry","name":"a","schema":\#(schema)}"#
        }
        #expect(Self.codes(Self.interface(nested(5))) == [])
        #expect(Self.codes(Self.interface(nested(6))) == ["excessiveDepthWide"])
        #expect(Self.codes(Self.interface(nested(8), version: 4)) == [])
        let many = (0..<301).map { #"{"@type":"Telemetry","name":"a\#($0)","schema":"double"}"# }.joined(separator: ",")
        #expect(Self.codes(Self.interface(many, version: 2)) == ["objectCountAboveMax"])
        #expect(Self.codes(Self.interface(many)) == [])
        let array = #"{"@type":"Property","name":"a","schema":{"@type":"Array","elementSchema":"double"}}"#
        #expect(Self.codes(Self.interface(array, version: 2)) == ["excludedType"])
        let comment = String(repeating: "x", count: 513)
        #expect(Self.codes(Self.interface("", extra: #","comment":"\#(comment)""#)) == ["stringTooLong"])
        let large =
            #","schemas":["#
            + (0..<12_000).map {
                #"{"@id":"dtmi:example:schema\#($0):aVeryLongNameOfASchemaThatIsNeverUsed;1","@type":"Enum","valueSchema":"string"}"#
            }
            .joined(separator: ",") + "]"
        #expect(Self.codes(Self.interface("", extra: large)).contains("partitionTooLarge"))
    }

    @Test func `an enumeration's values have the type it says`() {
        func codes(_ values: String, _ schema: String) -> [String] {
            Self.codes(
                Self.interface(#"{"@type":"Telemetry","name":"a","schema":{"@type":"Enum","valueSchema":"\#(schema)","enumValues":[\#(values)]}}"#))
        }
        #expect(codes(#"{"name":"a","enumValue":1}"#, "integer") == [])
        #expect(codes(#"{"name":"a","enumValue":"1"}"#, "integer") == ["nonConformantDatatype"])
        #expect(codes(#"{"name":"a","enumValue":1},{"name":"b","enumValue":1}"#, "integer") == ["nonUniquePropertyValue"])
        #expect(codes(#"{"name":"a","enumValue":1}"#, "double") == ["incorrectPropertyValue"])
    }

    // MARK: - Resolving

    final class Recorder: ModelResolver {
        private(set) var requests: [[String]] = []
        let models: [String: String]

        init(_ models: [String: String]) { self.models = models }

        func documents(for identifiers: [String]) -> [[UInt8]]? {
            requests.append(identifiers)
            return identifiers.compactMap { models[$0] }.map { Array($0.utf8) }
        }
    }

    @Test func `a resolver is asked for all that is missing at once, until nothing is`() {
        let head = #"{"@context":"dtmi:dtdl:context;3","@type":"Interface","@id":"#
        let resolver = Recorder([
            "dtmi:example:a;1": head + #""dtmi:example:a;1","extends":"dtmi:example:c;1"}"#, "dtmi:example:b;1": head + #""dtmi:example:b;1"}"#,
            "dtmi:example:c;1": head + #""dtmi:example:c;1"}"#,
        ])
        let model = head + #""dtmi:example:thing;1","extends":["dtmi:example:a;1","dtmi:example:b;1"]}"#
        let result = ModelParser().parse([Array(model.utf8)], resolver: resolver)
        #expect(result.outcome == .valid)
        #expect(resolver.requests == [["dtmi:example:a;1", "dtmi:example:b;1"], ["dtmi:example:c;1"]])
    }

    @Test func `what is not found is named, and neither valid nor invalid`() {
        let model = Self.interface("", extra: #","extends":"dtmi:example:missing;1""#)
        let result = ModelParser().parse([Array(model.utf8)])
        #expect(result.outcome == .unresolved)
        #expect(result.unresolved == ["dtmi:example:missing;1"])
        #expect(result.errors.isEmpty)
        #expect(ModelParser().parse([Array(model.utf8)], resolver: Recorder([:])).outcome == .unresolved)
    }

    // MARK: - Hostile and odd input

    @Test func `a long chain of schemas and a wide Interface end, without a long chain of calls`() {
        let count = 10_000
        let schemas = (0..<count).map { number in
            let next = number + 1 < count ? "\"dtmi:example:s\(number + 1);1\"" : "\"double\""
            return #"{"@id":"dtmi:example:s\#(number);1","@type":"Array","elementSchema":\#(next)}"#
        }
        let model = Self.interface(
            #"{"@type":"Telemetry","name":"a","schema":"dtmi:example:s0;1"}"#, version: 4, extra: ",\"schemas\":[\(schemas.joined(separator: ","))]")
        #expect(Set(Self.codes(model)).contains("excessiveDepthWide"))
        #expect((try? DeviceTemplate(bytes: Array(model.utf8)))?.compiled.capabilities.count == 1)
    }

    @Test func `bytes that are no JSON are an error of the model`() {
        #expect(Self.codes("{") == ["invalidJson"])
        #expect(Self.codes("7") == ["notJsonObject"])
        let units = Array(Self.interface("").utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(ModelParser().parse([[0xFF, 0xFE] + units]).outcome == .valid)
    }

    // MARK: - IoT Central

    @Test func `what IoT Central writes is a warning in its profile and an error in the strict one`() {
        let template = CompiledTemplateTests.edge
        var options = ModelOptions()
        options.profile = .iotCentral
        let result = ModelParser(options: options).parse([Array(template.utf8)])
        #expect(result.outcome == .valid, "\(result.errors)")
        #expect(result.errors.contains { $0.code == "invalidId" && $0.severity == .warning })
        #expect(ModelParser().parse([Array(template.utf8)]).outcome == .invalid)
        let broken = template.replacing(#""schema":"duration""#, with: #""schema":"hours""#)
        #expect(ModelParser(options: options).parse([Array(broken.utf8)]).outcome == .invalid)
    }
}

struct DTMITests {
    @Test(
        arguments: [
            ("dtmi:com:example:Thermostat;1", "dtmi/com/example/thermostat-1.json"),
            ("dtmi:com:example:Thermostat;1.2", "dtmi/com/example/thermostat-1.2.json"),
            ("dtmi:com:example:Thermostat", nil), ("dtmi:com:example:_x;1", nil), ("dtmi:com:example:Thermostat;1#a", nil),
        ] as [(String, String?)])
    func `a model repository has a model by its identifier`(text: String, path: String?) throws {
        #expect(try #require(DTMI(text)).repositoryPath == path)
    }

    @Test(arguments: [
        "", "dtmi:", "dtmi:;1", "dtmi:a:;1", "dtmi:1a;1", "dtmi:a;0", "dtmi:a;01", "dtmi:a;1.0", "dtmi:a;1234567890", "DTMI:a;1", "dtmi:a_;1",
        "dtmi:a;1#1",
    ])
    func `what is no identifier is refused`(text: String) {
        #expect(DTMI(text) == nil)
    }
}
