import TestSupport
import Testing

@Suite(.database) struct TemplateCommandTests {
    private static let id = "dtmi:hindcast:test:Pump;1"

    private static func model(_ telemetry: String, isSpaced: Bool = false) -> String {
        let space = isSpaced ? "\n   " : ""
        return """
            {"@context":"dtmi:dtdl:context;2",\(space)"@id":"\(id)","@type":"Interface",\(space)"contents":[{"@type":"Telemetry","name":"\(telemetry)","schema":"double"}]}
            """
    }

    private func run(_ arguments: String...) async throws -> Program.Outcome {
        try await Program.run(["template"] + arguments, environment: TestDatabase.environment)
    }

    @Test func `versions are published, listed, activated and shown`() async throws {
        let first = try TemporaryFile(Self.model("flow"))
        let respaced = try TemporaryFile(Self.model("flow", isSpaced: true))
        let second = try TemporaryFile(Self.model("pressure"))

        let published = try await run("publish", first.path)
        #expect(published.status == 0, "\(published.errors)")
        #expect(published.output.hasPrefix("\(Self.id)@1 "))
        #expect(published.output.hasSuffix(" published, in force\n"))
        #expect(try await run("publish", respaced.path).output.hasSuffix(" already there\n"))
        #expect(try await run("publish", second.path).output.contains("@2 "))

        var list = try await run("list").lines
        #expect(list.count == 3)
        #expect(list[1].hasSuffix(" yes") && list[2].hasSuffix(" no"))

        #expect(try await run("activate", "\(Self.id)@2").status == 0)
        list = try await run("list").lines
        #expect(list[1].hasSuffix(" no") && list[2].hasSuffix(" yes"))
        #expect(try await run("activate", "\(Self.id)@2").output.hasSuffix(" was in force already\n"))

        #expect(try await run("show", Self.id).output == Self.model("pressure"))
        #expect(try await run("show", "\(Self.id)@1").output == Self.model("flow"))
    }

    @Test func `a version is named by the beginning of its hash, too`() async throws {
        let file = try TemporaryFile(Self.model("flow"))
        let published = try await run("publish", file.path)
        let hash = String(published.output.split(separator: " ")[1].prefix(8))
        #expect(try await run("show", "\(Self.id)@\(hash)").output == Self.model("flow"))
    }

    @Test func `devices are assigned by patterns, of one tenant or of all`() async throws {
        let file = try TemporaryFile(Self.model("flow"))
        _ = try await run("publish", file.path)
        let assigned = try await run("assign", Self.id, "--devices", "pump-*", "valve-?", "--tenant", "plant")
        #expect(assigned.status == 0, "\(assigned.errors)")
        #expect(assigned.output.contains("pump-*, valve-?"))
    }

    @Test func `what is wrong with a file or a name is 2, with the file or the name`() async throws {
        let broken = try TemporaryFile("{")
        let outcome = try await run("publish", broken.path)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(broken.path))
        #expect(try await run("publish", "/nowhere.json").errors.contains("/nowhere.json"))
        #expect(try await run("activate", "dtmi:no:Such;1@1").status == 2)
        #expect(try await run("activate", Self.id).status == 2)
        #expect(try await run("show", "dtmi:no:Such;1").status == 2)
    }

    @Test func `a file that is no template or cannot be read keeps all the others from being published`() async throws {
        let good = try TemporaryFile(Self.model("flow"))
        let broken = try TemporaryFile("{")
        let other = try TemporaryFile("{}")
        for bad in ["/nowhere.json", broken.path, other.path] {
            let outcome = try await run("publish", good.path, bad)
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains(bad))
            #expect(outcome.output.isEmpty)
        }
        #expect(try await run("list").lines == ["No templates."])
    }
}
