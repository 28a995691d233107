/// What identifies an hourly count of findings. What a device chose is `*` here: such names are kept per device only.
package struct FindingHourKey: Hashable, Sendable {
    /// The start of the UTC hour.
    package let hour: Timestamp
    /// The namespace of the device's id.
    package let tenant: String
    /// The number of the template version that applied; 0 where none did.
    package let templateVersionKey: Int32
    /// The template id that the message named where no version of it applied; else empty.
    package let templateRef: String
    /// The component.
    package let component: String
    /// The place; see `Finding.path`.
    package let path: String
    /// Which rule says so.
    package let rule: Rule
}
