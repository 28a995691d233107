import Foundation
import JSON
import TestSupport
import Testing

/// `template infer` on captures, which needs no database.
struct TemplateInferTests {
    /// What a pump sent: telemetry with an enumeration, a position and a name that is none, a component, an acknowledgement, a cloud property.
    static let capture: String = {
        var lines = (0..<24).map { index in
            CaptureText.telemetry(
                "pump-1", #"{"flow":1.5,"count":\#(index),"mode":"\#(index % 2 == 0 ? "on" : "off")","bad-name":1,"at":{"lat":1,"lon":2}}"#,
                offset: index)
        }
        lines.append(central(#""messageSource":"telemetry","component":"motor","telemetry":{"speed":3,"mixed":[1,"x"]}"#, offset: 24))
        lines.append(
            central(
                #""messageSource":"properties","messageType":"devicePropertyReportedChange","properties":[{"name":"limit","value":{"value":4,"ac":200,"av":2}}]"#,
                offset: 25))
        lines.append(
            central(#""messageSource":"properties","messageType":"cloudPropertyChange","properties":[{"name":"note","value":"x"}]"#, offset: 26))
        return lines.joined()
    }()

    static func central(_ members: String, device: String = "pump-1", offset: Int) -> String {
        let payload = """
            {"applicationId":"app","schema":"default@v1","deviceId":"\(device)","templateId":"\(CaptureText.templateID)",\
            "enqueuedTime":"2026-06-01T12:00:00.000Z",\(members)}
            """
        return CaptureText.line(key: device, payload: payload, offset: offset)
    }

    private func infer(_ arguments: String...) async throws -> Program.Outcome { try await Program.run(["template", "infer"] + arguments) }

    /// What `template check` says of some text.
    private func check(_ text: String, profile: String = "strict") async throws -> Int32 {
        let file = try TemporaryFile(text, suffix: ".json")
        return try await Program.run(["template", "check", file.path, "--profile", profile]).status
    }

    private static func names(_ interface: JSONTree?) -> [String] { interface?["contents"]?.elements.compactMap { $0["name"]?.stringValue } ?? [] }

    @Test func `a capture becomes a valid model, and what it leaves out is named`() async throws {
        let capture = try TemporaryFile(Self.capture)
        let outcome = try await infer("--capture", capture.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let interfaces = try JSONTree.parse(Array(outcome.output.utf8)).elements
        #expect(interfaces.compactMap { $0["@id"]?.stringValue } == ["dtmi:hindcast:inferred:pump_1;1", "dtmi:hindcast:inferred:pump_1:motor;1"])
        #expect(Self.names(interfaces.first) == ["motor", "flow", "count", "mode", "at", "limit", "note"])
        #expect(Self.names(interfaces.last) == ["speed"])
        let contents = interfaces.first?["contents"]?.elements ?? []
        #expect(contents.first { $0["name"]?.stringValue == "mode" }?["schema"]?["@type"]?.stringValue == "Enum")
        #expect(contents.first { $0["name"]?.stringValue == "limit" }?["writable"]?.boolValue == true)
        #expect(outcome.errors.contains("remark: /bad-name: \"bad-name\" is no name that DTDL allows"))
        #expect(outcome.errors.contains("remark: motor /mixed/*: values are of different types"))
        #expect(outcome.errors.hasSuffix("27 records, 7 capabilities, DTDL v2\n"))
        #expect(try await check(outcome.output) == 0)
    }

    @Test func `id, version, device and file can be chosen`() async throws {
        let capture = try TemporaryFile(
            Self.capture + Self.central(#""messageSource":"telemetry","telemetry":{"other":1}"#, device: "valve", offset: 27))
        let file = try TemporaryFile()
        let outcome = try await infer(
            "--capture", capture.path, "--device", "valve", "--id", "dtmi:example:Valve;2", "--dtdl", "4", "--output", file.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        let model = try JSONTree.parse(Array(file.content.utf8))
        #expect(model["@id"]?.stringValue == "dtmi:example:Valve;2")
        #expect(model["@context"]?.stringValue == "dtmi:dtdl:context;4")
        #expect(Self.names(model) == ["other"])
    }

    @Test func `a base gets a patch or is patched, and is not changed where values differ from it`() async throws {
        let capture = try TemporaryFile(Self.capture)
        let base = try TemporaryFile(CaptureText.template.replacingOccurrences(of: "double", with: "integer"), suffix: ".json")
        let patch = try await infer("--capture", capture.path, "--base", base.path)
        #expect(patch.status == 0, "\(patch.errors)")
        let operations = try JSONTree.parse(Array(patch.output.utf8)).elements
        #expect(operations.count == 6)
        #expect(operations.allSatisfy { $0["op"]?.stringValue == "add" && $0["path"]?.stringValue == "/contents/-" })
        #expect(patch.errors.contains("remark: /flow: a value is 1.5, and the base asks for integer"))
        #expect(patch.errors.contains("(24 values)"))
        let patched = try await infer("--capture", capture.path, "--base", base.path, "--apply")
        #expect(Self.names(try JSONTree.parse(Array(patched.output.utf8))) == ["flow", "motor", "count", "mode", "at", "limit", "note"])
        #expect(try await check(patched.output) == 0)
        // What was patched needs nothing more.
        let again = try TemporaryFile(patched.output, suffix: ".json")
        #expect(try await infer("--capture", capture.path, "--base", again.path).output == "[]\n")
    }

    @Test func `a device template of IoT Central is patched by its rules`() async throws {
        let capture = try TemporaryFile(Self.capture)
        let base = try TemporaryFile(
            """
            {"@id":"\(CaptureText.templateID)","@type":["ModelDefinition","DeviceModel"],"displayName":"Pump","capabilityModel":\
            {"@id":"urn:app:pump:1","@type":"Interface","contents":[{"@type":"Command","name":"reset","durable":true}]}}
            """, suffix: ".json")
        let patched = try await infer("--capture", capture.path, "--base", base.path, "--apply")
        #expect(patched.status == 0, "\(patched.errors)")
        #expect(
            Self.names(try JSONTree.parse(Array(patched.output.utf8))["capabilityModel"]) == [
                "reset", "motor", "flow", "count", "mode", "at", "limit", "note",
            ])
        #expect(try await check(patched.output, profile: "iotcentral") == 0)
    }

    @Test func `records of another template are passed over`() async throws {
        let capture = try TemporaryFile(Self.capture)
        let base = try TemporaryFile(CaptureText.template.replacingOccurrences(of: "Pump", with: "Valve"), suffix: ".json")
        let outcome = try await infer("--capture", capture.path, "--base", base.path)
        #expect(outcome.status == 0)
        #expect(try JSONTree.parse(Array(outcome.output.utf8)).elements.isEmpty)
        #expect(outcome.errors.contains("27 records name the template \(CaptureText.templateID)"))
    }

    @Test func `what cannot be read or asked is 2, and nothing to infer from is 3`() async throws {
        let capture = try TemporaryFile(Self.capture)
        let empty = try TemporaryFile()
        let broken = try TemporaryFile("{")
        #expect(try await infer().status == 2)
        #expect(try await infer("--capture", "/nowhere.jsonl").status == 2)
        #expect(try await infer("--capture", broken.path).errors.contains("\(broken.path):1: "))
        #expect(try await infer("--capture", empty.path).status == 3)
        #expect(try await infer("--capture", capture.path, "--device", "nobody").status == 3)
        #expect(try await infer("--capture", capture.path, "--id", "urn:x").status == 2)
        #expect(try await infer("--capture", capture.path, "--dtdl", "5").status == 2)
        #expect(try await infer("--capture", capture.path, "--apply").status == 2)
        #expect(try await infer("--capture", capture.path, "--base", broken.path).status == 2)
        #expect(try await infer("--capture", capture.path, "--output", "/nowhere/model.json").status == 2)
        let invalid = try TemporaryFile(CaptureText.template.replacingOccurrences(of: "double", with: "doubel"), suffix: ".json")
        #expect(try await infer("--capture", capture.path, "--base", invalid.path).errors.contains("A base has to be valid"))
    }
}

/// `template infer` on the log.
@Suite(.database) struct TemplateInferFromLogTests {
    private func run(_ arguments: String...) async throws -> Program.Outcome {
        try await Program.run(arguments, environment: TestDatabase.environment)
    }

    @Test func `a device in the log gives the same model as its capture, and tenants are told apart`() async throws {
        let capture = try TemporaryFile(TemplateInferTests.capture)
        #expect(try await run("ingest", "--capture", capture.path).status == 0)
        let offline = try await Program.run(["template", "infer", "--capture", capture.path])
        let logged = try await run("template", "infer", "--device", "pump-1")
        #expect(logged.status == 0, "\(logged.errors)")
        #expect(logged.output == offline.output)
        #expect(logged.errors == offline.errors)
        #expect(try await run("template", "infer", "--device", "nobody").status == 3)

        #expect(try await run("ingest", "--capture", capture.path, "--name", "again", "--capture-tenant", "plant").status == 0)
        let both = try await run("template", "infer", "--device", "pump-1")
        #expect(both.status == 2)
        #expect(both.errors.contains("app, plant"))
        #expect(try await run("template", "infer", "--device", "pump-1", "--tenant", "plant").output == offline.output)
    }
}
