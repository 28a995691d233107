import Diagnostics
import JSON
import Postgres
import TestSupport
import Testing
import Threading

/// The past of a device, out of the log.
@Suite(.database) struct DevicePastTests {
    @Test func `unblocking returns a device to what it was, and each moment can be asked for`() async throws {
        var capture = FleetCapture(at: Fleet.hourAgo)
        capture.add("device.registered", "pump-1")
        let provisioned = capture.add("device.provisioned", "pump-1")
        let blocked = capture.add("device.disabled", "pump-1")
        let enabled = capture.add("device.enabled", "pump-1")
        let deleted = capture.add("device.deleted", "pump-1")
        capture.add("device.registered", "pump-1")
        try await Fleet.fill(capture)

        let entries = try Fleet.objects(try await Fleet.run("device", "history", "pump-1", "--format", "json"))
        #expect(
            entries.map { "\($0["change"]?.stringValue ?? "") \($0["registration"]?.stringValue ?? "")" } == [
                "first_seen registered", "registration registered", "provisioning provisioned", "access blocked",
                "approval provisioned", "access provisioned",
                "registration deleted", "registration registered",
            ])
        for (time, label) in [(provisioned, "provisioned"), (blocked, "blocked"), (enabled, "provisioned"), (deleted, "deleted")] {
            let state = try await asOf(time)
            #expect(state["registration"]?.stringValue == label, "\(time.rfc3339)")
        }
        #expect(try await asOf(blocked)["blocked"]?["evidence"]?.stringValue == "1:3")
        #expect(try await asOf(provisioned)["blocked"]?.isNull == true)
    }

    @Test func `the state as of now is what the view says, and before the first event there is none`() async throws {
        let capture = FleetCapture.fleet(at: Fleet.hourAgo)
        try await Fleet.fill(capture)
        for device in ["pump-1", "pump-2", "pump-3", "Valve-1"] {
            let now = try await asOf(capture.time, device)
            let view = try #require(try Fleet.objects(try await Fleet.run("device", "show", device, "--format", "json")).first)
            for member in ["registration", "connection", "last_seen", "last_telemetry"] {
                #expect(now[member] == view[member], "\(device) \(member)")
            }
        }
        let before = try await Fleet.run("device", "as-of", "2h", "pump-1")
        #expect(before.status == 0)
        #expect(before.output.hasSuffix("not seen yet\n"))
        let none = try await asOf(Timestamp(microseconds: Fleet.hourAgo.microseconds - 3_600_000_000))
        #expect(none["registration"]?.isNull == true && none["messages"]?.integerValue == 0)
    }

    @Test func `what operators decided stands in the history`() async throws {
        try await Fleet.fill(FleetCapture.fleet(at: Fleet.hourAgo))
        #expect(try await Fleet.run("template", "assign", FleetCapture.templateID, "--devices", "pump-*").status == 0)
        let entries = try Fleet.objects(try await Fleet.run("device", "history", "pump-1", "--format", "json"))
        let assigned = try #require(entries.last)
        #expect(assigned["change"]?.stringValue == "assigned")
        #expect(assigned["value"]?.stringValue == FleetCapture.templateID)
        #expect(assigned["actor"]?.stringValue?.isEmpty == false)
        #expect(try await Fleet.run("device", "history", "Valve-1").output.contains("assigned") == false)
        #expect(try await Fleet.run("device", "history", "pump-1", "--last", "1").lines.count == 2)
        #expect(try await Fleet.run("device", "history", "pump-1", "--since", "1ms").output == "Nothing changed in that time.\n")
    }

    @Test func `a past that retention has taken part of cannot be told`() async throws {
        let capture = FleetCapture.fleet(at: Fleet.hourAgo)
        try await Fleet.fill(capture)
        var connection = try TestDatabase.connect()
        let day = Timestamp(microseconds: WallClock.microseconds()).day
        try connection.execute(script: "SELECT hindcast.drop_segment(\(day)::smallint)")
        let asOf = try await Fleet.run("device", "as-of", capture.time.rfc3339, "pump-1")
        #expect(asOf.status == 3)
        #expect(asOf.output.isEmpty)
        #expect(asOf.errors.split(separator: "\n").count == 1)
        #expect(asOf.errors.contains("Retention has taken part of the history of device \"pump-1\""))
        #expect(try await Fleet.run("device", "history", "pump-1").status == 3)
        #expect(try await Fleet.run("device", "as-of", "3h", "pump-1").status == 0)
    }

    private func asOf(_ time: Timestamp, _ device: String = "pump-1") async throws -> JSONTree {
        let outcome = try await Fleet.run("device", "as-of", time.rfc3339, device, "--format", "json")
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try #require(try Fleet.objects(outcome).first)
    }
}
