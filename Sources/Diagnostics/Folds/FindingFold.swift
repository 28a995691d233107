package import Hashing

/// Folds verdicts into findings, hourly counts and device verdicts, for one source and one generation. Pure, and any chunking gives the same sums.
package struct FindingFold: Sendable {
    /// How many different names that a device chose are kept per device and day; the rest is counted in one row per template version, whose component is
    /// `*` and whose path is `/*`.
    ///
    /// The names with the smallest hashes are kept: the choice does not depend on the order of events, so every interleaving keeps the same ones. A table
    /// that changes are merged into has to be cut in the same way: among the rows of a device's day whose rule is open, but for the row of the rest (its
    /// hash is the greatest there is), those whose hash is not among the 64 smallest different ones go to the row of the rest of their template version.
    package static let namesPerDay = 64

    /// Findings since the last `reset`.
    package private(set) var findings: [FindingKey: FindingDelta] = [:]
    /// Hourly counts of findings since the last `reset`.
    package private(set) var hours: [FindingHourKey: Int64] = [:]
    /// Hourly verdicts since the last `reset`.
    package private(set) var verdicts: [DeviceHour: VerdictDelta] = [:]
    /// Hourly verdicts on the events of whole tenants since the last `reset`.
    package private(set) var tenants: [TenantHour: VerdictDelta] = [:]
    /// Judgements on devices since the last `reset`.
    package private(set) var devices: [Int32: DeviceVerdictDelta] = [:]

    private let source: Int32
    private var names: [DeviceDay: KeptNames<FindingKey>] = [:]
    private var last: TenantHour?

    /// Starts a fold over one source.
    package init(source: Int32) { self.source = source }

    /// Forgets all changes, keeps the memory.
    package mutating func reset() {
        findings.removeAll(keepingCapacity: true)
        hours.removeAll(keepingCapacity: true)
        verdicts.removeAll(keepingCapacity: true)
        tenants.removeAll(keepingCapacity: true)
        devices.removeAll(keepingCapacity: true)
        names.removeAll(keepingCapacity: true)
        last = nil
    }

    /// Takes the verdict on one event in. Events of kinds that no template speaks of count where something was found in them.
    /// - Parameters:
    ///   - event: the event, as the decoder left it.
    ///   - new: what the judge found in this event, and nothing else.
    ///   - template: what the event was judged by.
    ///   - device: the device's number.
    ///   - offset: the event's offset in the source.
    ///   - hash: a hasher between two messages; it is so again afterwards.
    package mutating func apply(
        _ event: borrowing DecodedEvent, findings new: [Finding], template: TemplateInForce, device: Int32, offset: Int64, hash: inout SHA256
    ) {
        guard event.isJudged || event.kind == .undecodable || !new.isEmpty else { return }
        let time = event.eventTime
        var worst: Severity?
        var isMalformed = false
        for finding in new {
            worst = max(worst ?? finding.rule.severity, finding.rule.severity)
            isMalformed = isMalformed || finding.rule == .jsonInvalid || finding.rule == .payloadEmpty
            add(finding, event, template, device, offset, &hash)
        }
        let tenantHour = TenantHour(event, after: last)
        verdicts[DeviceHour(device: device, hour: tenantHour.hour), default: VerdictDelta()].add(worst: worst, isMalformed: isMalformed)
        tenants[tenantHour, default: VerdictDelta()].add(worst: worst, isMalformed: isMalformed)
        last = tenantHour
        devices[device, default: DeviceVerdictDelta()]
            .add(template: template.key, time: time, offset: offset, isFailed: worst == .error, isJudged: event.isJudged)
    }

    // MARK: -

    private mutating func add(
        _ finding: Finding, _ event: borrowing DecodedEvent, _ template: TemplateInForce, _ device: Int32, _ offset: Int64, _ hash: inout SHA256
    ) {
        let time = event.eventTime
        let rule = finding.rule
        let templateRef = template.key == 0 ? event.string(event.templateRef) : ""
        let key = FindingKey(
            device: device, day: rule.isOpen ? time.day : 0, templateVersionKey: template.key, module: finding.module, component: finding.component,
            path: finding.path, rule: rule)
        let row = rule.isOpen ? bounded(key, &hash) : (key: key, nameHash: 0)
        findings[
            row.key,
            default: FindingDelta(before: finding, time: time, offset: offset, templateRef: templateRef, nameHash: row.nameHash)
        ].add(finding, source: source, offset: offset, time: time, templateRef: templateRef, hash: &hash)

        // A module that is not defined leaves the component's name open too.
        let isComponentOpen = rule == .componentUnknown || rule == .moduleUnknown
        let hourKey = FindingHourKey(
            hour: time.hour, tenant: event.string(event.tenant), templateVersionKey: template.key, templateRef: templateRef,
            component: isComponentOpen ? "*" : finding.component, path: rule.isOpen ? "*" : finding.path, rule: rule)
        hours[hourKey, default: 0] += 1
    }

    /// The row that a name goes to: its own while its hash is among the smallest of the day, else the row of the rest. A name that has to give way takes
    /// its counts there. The same is done to the table after the changes are merged, so neither memory nor table grows with what a device makes up.
    private mutating func bounded(_ key: FindingKey, _ hash: inout SHA256) -> (key: FindingKey, nameHash: Int64) {
        if key == key.rest { return (key, RestRow.nameHash) }
        if let kept = findings[key] { return (key, kept.nameHash) }
        let nameHash = NameHash.of([key.module, key.component, key.path, key.rule.rawValue], &hash)
        let day = DeviceDay(device: key.device, day: key.day)
        switch names[day, default: KeptNames()].offer(key, hash: nameHash, limit: Self.namesPerDay) {
        case .rest: return (key.rest, RestRow.nameHash)
        case .kept(let giveWay):
            for other in giveWay { moveToRest(other) }
            return (key, nameHash)
        }
    }

    private mutating func moveToRest(_ key: FindingKey) {
        guard let row = findings.removeValue(forKey: key) else { return }
        if findings[key.rest]?.add(row) == nil { findings[key.rest] = row.moved(nameHash: RestRow.nameHash) }
    }
}

/// A device on a UTC day.
private struct DeviceDay: Hashable {
    let device: Int32
    let day: Int16
}
