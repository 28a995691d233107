import DTDL
import Testing

/// One fault does not hide the next, and one that has several names is reported by all of them.
struct ErrorAccumulationTests {
    private func codes(_ documents: String..., undefined: ModelOptions.UndefinedExtensions = .byVersion) -> Set<String> {
        var options = ModelOptions()
        options.undefinedExtensions = undefined
        return Set(ModelParser(options: options).parse(documents.map { Array($0.utf8) }).errors.map(\.code))
    }

    private func interface(_ version: Int, _ contents: String, contexts: String = "") -> String {
        #"{"@context":["dtmi:dtdl:context;\#(version)"\#(contexts)],"@id":"dtmi:example:a;1","@type":"Interface","contents":[\#(contents)]}"#
    }

    @Test(arguments: [
        (3, #""colour":1"#, ["noTypeThatAllows", "propertyUndefinedTerm"]), (2, #""colour":1"#, ["noTypeThatAllows", "propertyUndefinedTerm"]),
        (4, #""Boolean":1"#, ["noTypeThatAllows", "propertyIrrelevantDtmiOrTerm"]),
        (2, #""dtmi:a/b":1"#, ["noTypeThatAllows", "propertyInvalidDtmi"]),
        (3, #""http://example.org/a":1"#, ["noTypeThatAllows", "propertyNotDtmiNorTerm"]),
    ])
    func `a property that nothing allows is said to be one, and what it is`(version: Int, member: String, expected: [String]) {
        #expect(codes(interface(version, #"{"@type":"Telemetry","name":"t","schema":"double",\#(member)}"#)) == Set(expected))
    }

    @Test func `a property of a semantic type on the wrong class is reported beside the type`() {
        #expect(
            codes(interface(2, #"{"@type":["Command","Distance"],"name":"go","unit":"kilometre"}"#)) == ["invalidCotype", "noTypeThatAllows"])
    }

    @Test func `null is no value of the right type, and no value at all where one must be`() {
        #expect(
            codes(interface(3, #"{"@type":"Telemetry","name":null,"@id":"dtmi:example:t;1","schema":"double"}"#))
                == ["propertyValueNull", "stringNotString", "missingLiteralProperty"])
        #expect(
            codes(interface(3, #"{"@type":"Property","name":"p","schema":"double","writable":null}"#)) == ["propertyValueNull", "booleanNotBoolean"])
    }

    @Test func `a reference to an element of the wrong type leaves a required property without a value`() {
        let contents = """
            {"@id":"dtmi:example:c;1","@type":"Command","name":"c"},{"@type":"Property","name":"p","schema":"dtmi:example:c;1"}
            """
        #expect(codes(interface(3, contents)) == ["badType", "propertyCountBelowMin"])
    }

    @Test(arguments: [
        (#"{"":"dtmi:example:x;1"}"#, "localTermEmpty"), (#"{"a:b":"dtmi:example:x;1"}"#, "localTermInvalid"),
        (#"{"dtmi":"dtmi:example:x;1"}"#, "localTermSchemePrefix"), (#"{"Telemetry":"dtmi:example:x;1"}"#, "localTermReserved"),
        (#"{"x":"dtmi:a/b"}"#, "localTermDefinitionInvalidDtmi"), (#"{"x":{"@id":1}}"#, "termDefinitionIdPropertyNotString"),
        (#"{"x":{}}"#, "termDefinitionMissingIdProperty"), (#"{"x":1}"#, "termDefinitionNotStringOrObject"),
    ])
    func `the terms of a context that may not be there are looked at all the same`(context: String, code: String) {
        #expect(codes(interface(3, "", contexts: "," + context)) == ["disallowedLocalContext", code])
        #expect(codes(interface(3, "", contexts: #",{"x":"dtmi:example:","y":null}"#)) == ["disallowedLocalContext"])
    }

    @Test func `an override on the wrong class is still held against what it overrides`() {
        let contents = """
            {"@type":["Telemetry","Temperature"],"name":"t","schema":"double","unit":"kelvin"},
            {"@type":["Telemetry","ValueAnnotation","Override"],"name":"u","annotates":"t","overrides":"unit","schema":"VelocityUnit"}
            """
        let contexts = #","dtmi:dtdl:extension:quantitativeTypes;1","dtmi:dtdl:extension:annotation;2","dtmi:dtdl:extension:overriding;2""#
        #expect(codes(interface(3, contents, contexts: contexts)) == ["invalidCotype", "siblingPropertyMismatch"])
    }

    @Test func `a document without a type has none that may stand at its top either`() {
        #expect(codes(#"{"@context":"dtmi:dtdl:context;3","@id":"dtmi:example:a;1"}"#) == ["typeNotRootable", "badType"])
        #expect(
            codes(#"{"@context":"dtmi:dtdl:context;3","@id":"dtmi:example:a;1","@type":"Telemetry","name":"t","schema":"double"}"#)
                == ["typeNotRootable"])
    }

    // MARK: - Layers

    private let base =
        #"{"@context":"dtmi:dtdl:context;3","@id":"dtmi:example:a;1","@type":"Interface","contents":{"@type":"Property","name":"p","schema":"double"}}"#

    private func layer(_ content: String, id: String = "dtmi:example:a;1#x", types: String = #""Interface","Layer""#) -> String {
        """
        {"@context":["dtmi:dtdl:context;3","dtmi:dtdl:extension:layering;1","dtmi:dtdl:extension:quantitativeTypes;1"],"@id":"\(id)",\
        "@type":[\(types)],"contents":[\(content)]}
        """
    }

    @Test(arguments: [
        (#"{"@type":"Property","name":"p","schema":"double"}"#, []),
        (#"{"@type":"Property","name":"p","schema":"string"}"#, ["inconsistentObjectValues"]),
        (#"{"@type":"Telemetry","name":"p","schema":"double"}"#, ["multipleMaterialTypes"]),
        (#"{"@type":"Property","name":"p","schema":"double","colour":1}"#, ["noTypeThatAllows"]),
        (#"{"@type":["Property","Velocity"],"name":"p","schema":"double"}"#, ["missingObjectProperty"]), (#"{"name":"p"}"#, ["badType"]),
        (#"{"@type":"Property","schema":"double"}"#, ["missingDtmiSegPropertyValue"]),
        (#"{"@id":"dtmi:example:q;1#x","@type":["Property","Layer"],"name":"p","schema":"double"}"#, ["nonUniquePropertyValue"]),
        (#"{"@id":"dtmi:example:q;1#x","@type":"Property","name":"q","schema":"double"}"#, ["disallowedIdFragment"]),
        (#"{"@id":"dtmi:example:q;1","@type":"Property","name":"q","schema":"double"}"#, ["mismatchedLayers"]),
    ])
    func `layers are invalid, and what is wrong among them is reported beside that`(content: String, expected: [String]) {
        #expect(codes(base, layer(content), undefined: .always) == Set(expected + ["invalidId"]))
    }

    @Test func `a layer that is defined twice, or without being one, is reported`() {
        #expect(codes(base, layer("", id: "dtmi:example:a;1#"), undefined: .always) == ["invalidId", "duplicateDefinition"])
        #expect(codes(layer("", types: #""Interface""#), undefined: .always) == ["invalidId", "disallowedIdFragment"])
        #expect(codes(#"{"@context":"dtmi:dtdl:context;3","@id":"dtmi:example:a;1#x","@type":"Interface"}"#) == ["invalidId"])
    }
}
