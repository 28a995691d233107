import Diagnostics
import JSON
import Postgres
import TestSupport
import Testing

@testable import hindcast

/// `hindcast device` and `hindcast fleet`, on views that the projections filled.
@Suite(.database) struct DeviceCommandTests {
    private func fill() async throws { try await Fleet.fill(FleetCapture.fleet(at: Fleet.hourAgo)) }

    @Test func `devices are listed with the worst first, and chosen by what is asked`() async throws {
        try await fill()
        let all = try Fleet.objects(try await Fleet.run("device", "list", "--format", "json"))
        #expect(all.count == 8)
        #expect(all.first?["device_id"]?.stringValue == "pump-2")
        #expect(all.map { $0["score"]?.integerValue ?? 0 } == all.map { $0["score"]?.integerValue ?? 0 }.sorted(by: >))
        func names(_ options: String...) async throws -> [String?] {
            try Fleet.objects(try await Fleet.run(["device", "list", "--format", "json"] + options)).map { $0["device_id"]?.stringValue }
        }
        #expect(try await names("--health", "blocked") == ["pump-3"])
        #expect(Set(try await names("--health", "blocked", "--health", "failing")) == ["pump-3", "pump-2", "Valve-2"])
        #expect(Set(try await names("--cause", "wrong-type")) == ["pump-2", "Valve-2"])
        #expect(try await names("--device", "pump-*", "--health", "failing") == ["pump-2"])
        #expect(try await names("--tenant", "other") == ["twin"])
        #expect(try await names("--template", FleetCapture.templateID).contains("pump-2"))
        #expect(try await Fleet.run("device", "list", "--tenant", "other", "--health", "blocked").output == "No devices.\n")
    }

    @Test func `a filter that nothing can match is named, and is no good news`() async throws {
        try await fill()
        let unknown: [(arguments: [String], says: String)] = [
            (["device", "list", "--tenant", "plnat"], #"tenant "plnat"; did you mean "plant"?"#),
            (["device", "list", "--template", "dtmi:nobody;1"], #"template "dtmi:nobody;1""#),
            (["device", "list", "--device", "pmp-1"], #"matches "pmp-1"; did you mean "pump-1"?"#),
            (["device", "diagnose", "--all", "--tenant", "nobody"], #"tenant "nobody""#),
            (["device", "diagnose", "--all", "--device", "nobody-*"], #"matches "nobody-*""#),
            (["fleet", "causes", "--tenant", "nobody"], #"tenant "nobody""#), (["fleet", "summary", "--tenant", "nobody"], #"tenant "nobody""#),
            (["findings", "--tenant", "nobody"], #"tenant "nobody""#),
        ]
        for (arguments, says) in unknown {
            let outcome = try await Fleet.run(arguments)
            #expect(outcome.status == 3 && outcome.output.isEmpty && outcome.errors.contains(says), "\(arguments): \(outcome)")
        }
        let cause = try await Fleet.run("device", "list", "--cause", "no-such-cause")
        #expect(cause.status == 2 && cause.errors.contains("no-such-cause"), "\(cause.errors)")
    }

    @Test func `the causes that can be asked for are those that there are`() throws {
        var connection = try TestDatabase.connect()
        #expect(try connection.query(SelectCauseLabels()) == CauseLabel.allCases.map(\.rawValue))
    }

    @Test func `a list that is cut says so`() async throws {
        try await fill()
        let cut = try await Fleet.run("device", "list", "--limit", "2")
        #expect(cut.lines.count == 3)
        #expect(cut.errors.contains("more than 2"))
        #expect(try await Fleet.run("device", "list", "--limit", "8").errors.isEmpty)
    }

    @Test func `a diagnosis names cause, evidence and what to do, and the evidence opens`() async throws {
        try await fill()
        let outcome = try await Fleet.run("device", "diagnose", "pump-2")
        #expect(outcome.status == 1, "\(outcome.errors)")
        #expect(outcome.output.contains("1. wrong-type (certain) since "))
        #expect(outcome.output.contains("to do"))
        let json = try Fleet.objects(try await Fleet.run("device", "diagnose", "pump-2", "--format", "json"))
        let cause = try #require(json.first?["causes"]?.elements.first)
        #expect(cause["cause"]?.stringValue == "wrong-type")
        #expect(cause["messages"]?.integerValue == 3)
        let position = "\(cause["evidence_source"]?.integerValue ?? 0):\(cause["evidence_offset"]?.integerValue ?? 0)"
        #expect(outcome.output.contains("hindcast explain \(position)"))
        #expect(try await Fleet.run("explain", position).output.contains("schema-mismatch"))
        let blocked = try await Fleet.run("device", "diagnose", "plant/pump-3")
        #expect(blocked.output.contains("1. blocked (certain)"))
    }

    @Test func `a device without trouble has nothing wrong`() async throws {
        var capture = FleetCapture(at: Fleet.hourAgo)
        for type in ["registered", "provisioned", "connected"] { capture.add("device.\(type)", "pump-1") }
        for _ in 0..<56 { capture.telemetry("pump-1", #"{"flow":1}"#) }
        try await Fleet.fill(capture)
        let outcome = try await Fleet.run("device", "diagnose", "pump-1")
        #expect(outcome.status == 0, "\(outcome.output)")
        #expect(outcome.output.hasSuffix("nothing wrong found\n"))
        let all = try await Fleet.run("device", "diagnose", "--all")
        #expect(all.status == 0 && all.output == "nothing wrong found\n")
        #expect(try await Fleet.run("device", "diagnose", "--all", "--format", "json").output.isEmpty)
        #expect(try await Fleet.run("fleet", "causes").output == "nothing wrong found\n")
    }

    @Test func `all diagnoses are one line per device that has a cause`() async throws {
        try await fill()
        let all = try await Fleet.run("device", "diagnose", "--all", "--device", "pump-*", "--format", "json")
        #expect(all.status == 1)
        let devices = try Fleet.objects(all)
        #expect(devices.contains { $0["device_id"]?.stringValue == "pump-2" })
        #expect(devices.allSatisfy { $0["causes"]?.elements.isEmpty == false })
        #expect(Set(devices.compactMap { $0["device_id"]?.stringValue }).count == devices.count)
        let text = try await Fleet.run("device", "diagnose", "--all", "--device", "pump-2")
        #expect(text.lines.count == 1 && text.output.contains("wrong-type (certain, 1:9)"), "\(text.output)")
    }

    @Test func `a device is shown with registration, properties and errors`() async throws {
        try await fill()
        let json = try #require(try Fleet.objects(try await Fleet.run("device", "show", "Valve-1", "--format", "json")).first)
        let limit = json["properties"]?.elements.first { $0["property"]?.stringValue == "limit" }
        #expect(limit?["reported"]?.stringValue == "80")
        #expect(limit?["in_sync"]?.boolValue == true)
        #expect(json["errors"]?.elements.first?["subcode"]?.stringValue == "401002")
        let blocked = try #require(try Fleet.objects(try await Fleet.run("device", "show", "pump-3", "--format", "json")).first)
        #expect(blocked["registration_info"]?["status"]?.stringValue == "blocked")
        #expect(blocked["registration_info"]?["blocked"]?.boolValue == true)
        let text = try await Fleet.run("device", "show", "Valve-1")
        #expect(text.status == 0, "\(text.errors)")
        for word in ["registration", "Properties", "Reported errors", "401002"] { #expect(text.output.contains(word), "\(word)") }
    }

    @Test func `fleet counts add up, and causes name devices and messages`() async throws {
        try await fill()
        let tenants = try Fleet.objects(try await Fleet.run("fleet", "summary", "--format", "json"))
        #expect(tenants.map { $0["tenant"]?.stringValue } == ["other", "plant"])
        for tenant in tenants {
            let labels = ["healthy", "degraded", "failing", "silent", "blocked", "unassigned", "unknown"]
            #expect(labels.reduce(0) { $0 + (tenant[$1]?.integerValue ?? 0) } == tenant["devices"]?.integerValue)
        }
        let plant = try await Fleet.run("fleet", "summary", "--tenant", "plant").lines
        #expect(plant.contains { $0.split(separator: " ") == ["devices", "7"] }, "\(plant)")
        let causes = try Fleet.objects(try await Fleet.run("fleet", "causes", "--tenant", "plant", "--format", "json"))
        let type = causes.first { $0["cause"]?.stringValue == "wrong-type" }
        #expect(type?["devices"]?.integerValue == 2)
        #expect(type?["messages"]?.integerValue == 4)
        #expect(try await Fleet.run("fleet", "causes", "--limit", "1").lines.count == 2)
    }

    // MARK: - Names

    @Test(arguments: ["show", "diagnose", "history"])
    func `a device that nobody has is told with the nearest that there is`(command: String) async throws {
        try await fill()
        let byCase = try await Fleet.run("device", command, "PUMP-1")
        #expect(byCase.status == 1)
        #expect(byCase.errors.contains("Device \"PUMP-1\" is unknown; \"pump-1\" differs only by case."), "\(byCase.errors)")
        #expect(byCase.output.isEmpty)
        #expect(try await Fleet.run("device", command, "pum-1").errors.contains("did you mean \"pump-1\"?"))
        #expect(try await Fleet.run("device", command, "entirely-else").errors.contains("hindcast device list"))
        #expect(try await Fleet.run("device", command, "pump-1", "--tenant", "other").status == 1)
    }

    @Test(arguments: ["show", "diagnose", "history"]) func `a device of several tenants has to be chosen`(command: String) async throws {
        try await fill()
        let several = try await Fleet.run("device", command, "twin")
        #expect(several.status == 2)
        #expect(several.errors.contains("other/twin, plant/twin"))
        for chosen in [["other/twin"], ["twin", "--tenant", "other"]] {
            let outcome = try await Fleet.run(["device", command, "--format", "json"] + chosen)
            #expect(try Fleet.objects(outcome).first?["tenant"]?.stringValue == "other", "\(outcome.errors)")
        }
    }

    @Test func `an id cannot steer the terminal`() async throws {
        try await fill()
        for command in [["show"], ["diagnose"], ["history"], ["as-of", "1s"]] {
            let outcome = try await Fleet.run(["device"] + command + ["bad\u{1B}[31mred"])
            #expect(outcome.output.contains("bad\\u{1b}[31mred") || command == ["history"], "\(outcome.errors)")
            #expect(!outcome.output.contains("\u{1B}") && !outcome.errors.contains("\u{1B}"))
        }
        #expect(try await !Fleet.run("device", "list").output.contains("\u{1B}"))
        #expect(try await !Fleet.run("device", "diagnose", "--all").output.contains("\u{1B}"))
    }

    @Test(arguments: [
        ["list", "--health", "sick"], ["list", "--limit", "0"], ["list", "--format", "yaml"], ["diagnose"], ["diagnose", "x", "--all"],
        ["diagnose", "x", "--device", "y"], ["history", "x", "--since", "soon"], ["history", "x", "--last", "0"], ["as-of", "never", "x"],
        ["as-of", "x"],
        ["show"],
    ]) func `what cannot be meant is refused`(arguments: [String]) async throws {
        let outcome = try await Fleet.run(["device"] + arguments)
        #expect(outcome.status == 2, "\(outcome.errors)")
        #expect(outcome.output.isEmpty && !outcome.errors.isEmpty)
    }
}

private struct SelectCauseLabels: Statement {
    static let sql = "SELECT cause FROM hindcast.cause ORDER BY rank"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}
