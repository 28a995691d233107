import JSON
import Testing

struct ErrorCodesCommandTests {
    @Test func `codes are printed, one with everything that is known of it`() async throws {
        let all = try await Program.run(["error-codes"])
        #expect(all.status == 0)
        #expect(all.lines.contains { $0.hasPrefix("hub:401003 ") })
        let one = try await Program.run(["error-codes", "DEVICE_BLOCKED"])
        #expect(one.lines.first == "hub:DEVICE_BLOCKED (status 401, DeviceBlocked)")
        #expect(one.output.contains("What to do: Unblock the device."))
        #expect(one.output.contains("Cause:      blocked"))
    }

    @Test func `a number that means two things is said to, and a service in front settles it`() async throws {
        let both = try await Program.run(["error-codes", "401002"])
        #expect(both.lines.first == "\"401002\" is ambiguous, it means 2 things; say which, as in dps:401002.")
        #expect(both.lines.contains { $0.hasPrefix("hub:401002 ") })
        let one = try await Program.run(["error-codes", "hub:401002"])
        #expect(!one.output.contains("ambiguous"))
        let json = try await Program.run(["error-codes", "401002", "--format", "json"]).lines.map { try JSONTree.parse(Array($0.utf8)) }
        #expect(json.map { $0["code"]?.stringValue } == ["dps:401002", "hub:401002"])
        #expect(json.allSatisfy { $0["ambiguous"] == .bool(true) })
    }

    @Test func `a code that nobody knows is 1, with the nearest`() async throws {
        let unknown = try await Program.run(["error-codes", "hub:40100"])
        #expect(unknown.status == 1)
        #expect(unknown.errors.contains("Nothing is known of the error code \"hub:40100\""))
    }
}
