import Hashing

/// What a run of events adds to one row of findings.
///
/// Occurrences are ordered by (time, offset, byte offset of the finding). Within one source and one row that order is total but for equal findings, so the
/// first and the last are the same whatever the order in which runs are merged.
package struct FindingDelta: Equatable, Sendable {
    /// The set of occurrences.
    package var digest = FindingDigest()
    /// The event time of the first occurrence.
    package var firstTime: Timestamp
    /// The offset of the first occurrence.
    package var firstOffset: Int64
    /// The event time of the last occurrence.
    package var lastTime: Timestamp
    /// The offset of the last occurrence.
    package var lastOffset: Int64
    /// The last occurrence: what its row shows. In the row of the rest its rule and place may be others than the row's.
    package var last: Finding
    /// The template id that a message named where no version of it applied; else empty.
    package var templateRef: String
    /// Orders names that a device chose; see `FindingFold.namesPerDay`. 0 for rules that are not open.
    package let nameHash: Int64

    /// A row with nothing in it yet.
    init(before finding: Finding, time: Timestamp, offset: Int64, templateRef: String, nameHash: Int64) {
        firstTime = time
        firstOffset = offset
        lastTime = time
        lastOffset = offset
        last = finding
        self.templateRef = templateRef
        self.nameHash = nameHash
    }

    /// Takes one occurrence in.
    mutating func add(_ finding: Finding, source: Int32, offset: Int64, time: Timestamp, templateRef: String, hash: inout SHA256) {
        digest.add(finding, source: source, offset: offset, hash: &hash)
        if (time, offset) < (firstTime, firstOffset) { (firstTime, firstOffset) = (time, offset) }
        if (time, offset, finding.byteOffset) >= (lastTime, lastOffset, last.byteOffset) {
            (lastTime, lastOffset) = (time, offset)
            last = finding
            self.templateRef = templateRef
        }
    }

    /// Takes another row in: sums, the first and the last. The name stays.
    mutating func add(_ other: FindingDelta) {
        digest += other.digest
        if (other.firstTime, other.firstOffset) < (firstTime, firstOffset) { (firstTime, firstOffset) = (other.firstTime, other.firstOffset) }
        if (other.lastTime, other.lastOffset, other.last.byteOffset) > (lastTime, lastOffset, last.byteOffset) {
            (lastTime, lastOffset) = (other.lastTime, other.lastOffset)
            last = other.last
            templateRef = other.templateRef
        }
    }

    /// The same under another name.
    func moved(nameHash: Int64) -> FindingDelta {
        var copy = FindingDelta(before: last, time: firstTime, offset: firstOffset, templateRef: templateRef, nameHash: nameHash)
        copy.digest = digest
        (copy.lastTime, copy.lastOffset) = (lastTime, lastOffset)
        return copy
    }
}
