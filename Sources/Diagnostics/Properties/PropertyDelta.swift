/// What a run of events says about one row of `device_property`: the last statement by version, and the last by time.
///
/// Versions win over clocks, but not every format carries versions, and a device that is deleted and made again counts anew. An order that compares by
/// version where both sides have one and by time elsewhere has cycles, so that the winner would depend on the order of comparing. Two registers,
/// each with a total order of its own, do not: each merges in any order, and who reads decides between them (the view `diagnostics.device_properties`).
package struct PropertyDelta: Equatable, Sendable {
    /// A statement and its place.
    package struct Statement: Equatable, Sendable {
        /// The version of the section that it was made at; nil for none.
        package let version: Int64?
        /// When it was made.
        package let time: Timestamp
        /// The event's offset.
        package let offset: Int64
        /// What it says.
        package let value: PropertyValue
    }

    /// Of the statements with a version the last by (version, time, offset).
    package private(set) var byVersion: Statement?
    /// Of all statements the last by (time, offset).
    package private(set) var byTime: Statement
    /// Orders the names of a device; see `PropertyFold.namesPerModule`. 0 for marks that no device can multiply.
    package let nameHash: Int64

    init(_ statement: Statement, nameHash: Int64) {
        byVersion = statement.version == nil ? nil : statement
        byTime = statement
        self.nameHash = nameHash
    }

    /// Takes a statement in. Of one event's statements about one property the last counts.
    mutating func add(_ new: Statement) {
        if (new.time, new.offset) >= (byTime.time, byTime.offset) { byTime = new }
        guard let version = new.version else { return }
        if let kept = byVersion, let last = kept.version, (version, new.time, new.offset) < (last, kept.time, kept.offset) { return }
        byVersion = new
    }
}
