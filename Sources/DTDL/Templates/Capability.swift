/// One thing that a template says a device has under a name.
public struct Capability: Sendable {
    /// What a capability is to a device, as IoT Central and IoT Plug and Play tell them apart.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// Sent by the device, message by message.
        case telemetry
        /// Reported by the device; nobody else sets it.
        case readOnlyProperty
        /// Set from outside (desired) and acknowledged by the device (reported).
        case writableProperty
        /// Kept by the service only; a device never sends it.
        case cloudProperty
        /// Called from outside; it may answer.
        case command
    }

    /// The name on the wire.
    public let name: String
    /// What it is.
    public let kind: Kind
    /// The default-language display name, if the template has one.
    public let displayName: String?
    /// The unit's term, such as `degreeCelsius`, if the template has one.
    public let unit: String?
    /// The program for the value; for a command nil.
    public let program: Int?
    /// The program for a command's request payload, if it has one.
    public let requestProgram: Int?
    /// The program for a command's response payload, if it has one.
    public let responseProgram: Int?
    /// The `@id` of the Interface that defines it: the root, an inherited one, or a component's; empty if that has none.
    public let interfaceID: String
    /// The number of the component it is in.
    public let component: Int
    /// The number of another capability of the same name in the same component: legal between two Interfaces in IoT Central, not in DTDL.
    public internal(set) var namesake: Int?
}
