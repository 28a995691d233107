import Simulation

/// Holds what the views say against what the plan file says was sent.
struct DemoComparison {
    let plan: PlanFile
    let view: DemoView

    /// Every difference, in a sentence each.
    func differences() -> [String] {
        var all: [String] = []
        compare("events in raw_events", Int(view.events), plan.messages + plan.notices, &all)
        // A device that was deleted is none of the fleet's any more; what it had sent is.
        let present = plan.devices.filter { $0.trouble != .deleted }
        compare("devices in fleet_summary", Int(view.summary.devices), present.count, &all)
        compare("messages_24h in fleet_summary", Int(view.summary.messages), view.devices.reduce(0) { $0 + Int($1.messages) }, &all)
        compare("failed_messages_24h in fleet_summary", Int(view.summary.failed), plan.devices.reduce(0) { $0 + $1.failed }, &all)
        for (label, count) in zip(FleetRow.labels, view.summary.counts) {
            compare("\(label) in fleet_summary", Int(count), present.count { $0.health == label }, &all)
        }
        compareDevices(&all)
        compare("open_gaps in fleet_summary", Int(view.summary.openGaps), plan.gaps.count { $0.end == nil }, &all)
        return all + DemoGapComparison(planned: plan.gaps, rows: view.gaps, isGivenBack: true).differences()
    }

    private func compareDevices(_ all: inout [String]) {
        let planned = Dictionary(uniqueKeysWithValues: plan.devices.map { ($0.id, $0) })
        var seen: Set<String> = []
        for row in view.devices {
            guard let device = planned[row.device] else {
                all.append("device_health has a device \(row.device) that the plan has not.")
                continue
            }
            seen.insert(row.device)
            let name = "of \(row.device) (\(device.trouble.rawValue))"
            if row.health != device.health { all.append("health \(name) is \(row.health), planned \(device.health).") }
            // Of a device that was deleted, only what its life after that sent counts.
            if device.trouble != .deleted { compare("messages_24h \(name)", Int(row.messages), device.messages, &all) }
            compare("failed_messages_24h \(name)", Int(row.failed), device.failed, &all)
            compare("malformed_24h \(name)", Int(row.malformed), device.malformed, &all)
        }
        for id in planned.keys.sorted() where !seen.contains(id) { all.append("device_health lacks \(id).") }
        compareCauses(&all)
        compareFindings(&all)
    }

    /// The first cause of each device is the one that was planted; a device that is well has none at all.
    private func compareCauses(_ all: inout [String]) {
        let found = Dictionary(grouping: view.causes, by: \.device).mapValues { $0.map(\.cause) }
        for device in plan.devices {
            let causes = found[device.id] ?? []
            guard causes.first != device.cause else { continue }
            let seen = causes.isEmpty ? "none" : causes.joined(separator: ", ")
            all.append("device_diagnosis of \(device.id) (\(device.trouble.rawValue)) has \(seen), planned \(device.cause ?? "none").")
        }
        var counts: [String: Int] = [:]
        for cause in view.causes { counts[cause.cause, default: 0] += 1 }
        for cause in view.fleetCauses { compare("devices with \(cause.cause) in fleet_causes", Int(cause.devices), counts[cause.cause] ?? 0, &all) }
        compare("causes in fleet_causes", view.fleetCauses.count, counts.count, &all)
    }

    private func compareFindings(_ all: inout [String]) {
        var planned: [FindingPlace: Int] = [:]
        for device in plan.devices {
            for (finding, count) in device.findings {
                planned[FindingPlace(device: device.id, rule: finding.rule, component: finding.component, path: finding.path)] = count
            }
        }
        var found: [FindingPlace: Int] = [:]
        for row in view.findings {
            found[FindingPlace(device: row.device, rule: row.rule, component: row.component, path: row.path), default: 0] += Int(row.count)
        }
        for place in Set(planned.keys).union(found.keys).sorted(by: { "\($0)" < "\($1)" }) {
            compare("validation_findings \(place)", found[place] ?? 0, planned[place] ?? 0, &all)
        }
    }

    private func compare(_ what: String, _ actual: Int, _ expected: Int, _ all: inout [String]) {
        if actual != expected { all.append("\(what): \(actual), planned \(expected).") }
    }
}

/// Where a finding stands.
private struct FindingPlace: Hashable, CustomStringConvertible {
    let device: String
    let rule: String
    let component: String
    let path: String

    var description: String { "\(device) \(rule) \(component)\(path)" }
}
