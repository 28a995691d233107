/// One thing that a template says a device has under a name.
public struct Capability: Sendable {
    /// What a capability is to a device, as IoT Central and IoT Plug and Play tell them apart.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// Sent by the device, message by message (DTDL, "Telemetry").
        case telemetry
        /// Reported by the device; nobody else sets it (DTDL, "Property", `writable`).
        case readOnlyProperty
        /// Set from outside (desired) and acknowledged by the device (reported): DTDL, "Property", `writable`; IoT Plug and Play conventions,
        /// "Writable properties".
        case writableProperty
        /// Kept by the service only; a device never sends it (IoT Central's co-type `Cloud`).
        case cloudProperty
        /// Called from outside; it may answer (DTDL, "Command").
        case command
    }

    /// The name on the wire.
    public let name: String
    /// What it is.
    public let kind: Kind
    /// The default-language display name, if the template has one.
    public let displayName: String?
    /// The unit's term, such as `degreeCelsius`, if the template has one (DTDL, "Semantic types").
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
