import Diagnostics
import Simulation
import Testing

struct FleetPlanTests {
    static let noon = Timestamp(microseconds: 1_790_000_000_123_456)

    static func plan(_ count: Int = 60, seed: UInt64 = 7) -> FleetPlan {
        FleetPlan(devices: count, seed: seed, tenant: "test", startedAt: noon)
    }

    @Test func `the same seed plans the same fleet and the same bytes`() {
        let first = Self.plan()
        let second = Self.plan()
        #expect(first == second)
        #expect(FleetHistory(first).map(\.value) == FleetHistory(second).map(\.value))
        #expect(PlanFile(first, topic: "t").bytes() == PlanFile(second, topic: "t").bytes())
    }

    @Test func `another seed plans another fleet`() {
        let first = Self.plan(seed: 7)
        let second = Self.plan(seed: 8)
        #expect(first.devices.map(\.trouble) != second.devices.map(\.trouble))
        #expect(FleetHistory(first).map(\.value) != FleetHistory(second).map(\.value))
    }

    @Test(arguments: [Trouble.allCases.count, Trouble.allCases.count + 1, 500]) func `every trouble is there`(count: Int) {
        let plan = Self.plan(count)
        #expect(plan.devices.count == count)
        #expect(Set(plan.devices.map(\.trouble)) == Set(Trouble.allCases))
        #expect(Set(plan.devices.map(\.id)).count == count)
    }

    @Test func `about half of a large fleet is healthy`() {
        let healthy = Self.plan(2000).devices.count { $0.trouble == .healthy }
        #expect((850...1150).contains(healthy))
    }

    @Test func `at least twenty kinds of trouble are planted, and together they have nearly every cause`() {
        let troubles = Trouble.allCases.filter { $0.profile.cause != nil }
        #expect(troubles.count >= 20)
        #expect(Set(troubles.compactMap(\.profile.cause)).count >= 25)
    }

    @Test func `a device's messages come in the order of their times, and end when the plan says`() {
        var last: [String: Timestamp] = [:]
        for message in FleetHistory(Self.plan()) where message.kind.isAboutDevice {
            if let before = last[message.device.id], message.device.trouble != .rewound { #expect(before < message.time) }
            last[message.device.id] = message.time
            #expect(message.time <= Self.noon)
        }
        for device in Self.plan().devices {
            let age = Self.noon.microseconds - (last[device.id]?.microseconds ?? 0)
            #expect(device.trouble.profile.goesOn ? (0..<31_000_000).contains(age) : age >= 0, "\(device.id)")
        }
    }

    @Test func `devices whose telemetry ended are quiet for two hours`() {
        var last: [String: Timestamp] = [:]
        for message in FleetHistory(Self.plan()) where message.kind == .telemetry { last[message.device.id] = message.time }
        for device in Self.plan().devices where !device.trouble.profile.goesOn {
            if let time = last[device.id] { #expect(Self.noon.microseconds - time.microseconds >= 7_200_000_000, "\(device.id)") }
        }
    }

    @Test func `the plan file counts what the history sends`() {
        let plan = Self.plan()
        var sent: [String: [MessageKind: Int]] = [:]
        for message in FleetHistory(plan) { sent[message.device.id, default: [:]][message.kind, default: 0] += 1 }
        let file = PlanFile(plan, topic: "t")
        #expect(file.devices.count == plan.devices.count)
        for device in file.devices { #expect(device.sends == sent[device.id], "\(device.id)") }
        #expect(file.messages == sent.values.reduce(0) { $0 + $1.values.reduce(0, +) })
    }

    @Test func `a fleet of more devices than are held at one time sends each one's messages once`() {
        let plan = Self.plan(2100)
        var sent: [Int] = Array(repeating: 0, count: 2100)
        for message in FleetHistory(plan) { sent[message.device.index] += 1 }
        #expect(sent == PlanFile(plan, topic: "t").devices.map { $0.sends.values.reduce(0, +) })
    }

    @Test func `a plan file is read as it was written`() throws {
        let file = PlanFile(Self.plan(), topic: "telemetry")
        #expect(try PlanFile(bytes: file.bytes()) == file)
    }

    @Test(arguments: ["", "{}", "[]", #"{"format":"other"}"#]) func `what is no plan file is refused in a sentence`(text: String) {
        do throws(PlanFileError) {
            _ = try PlanFile(bytes: Array(text.utf8))
            Issue.record("It was read")
        } catch {
            #expect(error.description.hasSuffix("."))
        }
    }

    @Test func `after its history the fleet goes on, without those that have ended`() {
        let plan = Self.plan(60)
        let active = plan.devices.filter(\.trouble.profile.goesOn).map(\.id)
        #expect(active.count < plan.devices.count)
        var stream = FleetStream(plan)
        let messages = (0..<active.count * 2).compactMap { _ in stream.next(now: Self.noon) }
        #expect(messages.map(\.device.id) == active + active)
        #expect(messages.allSatisfy { $0.time == Self.noon })
    }
}
