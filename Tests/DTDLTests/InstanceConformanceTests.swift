import DTDL
import JSON
import Testing

/// Values with the verdict of the reference implementation.
@Suite(.enabled(if: Conformance.isThere, Comment(rawValue: Conformance.whyNot)))
struct InstanceConformanceTests {
    @Test func `every value is judged as the reference implementation judges it`() throws {
        var compared = 0
        var wrong: [String] = []
        for testCase in try Conformance.cases("dtdl-instances.jsonl.gz") {
            let name = testCase["case"]?.stringValue ?? ""
            let expected = try #require(testCase["valid"]?.boolValue as Bool?)
            guard let schema = Self.schema(of: testCase) else { continue }
            compared += 1
            let text = testCase["instanceText"]?.stringValue ?? ""
            let actual = (try? ValueCheck(text, schema: schema).violations.isEmpty) ?? false
            if actual != expected { wrong.append("\(name): \(text) by \(schema)") }
        }
        #expect(wrong.isEmpty)
        #expect(compared > 600)
    }

    /// The schema under test: a term, or the element of the model with the subject's id.
    private static func schema(of testCase: JSONTree) -> String? {
        if let term = testCase["schema"]?.stringValue { return "\"\(term)\"" }
        guard let subject = testCase["subject"]?.stringValue, let model = testCase["model"], let element = find(subject, in: model) else {
            return nil
        }
        let types = element["@type"].map { $0.kind == .array ? $0.elements : [$0] } ?? []
        let isSchema = types.contains { ["Array", "Enum", "Map", "Object"].contains($0.stringValue) }
        return isSchema ? String(decoding: element.canonicalBytes(), as: UTF8.self) : nil
    }

    private static func find(_ id: String, in tree: JSONTree) -> JSONTree? {
        if tree["@id"]?.stringValue == id { return tree }
        for child in tree.elements + tree.members.map(\.value) {
            if let found = find(id, in: child) { return found }
        }
        return nil
    }
}
