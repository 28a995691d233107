package import Hashing

/// Folds verdicts into findings, hourly counts and device verdicts, for one source and one generation. Pure, and any chunking gives the same sums.
package struct FindingFold: Sendable {
    /// How many names that a device chose are kept per device and day; the rest is counted in one row with the path `*`.
    ///
    /// The names with the smallest hashes are kept: the choice does not depend on the order of events, so every interleaving keeps the same ones.
    package static let namesPerDay = 64

    /// Findings since the last `reset`.
    package private(set) var findings: [FindingKey: FindingDelta] = [:]
    /// Hourly counts of findings since the last `reset`.
    package private(set) var hours: [FindingHourKey: Int64] = [:]
    /// Hourly verdicts since the last `reset`.
    package private(set) var verdicts: [DeviceHour: VerdictDelta] = [:]
    /// Judgements on devices since the last `reset`.
    package private(set) var devices: [Int32: DeviceVerdictDelta] = [:]

    private let source: Int32
    /// The names kept per device and day, smallest hash first.
    private var names: [DeviceDay: [KeptName]] = [:]

    /// Starts a fold over one source.
    package init(source: Int32) { self.source = source }

    /// Forgets all changes, keeps the memory.
    package mutating func reset() {
        findings.removeAll(keepingCapacity: true)
        hours.removeAll(keepingCapacity: true)
        verdicts.removeAll(keepingCapacity: true)
        devices.removeAll(keepingCapacity: true)
        names.removeAll(keepingCapacity: true)
    }

    /// Takes the verdict on one event in.
    package mutating func apply(
        _ event: borrowing DecodedEvent, findings new: [Finding], template: TemplateInForce, device: Int32, offset: Int64, hash: inout SHA256
    ) {
        guard event.kind.isJudged || event.kind == .undecodable else { return }
        let time = event.eventTime
        var worst: Severity?
        var isMalformed = false
        for finding in new {
            worst = max(worst ?? finding.rule.severity, finding.rule.severity)
            isMalformed = isMalformed || finding.rule == .jsonInvalid
            add(finding, event, template, device, offset, &hash)
        }
        let hour = DeviceHour(device: device, hour: time.hour)
        verdicts[hour, default: VerdictDelta()].add(worst: worst, isMalformed: isMalformed)
        devices[device, default: DeviceVerdictDelta()]
            .add(template: template.key, time: time, offset: offset, isFailed: worst == .error, isJudged: event.kind.isJudged)
    }

    private mutating func add(
        _ finding: Finding, _ event: borrowing DecodedEvent, _ template: TemplateInForce, _ device: Int32, _ offset: Int64, _ hash: inout SHA256
    ) {
        let time = event.eventTime
        let rule = finding.rule
        let templateRef = template.key == 0 ? event.string(event.templateRef) : ""
        let key = FindingKey(
            device: device, day: rule.isOpen ? time.day : 0, templateVersionKey: template.key, module: finding.module, component: finding.component,
            path: finding.path, rule: rule)
        let place = rule.isOpen ? bounded(key, at: time, offset, &hash) : (key: key, nameHash: 0)
        if findings[place.key] == nil {
            findings[place.key] = FindingDelta(
                firstTime: time, firstOffset: offset, lastTime: time, lastOffset: offset, last: finding, templateRef: templateRef,
                nameHash: place.nameHash)
        }
        findings[place.key]?.add(finding, source: source, offset: offset, time: time, templateRef: templateRef, hash: &hash)

        let hourKey = FindingHourKey(
            hour: time.hour, tenant: event.string(event.tenant), templateVersionKey: template.key, templateRef: templateRef,
            component: rule == .componentUnknown ? "*" : finding.component, path: rule.isOpen ? "*" : finding.path, rule: rule)
        hours[hourKey, default: 0] += 1
    }

    /// The row that a name goes to: its own while its hash is among the smallest of the day, else the row of the rest. A name that is pushed out takes
    /// its counts there. The same is done to the table after the changes are merged, so neither memory nor table grows with what a device makes up.
    private mutating func bounded(_ key: FindingKey, at time: Timestamp, _ offset: Int64, _ hash: inout SHA256) -> (key: FindingKey, nameHash: Int64)
    {
        let day = DeviceDay(device: key.device, day: key.day)
        let rest = FindingKey.rest(of: key)
        if key == rest { return (rest, Int64.max) }
        if let kept = findings[key] { return (key, kept.nameHash) }
        let name = KeptName(hash: Self.nameHash(key, &hash), key: key)
        var kept = names[day] ?? []
        if kept.count >= Self.namesPerDay, let last = kept.last, last.hash <= name.hash { return (rest, Int64.max) }
        let index = kept.firstIndex { $0.hash > name.hash } ?? kept.endIndex
        kept.insert(name, at: index)
        if kept.count > Self.namesPerDay, let evicted = findings.removeValue(forKey: kept.removeLast().key) {
            findings[rest] = findings[rest].map { $0.merged(with: evicted) } ?? evicted.moved(nameHash: Int64.max)
        }
        names[day] = kept
        return (key, name.hash)
    }

    /// The first 8 bytes of SHA-256 over module, component, path and rule, each with its length, as a signed big-endian number.
    private static func nameHash(_ key: FindingKey, _ hash: inout SHA256) -> Int64 {
        for text in [key.module, key.component, key.path, key.rule.rawValue] {
            hash.update(UInt32(text.utf8.count))
            hash.update(text)
        }
        let digest = hash.finish()
        var value: UInt64 = 0
        for index in 0..<8 { value = value << 8 | UInt64(digest[index]) }
        return Int64(bitPattern: value)
    }
}

extension FindingDelta {
    fileprivate mutating func add(
        _ finding: Finding, source: Int32, offset: Int64, time: Timestamp, templateRef: String, hash: inout SHA256
    ) {
        digest.add(finding, source: source, offset: offset, hash: &hash)
        if (time, offset) < (firstTime, firstOffset) { (firstTime, firstOffset) = (time, offset) }
        if (time, offset) >= (lastTime, lastOffset) {
            (lastTime, lastOffset) = (time, offset)
            last = finding
            self.templateRef = templateRef
        }
    }
}

/// A device on a UTC day.
private struct DeviceDay: Hashable {
    let device: Int32
    let day: Int16
}

private struct KeptName {
    let hash: Int64
    let key: FindingKey
}

extension FindingKey {
    /// The one row of a device's day for the names that are not kept.
    fileprivate static func rest(of key: FindingKey) -> FindingKey {
        FindingKey(
            device: key.device, day: key.day, templateVersionKey: key.templateVersionKey, module: "", component: "*", path: "/*",
            rule: .capabilityUndefined)
    }
}

extension VerdictDelta {
    fileprivate mutating func add(worst: Severity?, isMalformed: Bool) {
        messages += 1
        failed += worst == .error ? 1 : 0
        warned += worst == .warning ? 1 : 0
        malformed += isMalformed ? 1 : 0
    }
}

extension DeviceVerdictDelta {
    fileprivate mutating func add(template: Int32, time: Timestamp, offset: Int64, isFailed: Bool, isJudged: Bool) {
        messages += 1
        failed += isFailed ? 1 : 0
        // Bytes that no decoder understands say nothing about the template that applies.
        if isJudged { LastWriter.merge(&templateVersionKey, LastWriter(value: template, time: time, offset: offset)) }
    }
}
