import Foundation
import JSON
import Testing

/// The commands on files of templates, which need no database.
struct TemplateFileTests {
    private static func interface(_ name: String, _ members: String, version: Int = 2) -> String {
        #"{"@context":"dtmi:dtdl:context;\#(version)","@id":"dtmi:hindcast:test:\#(name);1","@type":"Interface"\#(members)}"#
    }

    private static func telemetry(_ name: String, _ schema: String) -> String {
        #"{"@type":"Telemetry","name":"\#(name)","schema":"\#(schema)"}"#
    }

    private static let valid = interface("Valid", #","contents":[\#(telemetry("flow", "double"))]"#)
    private static let invalid = interface("Invalid", ",\n\"contents\":[\(telemetry("_flow", "double")),\n\(telemetry("level", "doubel"))]")
    private static let extending = interface("Extending", #","extends":"dtmi:hindcast:test:Base;1""#)
    /// As IoT Central writes one: an id of its own kind, a term of its own.
    private static let central = """
        {"@id":"urn:app:pump:1","@type":["ModelDefinition","DeviceModel"],"displayName":"Pump","capabilityModel":{"@id":"urn:app:pump:model:1",\
        "@context":["dtmi:iotcentral:context;2","dtmi:dtdl:context;2"],"@type":"Interface",\
        "contents":[{"@id":"urn:app:pump:reset:1","@type":"Command","name":"reset","durable":true}]}}
        """

    private func folder(_ files: [String: String]) throws -> TemporaryDirectory {
        let folder = try TemporaryDirectory()
        for (name, content) in files {
            let url = URL(filePath: folder.path).appending(path: name)
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(content.utf8).write(to: url)
        }
        return folder
    }

    private func check(_ arguments: String...) async throws -> Program.Outcome { try await Program.run(["template", "check"] + arguments) }

    private func diff(_ arguments: String...) async throws -> Program.Outcome { try await Program.run(["template", "diff"] + arguments) }

    @Test func `valid models are 0, and nothing is said of them`() async throws {
        let folder = try folder(["a.json": Self.valid, "deep/b.json": Self.interface("Other", "", version: 3)])
        let outcome = try await check(folder.path)
        #expect(outcome.status == 0, "\(outcome.output)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors == "2 valid, 0 invalid, 0 unresolved\n")
    }

    @Test func `an invalid model is 1, with file, line, id, element, cause and action of each error`() async throws {
        let folder = try folder(["bad.json": Self.invalid, "good.json": Self.valid])
        let outcome = try await check(folder.path)
        #expect(outcome.status == 1)
        #expect(outcome.lines.count >= 2)
        #expect(outcome.lines.allSatisfy { $0.hasPrefix("\(folder.path)/bad.json:") && $0.contains("; ") })
        #expect(outcome.lines.contains { $0.hasPrefix("\(folder.path)/bad.json:2: stringInvalid: dtmi:hindcast:test:Invalid:") }, "\(outcome.output)")
        #expect(outcome.lines.contains { $0.hasPrefix("\(folder.path)/bad.json:3: badDtmiOrTerm: dtmi:hindcast:test:Invalid:") }, "\(outcome.output)")
        #expect(outcome.errors == "1 valid, 1 invalid, 0 unresolved\n")
    }

    @Test func `JSON is one object a line`() async throws {
        let folder = try folder(["bad.json": Self.invalid])
        let outcome = try await check(folder.path, "--format", "json")
        #expect(outcome.status == 1)
        let objects = try outcome.lines.map { try JSONTree.parse(Array($0.utf8)) }
        let error = try #require(objects.first { $0["id"]?.stringValue == "stringInvalid" })
        #expect(error["file"]?.stringValue == "\(folder.path)/bad.json")
        #expect(error["line"]?.integerValue == 2)
        #expect(error["severity"]?.stringValue == "error")
        #expect(error["property"]?.stringValue == "name")
        #expect(error["value"]?.stringValue == "_flow")
        #expect(["element", "cause", "action"].allSatisfy { error[$0]?.stringValue?.isEmpty == false })
    }

    @Test func `a missing model is 3, and is found with --models or beside the file`() async throws {
        let own = try folder(["own.json": Self.extending])
        let missing = try await check("\(own.path)/own.json")
        #expect(missing.status == 3)
        #expect(missing.output.hasPrefix("\(own.path)/own.json: unresolved: dtmi:hindcast:test:Base;1: "))
        let object = try JSONTree.parse(Array(try await check(own.path, "--format", "json").output.utf8))
        #expect(object["id"]?.stringValue == "unresolved")
        #expect(object["value"]?.stringValue == "dtmi:hindcast:test:Base;1")

        let repository = try folder(["dtmi/hindcast/test/base-1.json": Self.interface("Base", "")])
        #expect(try await check("\(own.path)/own.json", "--models", repository.path).status == 0)
        let other = try folder(["anything.json": Self.interface("Base", "")])
        #expect(try await check("\(own.path)/own.json", "--models", other.path).status == 0)
        #expect(try await check(own.path, "\(other.path)/anything.json").status == 0)
    }

    @Test func `an error in a model that others need is said once, of its own file`() async throws {
        let base = Self.interface("Base", #","contents":[\#(Self.telemetry("_flow", "double"))]"#)
        let folder = try folder(["base.json": base, "own.json": Self.extending])
        let outcome = try await check(folder.path)
        #expect(outcome.status == 1)
        #expect(outcome.lines.count == 1)
        #expect(outcome.output.hasPrefix("\(folder.path)/base.json:1: stringInvalid: "))
        #expect(outcome.errors == "0 valid, 2 invalid, 0 unresolved\n")
    }

    @Test func `a template of IoT Central is valid by its profile, with warnings, and invalid by the specification`() async throws {
        let folder = try folder(["pump.json": Self.central])
        let central = try await check(folder.path, "--profile", "iotcentral")
        #expect(central.status == 0, "\(central.output)")
        #expect(central.lines.contains { $0.hasPrefix("\(folder.path)/pump.json:1: warning: invalidId: ") }, "\(central.output)")
        #expect(try await check(folder.path).status == 1)
    }

    @Test func `what cannot be read is 2, and is named`() async throws {
        let empty = try folder([:])
        for place in ["/nowhere.json", empty.path] {
            let outcome = try await check(place)
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains(place))
        }
        let file = try TemporaryFile(Self.valid, suffix: ".json")
        #expect(try await check(file.path, "--models", "/nowhere").status == 2)
        #expect(try await check(file.path, "--profile", "lenient").status == 2)
        #expect(try await check().status == 2)
        let broken = try TemporaryFile("{", suffix: ".json")
        #expect(try await check(broken.path).output.hasPrefix("\(broken.path):1: invalidJson: "))
        #expect(try await check(broken.path).status == 1)
    }

    @Test func `changes are listed with their effects, and breaking ones can fail`() async throws {
        let both = Self.interface("Pump", #","contents":[\#(Self.telemetry("flow", "integer")),\#(Self.telemetry("level", "double"))]"#)
        let one = Self.interface("Pump", #","contents":[\#(Self.telemetry("flow", "integer"))]"#)
        let (more, less) = (try TemporaryFile(both), try TemporaryFile(one))

        let additive = try await diff(less.path, more.path, "--fail-on", "breaking")
        #expect(additive.status == 0)
        #expect(additive.lines.count == 2)
        #expect(additive.lines[1].hasPrefix("additive  capability-added  level  none"), "\(additive.output)")

        #expect(try await diff(more.path, less.path).status == 0)
        let breaking = try await diff(more.path, less.path, "--fail-on", "breaking", "--format", "json")
        #expect(breaking.status == 1)
        let change = try JSONTree.parse(Array(breaking.output.utf8))
        #expect(change["effect"]?.stringValue == "breaking")
        #expect(change["change"]?.stringValue == "capability-removed")
        #expect(change["capability"]?.stringValue == "level")
        #expect(try await diff(more.path, more.path).output == "No changes.\n")
        #expect(try await diff(more.path, more.path, "--format", "json").output.isEmpty)
    }

    @Test func `what templates refer to is found with --models, and compared`() async throws {
        let models = try folder(["base.json": Self.interface("Base", #","contents":[\#(Self.telemetry("flow", "double"))]"#)])
        let extending = try TemporaryFile(Self.extending)
        let flat = try TemporaryFile(Self.interface("Extending", ""))
        let outcome = try await diff(extending.path, flat.path, "--models", models.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.isEmpty)
        #expect(outcome.output.contains("capability-removed  flow"), "\(outcome.output)")
        #expect(try await diff(extending.path, flat.path).output == "No changes.\n")
        #expect(try await diff(extending.path, flat.path, "--models", "/nowhere").status == 2)
    }

    @Test func `what is no template cannot be compared`() async throws {
        let good = try TemporaryFile(Self.valid)
        let other = try TemporaryFile("[]")
        #expect(try await diff(good.path, "/nowhere.json").status == 2)
        let outcome = try await diff(other.path, good.path)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(other.path))
        #expect(try await diff(good.path, good.path, "--fail-on", "additive").status == 2)
        let extending = try TemporaryFile(Self.extending)
        #expect(try await diff(extending.path, extending.path).errors.contains("dtmi:hindcast:test:Base;1 is referred to"))
    }
}
