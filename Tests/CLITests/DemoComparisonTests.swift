import Diagnostics
import JSON
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
        let differences = DemoComparison(plan: Self.plan, view: DemoView(asPlanned: Self.plan, health: "none of them", finding: { _ in 1 }))
            .differences()
        #expect(differences.contains { $0.contains("health of unit-0001") })
        #expect(differences.contains { $0.contains("validation_findings") })
        let fewer = DemoComparison(plan: Self.plan, view: DemoView(asPlanned: Self.plan, lost: 1)).differences()
        #expect(fewer.count { $0.contains("messages_24h of ") } == Self.plan.devices.count { $0.trouble != .deleted })
        #expect(fewer.contains { $0.contains("messages_24h in fleet_summary") })
    }

    @Test func `a gap of another cause, extent, size or state is named, and so is one too many and a missing one`() throws {
        func differences(_ change: (ExportGapRow) -> [ExportGapRow]) -> [String] {
            let view = DemoView(asPlanned: Self.plan)
            return DemoGapComparison(planned: Self.plan.gaps, rows: view.gaps.flatMap(change), isGivenBack: true).differences()
        }
        let gaps = Self.plan.gaps.count
        #expect(gaps >= 3)
        #expect(differences { [$0] } == [])
        #expect(differences { _ in [] }.count == gaps)
        #expect(differences { [$0, $0] }.count { $0.contains("that the plan has not") } == gaps)
        for (word, change) in [
            ("cause", { $0.cause = "removed" }), ("end", { $0.end = $0.start }), ("events", { $0.events = ($0.events ?? 0) + 1 }),
            ("devices", { $0.devices = ($0.devices ?? 0) + 1 }), ("backfilled_events", { $0.backfilled += 1 }), ("state", { $0.state = "accepted" }),
        ] as [(String, (inout ExportGapRow) -> Void)] {
            let found = differences { row in
                var row = row
                change(&row)
                return [row]
            }
            #expect(found.count == gaps && found.allSatisfy { $0.contains("\(word) ") }, "\(found)")
        }
        // Before anything was given back, what is going to be is a gap like any other.
        let early = DemoGapComparison(planned: Self.plan.gaps, rows: DemoView(asPlanned: Self.plan).gaps, isGivenBack: false).differences()
        #expect(early.count == 2 && early.contains { $0.hasPrefix("state of the gap of telemetry-archive") })
    }
}

extension DemoView {
    /// What the views would say if everything went as planned, with changes.
    fileprivate init(
        asPlanned plan: PlanFile, health: String? = nil, lost: Int = 0, finding: (Int) -> Int = { $0 }, causes: ([String]) -> [String] = { $0 }
    ) {
        let time = Timestamp(microseconds: 0)
        let present = plan.devices.filter { $0.trouble != .deleted }
        let rows = plan.devices.flatMap { planned in
            causes(planned.cause.map { [$0] } ?? []).map { CauseRow(planned.id, $0) }
        }
        self.init(
            summary: FleetRow(
                tenant: plan.tenant, asOf: time, devices: Int64(present.count),
                counts: FleetRow.labels.map { label in Int64(present.count { $0.health == label }) },
                messages: Int64(plan.devices.reduce(0) { $0 + $1.messages }), failed: Int64(plan.devices.reduce(0) { $0 + $1.failed }),
                openGaps: Int64(plan.gaps.count { $0.end == nil }), deleted: 0),
            devices: plan.devices.map { DeviceRow($0, health: health ?? $0.health, messages: $0.messages - lost) },
            findings: plan.devices.flatMap { planned in
                planned.findings.map { place, count in
                    FindingRow(
                        tenant: plan.tenant, device: planned.id, templateID: "", templateVersion: nil, module: "", component: place.component,
                        path: place.path, rule: place.rule, severity: "", message: "", count: Int64(finding(count)), firstSeen: time, lastSeen: time,
                        lastSource: 1, lastOffset: 0)
                }
            }, causes: rows,
            fleetCauses: Dictionary(grouping: rows, by: \.cause).map {
                FleetCauseRow(
                    tenant: plan.tenant, cause: $0.key, devices: Int64($0.value.count), messages: 0, firstSeen: time, confidence: "", mitigation: "",
                    asOf: time, meaning: "")
            }, gaps: plan.gaps.map { ExportGapRow($0, tenant: plan.tenant) }, events: Int64(plan.messages + plan.notices))
    }
}

extension ExportGapRow {
    fileprivate init(_ planned: PlannedGap, tenant: String) {
        self.init(
            tenant: tenant, id: "", export: planned.exportID, destination: planned.destinationID, cause: planned.cause, certainty: "",
            start: Timestamp(rfc3339: planned.start.rawBytes) ?? .earliest, end: planned.end.flatMap { Timestamp(rfc3339: $0.rawBytes) },
            devices: planned.devices.map { Int64($0) }, events: planned.events.map { Int64($0) }, bytes: nil, isRecoverable: true, recovery: "",
            recoveryReason: "", deadline: nil, backfilled: planned.isGivenBack ? Int64(planned.events ?? 0) : 0,
            state: planned.isGivenBack ? "filled" : planned.end == nil ? "open" : "closed", meaning: "", evidence: "", acceptedReason: nil)
    }
}

extension DeviceRow {
    fileprivate init(_ planned: PlanFile.Device, health: String, messages: Int) {
        let time = Timestamp(microseconds: 0)
        self.init(
            tenant: "", device: planned.id, templateID: nil, templateVersion: nil, registration: "", connection: "", health: health, reasons: [],
            lastSeen: time, lastTelemetry: nil, expectedInterval: nil, messages: Int64(messages), failed: Int64(planned.failed),
            malformed: Int64(planned.malformed), since: time, score: 0, flaps: 0, repeated: 0, asOf: time, cause: planned.cause)
    }
}

extension CauseRow {
    fileprivate init(_ device: String, _ cause: String) {
        self.init(
            tenant: "", device: device, cause: cause, confidence: "", since: Timestamp(microseconds: 0), evidenceSource: nil, evidenceOffset: nil,
            mitigation: "", rank: 1, meaning: "", messages: 0)
    }
}
