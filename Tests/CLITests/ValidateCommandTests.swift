import Foundation
import JSON
import Testing

/// `hindcast validate` and `hindcast rules`, run as their users run them: with no database and no broker.
struct ValidateCommandTests {
    private static let valve = """
        {"@context":"dtmi:dtdl:context;2","@id":"dtmi:hindcast:test:Valve;1","@type":"Interface",\
        "contents":[{"@type":"Telemetry","name":"open","schema":"boolean"}]}
        """

    private func validate(_ arguments: String...) async throws -> Program.Outcome { try await Program.run(["validate"] + arguments) }

    private func objects(_ outcome: Program.Outcome) throws -> [JSONTree] { try outcome.lines.map { try JSONTree.parse(Array($0.utf8)) } }

    @Test func `a capture's findings come one a line with their record's line and offset`() async throws {
        let template = try TemporaryFile(CaptureText.template)
        let capture = try TemporaryFile("\n" + CaptureText.faults)
        let outcome = try await validate("--template", template.path, "--capture", capture.path, "--format", "json")
        #expect(outcome.status == 1, "\(outcome.errors)")
        let findings = try objects(outcome)
        #expect(findings.map { $0["rule"]?.stringValue } == ["schema-mismatch", "schema-mismatch", "capability-case"])
        #expect(findings.map { $0["line"]?.integerValue } == [3, 4, 5])
        #expect(findings.map { $0["offset"]?.integerValue } == [1, 2, 3])
        let first = try #require(findings.first)
        #expect(first["severity"]?.stringValue == "error")
        #expect(first["path"]?.stringValue == "/flow")
        #expect(first["device_id"]?.stringValue == "pump-1")
        #expect(first["template_id"]?.stringValue == CaptureText.templateID)
        #expect(first["byte_offset"]?.integerValue ?? 0 > 0)
        #expect(["module", "component", "expected", "actual", "message"].allSatisfy { first[$0]?.stringValue != nil })
        #expect(findings[2]["suggestion"]?.stringValue == "flow")
        #expect(first["suggestion"]?.kind == .null)
    }

    @Test func `a plain file is one payload, with an envelope or without`() async throws {
        let template = try TemporaryFile(CaptureText.template)
        let good = try TemporaryFile(#"{"flow":1.5}"#)
        let clean = try await validate("--template", template.path, good.path)
        #expect(clean.status == 0, "\(clean.output)\(clean.errors)")
        #expect(clean.output.isEmpty)

        let wrong = try TemporaryFile(#"{"flow":true}"#, suffix: ".json")
        let outcome = try await validate("--template", template.path, wrong.path, "--device", "pump-7", "--format", "json")
        let finding = try #require(try objects(outcome).first)
        #expect(outcome.status == 1)
        #expect(finding["rule"]?.stringValue == "schema-mismatch")
        #expect(finding["device_id"]?.stringValue == "pump-7")
        #expect(finding["byte_offset"]?.integerValue == 8)

        let wrapped = """
            {"applicationId":"a","messageSource":"telemetry","schema":"default@v1","deviceId":"d","templateId":"\(CaptureText.templateID)","telemetry":{"flow":""}}
            """
        let export = try TemporaryFile(wrapped)
        let exported = try await validate("--template", template.path, export.path, "--format", "json")
        #expect(try objects(exported).first?["device_id"]?.stringValue == "d")

        let brace = try TemporaryFile("{")
        let broken = try await validate("--template", template.path, brace.path, "--format", "json")
        #expect(try objects(broken).map { $0["rule"]?.stringValue } == ["json-invalid"])
    }

    @Test func `severity and rules leave out, and what is left out does not count`() async throws {
        let template = try TemporaryFile(CaptureText.template)
        let file = try TemporaryFile(#"{"flow":1.5,"pressure":2}"#)
        let all = try await validate("--template", template.path, file.path)
        #expect(all.status == 0)
        #expect(all.lines.count == 1 && all.output.contains("capability-undefined"), "\(all.output)")
        #expect(try await validate("--template", template.path, file.path, "--min-severity", "warning").status == 1)
        #expect(try await validate("--template", template.path, file.path, "--min-severity", "error").output.isEmpty)

        let capture = try TemporaryFile(CaptureText.faults)
        let off = try await validate(
            "--template", template.path, "--capture", capture.path, "--rules-off", "schema-mismatch,capability-case", "--digest")
        #expect(off.status == 0)
        #expect(off.output.isEmpty)
        let on = try await validate("--template", template.path, "--capture", capture.path, "--digest")
        let digests = [off, on].map { $0.errors.split(separator: "\n").filter { $0.hasPrefix("digest 3 ") } }
        #expect(digests[0] == digests[1])
        #expect(digests[0].count == 1)

        let unknown = try await validate("--template", template.path, file.path, "--rules-off", "schema-mismatched")
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains("did you mean \"schema-mismatch\"?"))
    }

    @Test func `a map chooses among several templates for devices whose messages name none`() async throws {
        let templates = try [TemporaryFile(CaptureText.template), TemporaryFile(Self.valve)]
        let map = try TemporaryFile("device_id,template_id\r\nvalve-1,dtmi:hindcast:test:Valve;1\r\n\"pump-*\",\(CaptureText.templateID)\r\n")
        let file = try TemporaryFile(#"{"open":1}"#)
        let arguments = ["--template", templates[0].path, "--template", templates[1].path, "--format", "json", file.path]
        func rules(_ more: String...) async throws -> [String?] {
            try objects(try await Program.run(["validate"] + arguments + more)).map { $0["rule"]?.stringValue }
        }
        #expect(try await rules() == ["template-unassigned"])
        #expect(try await rules("--device-template", map.path, "--device", "valve-1") == ["schema-mismatch"])
        #expect(try await rules("--device-template", map.path, "--device", "pump-3") == ["capability-undefined"])

        let unknown = try TemporaryFile("valve-1,dtmi:nobody;1")
        let outcome = try await Program.run(["validate"] + arguments + ["--device-template", unknown.path])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("\(unknown.path):1:"))
    }

    @Test func `of the rows of a map the last one that names a device wins, be it an id or a pattern`() async throws {
        let templates = try [TemporaryFile(CaptureText.template), TemporaryFile(Self.valve)]
        let valve = "dtmi:hindcast:test:Valve;1"
        let pump = CaptureText.templateID
        let long = String(repeating: "d", count: 300)
        let map = try TemporaryFile(
            """
            a,\(valve)
            a,\(pump)
            b,\(pump)
            "b*",\(valve)
            c*,\(pump)
            c,\(valve)
            "x""y, z",\(valve)
            \(long),\(valve)
            """)
        let file = try TemporaryFile(#"{"open":1}"#)
        // The valve's template knows the name and refuses the value; the pump's does not know the name.
        for (device, rule) in [
            ("a", "capability-undefined"), ("b", "schema-mismatch"), ("bb", "schema-mismatch"), ("c", "schema-mismatch"),
            ("cc", "capability-undefined"),
            ("x\"y, z", "schema-mismatch"), (long, "schema-mismatch"), ("d", "template-unassigned"),
        ] {
            let outcome = try await validate(
                "--template", templates[0].path, "--template", templates[1].path, "--format", "json", "--device-template", map.path, "--device",
                device,
                file.path)
            #expect(try objects(outcome).map { $0["rule"]?.stringValue } == [rule], "\(device)")
        }
    }

    @Test func `an output that is one of the inputs is refused before anything is lost`() async throws {
        let template = try TemporaryFile(CaptureText.template)
        let capture = try TemporaryFile(CaptureText.faults)
        let map = try TemporaryFile("a,\(CaptureText.templateID)\n")
        let before = [template, capture, map].map(\.content)
        let name = capture.path.split(separator: "/").last.map(String.init) ?? ""
        let dotted = capture.path.dropLast(name.count) + "./" + name
        for output in [template.path, capture.path, map.path, String(dotted)] {
            let outcome = try await validate(
                "--template", template.path, "--capture", capture.path, "--device-template", map.path, "--output", output)
            #expect(outcome.status == 2, "\(output)")
            #expect(outcome.errors.contains("would be lost"))
        }
        let inferred = try await Program.run(["template", "infer", "--capture", capture.path, "--output", capture.path])
        #expect(inferred.status == 2)
        #expect([template, capture, map].map(\.content) == before)
    }

    @Test func `messages without their records are no capture`() async throws {
        let template = try TemporaryFile(CaptureText.template)
        let messages = try TemporaryFile(#"{"flow":true}"# + "\n")
        let outcome = try await validate("--template", template.path, "--capture", messages.path)
        #expect(outcome.status == 2, "they must not pass for records without a value")
        #expect(outcome.errors.contains("\(messages.path):1:"))
    }

    @Test func `what cannot be printed is 2`() async throws {
        let template = try TemporaryFile(CaptureText.template)
        let file = try TemporaryFile(#"{"flow":true}"#)
        let outcome = try await validate("--template", template.path, file.path, "--output", "/dev/full")
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("/dev/full"))
    }

    @Test func `what is no input is 2 and is named`() async throws {
        let template = try TemporaryFile(CaptureText.template)
        let file = try TemporaryFile("{}")
        let capture = try TemporaryFile(CaptureText.faults + "[]\n")
        let outcome = try await validate("--template", template.path, "--capture", capture.path)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("\(capture.path):5:"))
        for arguments in [
            [file.path], ["--template", template.path], ["--template", file.path, file.path], ["--template", "/nowhere", file.path],
            ["--template", template.path, "/nowhere"], ["--template", template.path, "--capture", "/nowhere"],
            ["--template", template.path, "--capture", capture.path, file.path],
            ["--template", template.path, "--template", template.path, file.path],
            ["--template", template.path, file.path, "--format", "xml"], ["--template", template.path, file.path, "--envelope", "mqtt"],
            ["--template", template.path, file.path, "--output", "/nowhere/x"], ["--template", template.path, file.path, "--models", "/nowhere"],
            ["--template", template.path, file.path, "--models", ""],
            ["--template", template.path, file.path, "--device-template", try TemporaryFile("\"pump,\(CaptureText.templateID)\n").path],
        ] {
            #expect(try await Program.run(["validate"] + arguments).status == 2, "\(arguments)")
        }
    }

    @Test func `CSV has a header, and a file gets what standard output would`() async throws {
        let template = try TemporaryFile(CaptureText.template)
        let capture = try TemporaryFile(CaptureText.faults)
        let output = try TemporaryFile()
        let arguments = ["--template", template.path, "--capture", capture.path, "--format", "csv"]
        let printed = try await Program.run(["validate"] + arguments)
        #expect(printed.output.split(separator: "\r\n").count == 4)
        #expect(printed.output.hasPrefix("file,line,offset,rule,severity,path,byte_offset,device_id,"))
        let written = try await Program.run(["validate"] + arguments + ["--output", output.path])
        #expect(written.status == 1)
        #expect(written.output.isEmpty)
        #expect(output.content == printed.output)
    }

    @Test func `SARIF names the rule, the place and a fingerprint of every finding`() async throws {
        let template = try TemporaryFile(CaptureText.template)
        let capture = try TemporaryFile(CaptureText.faults)
        let outcome = try await validate("--template", template.path, "--capture", capture.path, "--format", "sarif")
        let run = try #require(try JSONTree.parse(Array(outcome.output.utf8))["runs"]?.elements.first)
        let rules = run["tool"]?["driver"]?["rules"]?.elements ?? []
        let results = run["results"]?.elements ?? []
        #expect(results.count == 3)
        for result in results {
            let index = try #require(result["ruleIndex"]?.integerValue)
            #expect(rules[Int(index)]["id"]?.stringValue == result["ruleId"]?.stringValue)
        }
        // What the schema of SARIF 2.1.0 asks for, and what it bounds.
        let log = try JSONTree.parse(Array(outcome.output.utf8))
        #expect(log["version"]?.stringValue == "2.1.0")
        #expect(log["$schema"]?.stringValue?.hasSuffix("/sarif-schema-2.1.0.json") == true)
        #expect(run["tool"]?["driver"]?["name"]?.stringValue == "hindcast")
        #expect(rules.allSatisfy { $0["id"]?.stringValue?.isEmpty == false && $0["shortDescription"]?["text"]?.stringValue?.isEmpty == false })
        #expect(Set(rules.compactMap { $0["id"]?.stringValue }).count == rules.count, "uniqueItems")
        #expect(results.allSatisfy { $0["message"]?["text"]?.stringValue?.isEmpty == false })
        #expect(results.allSatisfy { ["none", "note", "warning", "error"].contains($0["level"]?.stringValue) })
        #expect(run["invocations"]?.elements.allSatisfy { $0["executionSuccessful"]?.boolValue != nil } == true)
        let place = results[0]["locations"]?.elements.first?["physicalLocation"]
        #expect(place?["artifactLocation"]?["uri"]?.stringValue == "file://\(capture.path)")
        #expect(place?["region"]?["startLine"]?.integerValue == 2)
        #expect(run["invocations"]?.elements.first?["executionSuccessful"]?.boolValue == true)
        let marks = results.map { $0["partialFingerprints"]?["hindcastFinding/v1"]?.stringValue }
        #expect(marks[0] == marks[1])
        #expect(marks[0] != marks[2])

        let file = try TemporaryFile(#"{"flow":true}"#)
        let plain = try JSONTree.parse(Array(try await validate("--template", template.path, file.path, "--format", "sarif").output.utf8))
        let region = plain["runs"]?.elements.first?["results"]?.elements.first?["locations"]?.elements.first?["physicalLocation"]?["region"]
        #expect(region?["byteOffset"]?.integerValue == 8)
    }

    @Test func `a template finds what it extends with --models`() async throws {
        let base = try TemporaryDirectory()
        let model = CaptureText.template.replacing("test:Pump;1", with: "test:Base;1")
        try model.write(toFile: "\(base.path)/base.json", atomically: true, encoding: .utf8)
        let template = try TemporaryFile(
            #"{"@context":"dtmi:dtdl:context;2","@id":"dtmi:hindcast:test:Own;1","@type":"Interface","extends":"dtmi:hindcast:test:Base;1"}"#)
        let file = try TemporaryFile(#"{"flow":true}"#)
        let without = try await validate("--template", template.path, file.path)
        #expect(without.errors.contains("dtmi:hindcast:test:Base;1"))
        let outcome = try await validate("--template", template.path, file.path, "--models", base.path)
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("schema-mismatch"))
    }

    @Test func `rules are printed, one with everything that is known of it`() async throws {
        let all = try await Program.run(["rules"])
        #expect(all.status == 0)
        #expect(all.lines.contains { $0.hasPrefix("schema-mismatch ") })
        let one = try await Program.run(["rules", "schema-mismatch"])
        #expect(one.lines.first == "schema-mismatch (error)")
        #expect(one.output.contains("What to do: "))
        let json = try objects(try await Program.run(["rules", "--format", "json"]))
        #expect(json.count == all.lines.count - 1)
        let members = ["id", "severity", "meaning", "action", "example", "source"]
        #expect(json.allSatisfy { rule in members.allSatisfy { rule[$0]?.stringValue?.isEmpty == false } })
        let unknown = try await Program.run(["rules", "schema-mismatc"])
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains("did you mean \"schema-mismatch\"?"))
    }
}
