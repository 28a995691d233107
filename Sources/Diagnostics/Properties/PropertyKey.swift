/// What identifies a row of `device_property`: one of the values of one property of a device.
///
/// Rows without a name are marks: what is older in their place is gone. The component ``everyComponent`` stands for all of them.
package struct PropertyKey: Hashable, Sendable {
    /// The device's number.
    package let device: Int32
    /// Which of the property's values.
    package let section: PropertySection
    /// The edge module; empty for the device itself, of marks in the section `life` for its modules too.
    package let module: String
    /// The component; empty for the default one.
    package let component: String
    /// The property's name, for a part of a property with its path in it: `limits/high`. Empty for a mark.
    package let name: String

    /// The component of marks that concern all of them. DTDL allows no component of this name.
    package static let everyComponent = "*"

    /// Whether the row is a mark that no device can multiply.
    var isOwnMark: Bool { name.isEmpty && component == Self.everyComponent }
}
