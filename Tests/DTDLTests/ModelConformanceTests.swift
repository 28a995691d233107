import DTDL
import Foundation
import JSON
import Testing

@testable import dtdl_conformance

/// Models with the verdict of the reference implementation, and real ones.
///
/// The ids of some cases are all that different versions and options of the reference may report, of which one program cannot report all.
@Suite(.enabled(if: Conformance.isThere, Comment(rawValue: Conformance.whyNot)))
struct ModelConformanceTests {
    @Test(arguments: ["dtdl-models-valid.jsonl.gz", "dtdl-models-invalid.jsonl.gz"])
    func `every model gets the verdict of the reference implementation`(file: String) throws {
        var tally = Tally()
        var wrong: [String] = []
        for json in try Conformance.cases(file) {
            let outcome = ModelCase(json).outcome
            tally.add(outcome)
            if let mismatch = outcome.mismatch { wrong.append("\(outcome.name): \(mismatch)") }
        }
        #expect(wrong == [])
        #expect(tally.passed > 2000)
        #expect(Double(tally.among) >= 0.98 * Double(tally.named))
        #expect(Double(tally.equal) >= 0.96 * Double(tally.named))
    }

    @Test func `identifiers are taken apart as the reference implementation does`() throws {
        let outcomes = try Conformance.cases("dtmi.jsonl.gz").map { IdentifierCase($0).outcome }
        #expect(outcomes.compactMap { outcome in outcome.mismatch.map { "\(outcome.name): \($0)" } } == [])
        #expect(!outcomes.isEmpty)
    }

    @Test func `real device models are accepted, each with what it refers to`() throws {
        let cases = try Conformance.cases("device-models-v2.jsonl.gz")
        let repository = ModelRepository(cases)
        #expect(repository.models.count > 900)
        var refused = cases.map { ModelCase($0, repository: repository).outcome }.compactMap { outcome in
            outcome.mismatch.map { "\(outcome.name): \($0)" }
        }
        for (identifier, bytes) in repository.models {
            let template = try DeviceTemplate(bytes: bytes, resolver: repository)
            if template.templateID != identifier || !template.unresolved.isEmpty { refused.append("\(identifier): \(template.issues)") }
        }
        #expect(refused == [])
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
