import Diagnostics
import Simulation
import Testing

@testable import hindcast

/// The comparison at the end of the demo finds what differs.
struct DemoComparisonTests {
    private static let plan = PlanFile(
        FleetPlan(devices: 50, seed: 3, tenant: "test", startedAt: Timestamp(microseconds: 1_790_000_000_000_000)), topic: "t")

    @Test func `views as planned have no differences`() {
        #expect(DemoComparison(plan: Self.plan, view: .init(asPlanned: Self.plan)).differences() == [])
    }

    @Test func `another first cause, a cause too many and a missing one are each named`() {
        let other = DemoView(asPlanned: Self.plan, causes: { ["silent"] + $0 })
        let differences = DemoComparison(plan: Self.plan, view: other).differences()
        let unlike = Self.plan.devices.filter { $0.cause != "silent" }
        #expect(unlike.allSatisfy { device in differences.contains { $0.contains("device_diagnosis of \(device.id) ") } })
        let none = DemoComparison(plan: Self.plan, view: DemoView(asPlanned: Self.plan, causes: { _ in [] })).differences()
        #expect(none.count == Self.plan.devices.count { $0.cause != nil })
    }

    @Test func `a missing message, another health and a lost finding are each named`() throws {
        let view = DemoView(asPlanned: Self.plan) {
            $0.health = "none of them"
        } finding: { _ in
            1
        }
        let differences = DemoComparison(plan: Self.plan, view: view).differences()
        #expect(differences.contains { $0.contains("health of unit-0001") })
        #expect(differences.contains { $0.contains("validation_findings") })
        let fewer = DemoView(asPlanned: Self.plan) { $0.messages -= 1 }
        #expect(DemoComparison(plan: Self.plan, view: fewer).differences().count == Self.plan.devices.count)
    }
}

extension DemoView {
    /// What the views would say if everything went as planned, with changes.
    fileprivate init(
        asPlanned plan: PlanFile, device: (inout SelectDeviceHealth.Row) -> Void = { _ in }, finding: (Int) -> Int = { $0 },
        causes: ([String]) -> [String] = { $0 }
    ) {
        let time = Timestamp(microseconds: 0)
        var byHealth: [String: Int64] = [:]
        let present = plan.devices.filter { $0.trouble != .deleted }
        for planned in present { byHealth[planned.health, default: 0] += 1 }
        let rows = plan.devices.flatMap { planned in
            causes(planned.cause.map { [$0] } ?? []).map {
                SelectDeviceCauses.Row(device: planned.id, cause: $0, meaning: "", evidenceSource: nil, evidenceOffset: nil)
            }
        }
        self.init(
            summary: SelectFleetSummary.Row(
                asOf: time, devices: Int64(present.count), byHealth: byHealth,
                messages: Int64(plan.devices.reduce(0) { $0 + $1.messages }),
                failed: Int64(plan.devices.reduce(0) { $0 + $1.failed })),
            devices: plan.devices.map { planned in
                var row = SelectDeviceHealth.Row(
                    device: planned.id, templateID: nil, templateVersion: nil, registration: "", connection: "", health: planned.health, reasons: [],
                    lastSeen: time, messages: Int64(planned.messages), failed: Int64(planned.failed), malformed: Int64(planned.malformed))
                device(&row)
                return row
            },
            findings: plan.devices.flatMap { planned in
                planned.findings.map { place, count in
                    FindingRow(
                        tenant: plan.tenant, device: planned.id, templateID: "", templateVersion: nil, module: "", component: place.component,
                        path: place.path, rule: place.rule, severity: "", message: "", count: Int64(finding(count)), firstSeen: time, lastSeen: time,
                        lastSource: 1, lastOffset: 0)
                }
            }, causes: rows,
            fleetCauses: Dictionary(grouping: rows, by: \.cause).map {
                SelectFleetCauses.Row(cause: $0.key, devices: Int64($0.value.count), messages: 0, meaning: "")
            }, events: Int64(plan.messages))
    }
}
