/// What identifies a row of findings: one thing wrong, per device, template version and place.
package struct FindingKey: Hashable, Sendable {
    /// The device's number.
    package let device: Int32
    /// The UTC day for rules whose place a device chooses, else 0; see `Rule.isOpen`.
    package let day: Int16
    /// The number of the template version that applied; 0 where none did.
    package let templateVersionKey: Int32
    /// The edge module; empty for the device itself.
    package let module: String
    /// The component; empty for the default one.
    package let component: String
    /// The place; see `Finding.path`.
    package let path: String
    /// Which rule says so.
    package let rule: Rule

    /// The one row of a device's day and template version for the names that are not kept.
    var rest: FindingKey {
        FindingKey(
            device: device, day: day, templateVersionKey: templateVersionKey, module: "", component: RestRow.component, path: RestRow.path,
            rule: RestRow.rule)
    }
}

/// The place that findings have which are counted, but whose own places are not kept. DTDL allows no component of this name.
enum RestRow {
    static let rule = Rule.capabilityUndefined
    static let component = "*"
    static let path = "/*"
    /// After every other name, so that the row itself is never one of the kept ones.
    static let nameHash = Int64.max
}
