/// What identifies a row of findings: one thing wrong, per device, template version and place.
package struct FindingKey: Hashable, Sendable {
    package let device: Int32
    /// The UTC day for rules whose place a device chooses, else 0; see `Rule.isOpen`.
    package let day: Int16
    package let templateVersionKey: Int32
    package let module: String
    package let component: String
    package let path: String
    package let rule: Rule
}

/// What a run of events adds to one row of findings.
package struct FindingDelta: Equatable, Sendable {
    package var digest = FindingDigest()
    package var firstTime: Timestamp
    package var firstOffset: Int64
    package var lastTime: Timestamp
    package var lastOffset: Int64
    /// The last occurrence by (time, offset): what its row shows.
    package var last: Finding
    /// The template id that a message named where no version of it applied; else empty.
    package var templateRef: String
    /// Orders names that a device chose; see `FindingFold.namesPerDay`.
    package let nameHash: Int64

    /// Both together: sums, the first and the last by (time, offset).
    func merged(with other: FindingDelta) -> FindingDelta {
        var sum = (lastTime, lastOffset) >= (other.lastTime, other.lastOffset) ? self : other.moved(nameHash: nameHash)
        sum.digest = digest
        sum.digest += other.digest
        let isFirst = (firstTime, firstOffset) <= (other.firstTime, other.firstOffset)
        (sum.firstTime, sum.firstOffset) = isFirst ? (firstTime, firstOffset) : (other.firstTime, other.firstOffset)
        return sum
    }

    /// The same under another name.
    func moved(nameHash: Int64) -> FindingDelta {
        var copy = FindingDelta(
            firstTime: firstTime, firstOffset: firstOffset, lastTime: lastTime, lastOffset: lastOffset, last: last, templateRef: templateRef,
            nameHash: nameHash)
        copy.digest = digest
        return copy
    }
}

/// What identifies an hourly count of findings. Open places are `*`: names that devices choose are kept per device only.
package struct FindingHourKey: Hashable, Sendable {
    package let hour: Timestamp
    package let tenant: String
    package let templateVersionKey: Int32
    package let templateRef: String
    package let component: String
    package let path: String
    package let rule: Rule
}

/// Verdicts on one device's events in one UTC hour.
package struct VerdictDelta: Equatable, Sendable {
    package var messages: Int64 = 0
    /// Events with a finding of severity error.
    package var failed: Int64 = 0
    /// Events with a warning and no error.
    package var warned: Int64 = 0
    /// Events that are not JSON.
    package var malformed: Int64 = 0
}

/// The last judgement on a device as a whole, and its sums.
package struct DeviceVerdictDelta: Equatable, Sendable {
    /// The template version that last applied; nil while only bytes that no decoder understands were seen.
    package var templateVersionKey: LastWriter<Int32>?
    package var messages: Int64 = 0
    package var failed: Int64 = 0
}
