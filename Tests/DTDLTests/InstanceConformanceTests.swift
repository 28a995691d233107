import JSON
import Testing

@testable import dtdl_conformance

/// Values with the verdict of the reference implementation, of the Azure CLI, and of IoT Central's documentation.
@Suite(.enabled(if: Conformance.isThere, Comment(rawValue: Conformance.whyNot)))
struct InstanceConformanceTests {
    @Test(arguments: [("dtdl-instances.jsonl.gz", 600), ("payload-examples.jsonl.gz", 10)])
    func `every value is judged as expected`(file: String, atLeast count: Int) throws {
        let outcomes = try Conformance.cases(file).map { InstanceCase($0).outcome }
        #expect(outcomes.compactMap { outcome in outcome.mismatch.map { "\(outcome.name): \($0)" } } == [])
        #expect(outcomes.count > count)
    }

    @Test func `values are judged as the Azure CLI does, but for the listed differences`() throws {
        var unexplained: [String] = []
        for json in try Conformance.cases("iotcentral-instances.jsonl.gz") {
            let outcome = InstanceCase(json).outcome
            guard let mismatch = outcome.mismatch, CentralDifference.reason(for: json, theirs: json["valid"]?.boolValue ?? false) == nil else {
                continue
            }
            unexplained.append("\(outcome.name): \(mismatch)")
        }
        #expect(unexplained == [])
    }
}
