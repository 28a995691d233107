import DTDL
import Foundation
import JSON
import Testing

/// Models with the verdict of the reference implementation.
///
/// A case that names error ids names all that the reference's versions and options may report; what is reported here must be among them. A few cases
/// are about layers, which no published context has, or name fewer errors than there are: one bad co-type does not hide a bad property here.
@Suite(.enabled(if: Conformance.isThere, Comment(rawValue: Conformance.whyNot)))
struct ModelConformanceTests {
    /// Answers exactly the questions that a case writes down.
    struct ScriptedResolver: ModelResolver {
        let answers: [(request: Set<String>, response: [[UInt8]]?)]

        func documents(for identifiers: [String]) -> [[UInt8]]? {
            answers.first { $0.request == Set(identifiers) }?.response
        }
    }

    static func options(of testCase: JSONTree) -> ModelOptions {
        var options = ModelOptions()
        options.undefinedExtensions = testCase["allowUndefinedExtensions"]?.stringValue.flatMap(ModelOptions.UndefinedExtensions.init) ?? .byVersion
        options.acceptableLimits = testCase["acceptableLimits"]?.elements.compactMap(\.stringValue) ?? []
        options.maximumVersion = testCase["maxDtdlVersion"]?.integerValue.map(Int.init) ?? 4
        let quirks = testCase["quirks"]?.elements.compactMap(\.stringValue) ?? []
        options.toleratesSolecisms = quirks.contains("TolerateSolecismsInParse")
        options.toleratesSolecismsOfResolver = quirks.contains("TolerateSolecismsInResolve")
        return options
    }

    static func result(of testCase: JSONTree) -> ModelResult {
        let answers = (testCase["resolution"]?.elements ?? []).map { step in
            let response = step["response"].flatMap { $0.isNull ? nil : $0.elements.map { $0.canonicalBytes() } }
            return (Set(step["request"]?.elements.compactMap(\.stringValue) ?? []), response)
        }
        let documents = (testCase["input"]?.elements ?? []).map { $0.canonicalBytes() }
        return ModelParser(options: options(of: testCase)).parse(documents, resolver: ScriptedResolver(answers: answers))
    }

    @Test(arguments: ["dtdl-models-valid.jsonl.gz", "dtdl-models-invalid.jsonl.gz"])
    func `every model gets the verdict of the reference implementation`(file: String) throws {
        var wrong: [String] = []
        var withIDs = 0
        var otherIDs: [String] = []
        for testCase in try Conformance.cases(file) {
            let result = Self.result(of: testCase)
            let name = testCase["case"]?.stringValue ?? ""
            let expected = Set(
                (testCase["expectedErrorIds"]?.elements ?? []).compactMap { $0.stringValue?.split(separator: ":").last.map(String.init) })
            let unresolved = Set(testCase["unresolvedIdentifiers"]?.elements.compactMap(\.stringValue) ?? [])
            if (result.outcome == .valid) != testCase["valid"]?.boolValue { wrong.append("\(name): \(result.outcome)") }
            if !unresolved.isEmpty, expected.isEmpty, Set(result.unresolved) != unresolved { wrong.append("\(name): \(result.unresolved)") }
            guard !expected.isEmpty else { continue }
            withIDs += 1
            let actual = Set(result.errors.map(\.code))
            if actual.isEmpty || !actual.isSubset(of: expected) { otherIDs.append("\(name): \(actual.sorted()) for \(expected.sorted())") }
        }
        #expect(wrong.isEmpty)
        #expect(Double(otherIDs.count) <= 0.02 * Double(withIDs), "\(otherIDs)")
    }

    @Test func `identifiers are taken apart as the reference implementation does`() throws {
        for testCase in try Conformance.cases("dtmi.jsonl.gz") {
            let text = try #require(testCase["idText"]?.stringValue)
            let identifier = DTMI(text)
            #expect((identifier != nil) == (testCase["valid"]?.boolValue ?? false), "\(text)")
            guard let identifier, let expected = testCase["expect"] else { continue }
            #expect(identifier.majorVersion == expected["MajorVersion"]?.integerValue.map(Int.init))
            #expect(identifier.minorVersion == expected["MinorVersion"]?.integerValue.map(Int.init))
            #expect(identifier.completeVersion == expected["CompleteVersion"]?.doubleValue)
            #expect(identifier.versionless == expected["Versionless"]?.stringValue)
            #expect(identifier.labels == expected["Labels"]?.elements.compactMap(\.stringValue))
            #expect(identifier.isReserved == (expected["IsReserved"]?.boolValue ?? false))
            #expect(identifier.fragment == expected["Fragment"]?.stringValue)
        }
    }

    /// A repository of models in memory.
    struct Repository: ModelResolver {
        let models: [String: [UInt8]]

        func documents(for identifiers: [String]) -> [[UInt8]]? { identifiers.compactMap { models[$0] } }
    }

    @Test func `real device models are accepted, each with what it refers to`() throws {
        var models: [String: [UInt8]] = [:]
        for row in try Conformance.cases("device-models-v2.jsonl.gz") {
            let model = try #require(row["model"])
            models[try #require(model["@id"]?.stringValue)] = model.canonicalBytes()
        }
        #expect(models.count > 900)
        let repository = Repository(models: models)
        var refused: [String] = []
        for (identifier, bytes) in models {
            let result = ModelParser().parse([bytes], resolver: repository)
            if result.outcome != .valid { refused.append("\(identifier): \(result.errors) \(result.unresolved)") }
            let template = try DeviceTemplate(bytes: bytes, resolver: repository)
            if template.templateID != identifier || !template.unresolved.isEmpty { refused.append("\(identifier): \(template.issues)") }
        }
        #expect(refused.isEmpty)
    }

    @Test func `templates of IoT Central are accepted in its profile and refused in the strict one`() throws {
        let folder = try #require(Conformance.folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/iotcentral-templates").filter { $0.hasSuffix(".json") }
        var options = ModelOptions()
        options.profile = .iotCentral
        for name in names {
            let bytes = try Conformance.bytes("iotcentral-templates/" + name)
            let result = ModelParser(options: options).parse([bytes])
            #expect(result.outcome == .valid, "\(name): \(result.errors.filter { $0.severity == .error }) \(result.unresolved)")
            #expect(ModelParser().parse([bytes]).outcome == .invalid)
        }
    }
}
