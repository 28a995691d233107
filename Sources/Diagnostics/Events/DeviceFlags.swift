import JSON

/// What a record says that a device is: four independent facts, each nil where the record says nothing of it.
///
/// Carried by the `device` of IoT Central's transform-shaped messages (`approved`, `blocked`, `provisioned`, `simulated`, export's "Transform data"
/// input), by snapshots of its legacy exports, and by `dev.hindcast.device.registered`. A member that is neither true nor false says nothing.
package struct DeviceFlags: Equatable, Sendable {
    /// Whether an operator, or a rule of theirs, lets the device take part at all.
    package var approved: Bool?
    /// Whether an operator keeps the device from connecting.
    package var blocked: Bool?
    /// Whether the device has signed in through the provisioning service.
    package var provisioned: Bool?
    /// Whether the device is the service's own simulation.
    package var simulated: Bool?

    /// Flags of which nothing is known.
    package init(approved: Bool? = nil, blocked: Bool? = nil, provisioned: Bool? = nil, simulated: Bool? = nil) {
        self.approved = approved
        self.blocked = blocked
        self.provisioned = provisioned
        self.simulated = simulated
    }

    /// Reads the members of that name.
    init(of object: JSONNode, in document: JSONDocument) {
        approved = document.flag("approved", of: object)
        blocked = document.flag("blocked", of: object)
        provisioned = document.flag("provisioned", of: object)
        simulated = document.flag("simulated", of: object)
    }

    /// Whether the record says nothing of any of them.
    package var isEmpty: Bool { self == DeviceFlags() }
}

extension JSONDocument {
    /// A member that is true or false; nil where there is none or it is something else.
    fileprivate func flag(_ name: StaticString, of object: JSONNode) -> Bool? {
        guard let node = member(name, of: object) else { return nil }
        switch kind(node) {
        case .trueValue: return true
        case .falseValue: return false
        case .null, .number, .string, .object, .array: return nil
        }
    }
}
