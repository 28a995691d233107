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

    @Test func `a message that outlived itself says so, and until when its device stays, and what the device is`() async throws {
        let hono = #"{"headers":["device_id","d-1","creation-time","1704164645250","ttl","1000","ttd","-1"],"payload":"{}"}"#
        let transform =
            #"{"payload":"{\"messageSource\":\"telemetry\",\"device\":{\"id\":\"d-2\",\"approved\":true,\"blocked\":false},\"telemetry\":[]}"}"#
        let capture = try TemporaryFile("\(hono)\n\(transform)\n")
        let environment = TestDatabase.environment
        let ingested = try await Program.run(["ingest", "--capture", capture.path, "--name", "told-facts"], environment: environment)
        #expect(ingested.status == 0, "\(ingested.errors)")
        let listed = try await Program.run(["source", "list"], environment: environment)
        let line = try #require(listed.lines.first { $0.contains("told-facts") }, "\(listed.output)")
        let source = try #require(line.split(separator: " ").first)
        let shown = try await Program.run(["events", "show", "\(source):1"], environment: environment)
        #expect(shown.status == 0, "\(shown.errors)")
        let explained = try await Program.run(["explain", "\(source):1"], environment: environment)
        for output in [shown.output, explained.output] {
            #expect(output.contains("expired"), "\(output)")
            #expect(output.contains("until further notice"))
        }
        let json = try parse(try await Program.run(["explain", "\(source):1", "--format", "json"], environment: environment).output)
        #expect(json["expired"]?.boolValue == true)
        #expect(json["connected_until"]?.stringValue == "9999-12-31T23:59:59.999999Z")
        let other = try await Program.run(["explain", "\(source):2"], environment: environment)
        #expect(other.output.contains("approved, not blocked"), "\(other.output)")
        #expect(!other.output.contains("expired"))
    }

    @Test func `a reported error is explained by the catalogue`() async throws {
        let envelope = #"\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"/test\",\"type\":\"dev.hindcast.device.error\",\"subject\":\"d-1\""#
        let data = #"{\"origin\":\"hub\",\"status\":401003,\"message\":\"no\"}"#
        let capture = try TemporaryFile(
            #"{"headers":["content-type","application/cloudevents+json"],"payload":"{\#(envelope),\"data\":\#(data)}"}"# + "\n")
        let environment = TestDatabase.environment
        let ingested = try await Program.run(["ingest", "--capture", capture.path, "--name", "reported-error"], environment: environment)
        #expect(ingested.status == 0, "\(ingested.errors)")
        let listed = try await Program.run(["source", "list"], environment: environment)
        let source = try #require(listed.lines.first { $0.contains("reported-error") }?.split(separator: " ").first, "\(listed.output)")
        let explained = try await Program.run(["explain", "\(source):1"], environment: environment)
        #expect(explained.output.contains("error: hub:401003"), "\(explained.output)")
        #expect(explained.output.contains("means: ") && explained.output.contains("to do: "))
        let json = try parse(try await Program.run(["explain", "\(source):1", "--format", "json"], environment: environment).output)
        #expect(json["error"]?["subcode"]?.stringValue == "401003" && json["error"]?["meaning"]?.stringValue != nil)
    }

    @Test func `what the log does not hold cannot be explained`() async throws {
        for subject in ["9:1", "nobody", "1:-1", "1:99999999999999999999", String(repeating: "n", count: 5000), "a\n\u{1B}[31m"] {
            let outcome = try await Program.run(["explain", subject], environment: TestDatabase.environment)
            #expect(outcome.status == 3, "\(subject): \(outcome.errors)")
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.utf8.count < 500, "one sentence")
            #expect(!outcome.errors.contains("\u{1B}"))
        }
    }
}
