import JSON
import TestSupport
import Testing

@Suite(.database) struct ExplainCommandTests {
    private func parse(_ text: String) throws -> JSONTree { try JSONTree.parse(Array(text.utf8)) }

    @Test func `explain marks each finding in the bytes, shows the template's part, and says what to do`() async throws {
        let template = try TemporaryFile(CaptureText.template)
        let capture = try TemporaryFile(CaptureText.faults)
        let environment = TestDatabase.environment
        for arguments in [["template", "publish", template.path], ["ingest", "--capture", capture.path], ["project", "--exit-at-end"]] {
            let outcome = try await Program.run(arguments, environment: environment)
            #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
        }
        let listed = try await Program.run(["findings", "--format", "json"], environment: environment)
        let finding = try #require(try parse(listed.output).elements.first { $0["rule"]?.stringValue == "schema-mismatch" })
        let source = try #require(finding["last_source"]?.integerValue)
        let offset = try #require(finding["last_offset"]?.integerValue)

        let byPosition = try await Program.run(["explain", "\(source):\(offset)"], environment: environment)
        #expect(byPosition.status == 0, "\(byPosition.errors)")
        #expect(byPosition.lines.contains { $0.hasSuffix(" schema-mismatch") && $0.contains("^ ") }, "\(byPosition.output)")
        #expect(byPosition.output.contains("\"@type\""))
        #expect(byPosition.output.contains("to do "))
        // The caret stands under the byte that the finding names.
        let json = try parse(try await Program.run(["explain", "\(source):\(offset)", "--format", "json"], environment: environment).output)
        let fault = try #require(json["findings"]?.elements.first { $0["rule"]?.stringValue == "schema-mismatch" })
        #expect(fault["template_part"]?["name"]?.stringValue != nil)
        let byte = try #require(fault["byte_offset"]?.integerValue)
        let marked = try #require(byPosition.lines.firstIndex { $0.hasSuffix(" schema-mismatch") })
        let caret = try #require(byPosition.lines[marked].firstIndex(of: "^"))
        #expect(byPosition.lines[marked].distance(from: byPosition.lines[marked].startIndex, to: caret) == 10 + Int(byte) % 96)

        let device = try #require(finding["device_id"]?.stringValue)
        let byDevice = try await Program.run(["explain", device, "--last", "5"], environment: environment)
        #expect(byDevice.status == 0)
        #expect(byDevice.output.contains("\(source):\(offset) "))
    }

    @Test func `what the log does not hold cannot be explained`() async throws {
        for subject in ["9:1", "nobody"] {
            let outcome = try await Program.run(["explain", subject], environment: TestDatabase.environment)
            #expect(outcome.status == 3, "\(subject): \(outcome.errors)")
            #expect(outcome.output.isEmpty)
        }
    }
}
