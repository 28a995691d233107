/// What an event is, one byte in the log. Closed and append-only: a number is never used again for something else.
package enum EventKind: UInt8, CaseIterable, Sendable {
    /// Values that a device sent.
    case telemetry = 1
    /// Property values that a device reported.
    case propertyReported = 2
    /// Property values that somebody wants a device to take.
    case propertyDesired = 3
    /// Property values that only the service keeps.
    case propertyCloud = 4
    /// A whole device twin.
    case twin = 5
    /// The service saw the device connect.
    case connected = 6
    /// The service saw the device disconnect.
    case disconnected = 7
    /// The device's identity was made.
    case registered = 8
    /// The device's identity was removed.
    case deleted = 9
    /// The device signed in for the first time.
    case provisioned = 10
    /// An operator lets the device connect.
    case enabled = 11
    /// An operator keeps the device from connecting.
    case disabled = 12
    /// The device's display name changed.
    case renamed = 13
    /// The device got another template.
    case templateAssigned = 14
    /// A template was published, changed or removed.
    case templateLifecycle = 15
    /// Somebody changed something in the service.
    case audit = 16
    /// The service says that something went wrong for a device.
    case errorReport = 17
    /// An export was switched on, switched off or failed.
    case exportState = 18
    /// A message to a device arrived, or did not.
    case deliveryReceipt = 19
    /// A null value: Kafka's way of saying that a key is gone.
    case tombstone = 20
    /// An envelope that is known around a message that is not.
    case unsupported = 21
    /// Bytes that no decoder understands. Kept like all others.
    case undecodable = 22

    /// The name in SQL views, settings and JSON output.
    package var name: String {
        switch self {
        case .telemetry: "telemetry"
        case .propertyReported: "property_reported"
        case .propertyDesired: "property_desired"
        case .propertyCloud: "property_cloud"
        case .twin: "twin"
        case .connected: "connected"
        case .disconnected: "disconnected"
        case .registered: "registered"
        case .deleted: "deleted"
        case .provisioned: "provisioned"
        case .enabled: "enabled"
        case .disabled: "disabled"
        case .renamed: "renamed"
        case .templateAssigned: "template_assigned"
        case .templateLifecycle: "template_lifecycle"
        case .audit: "audit"
        case .errorReport: "error_report"
        case .exportState: "export_state"
        case .deliveryReceipt: "delivery_receipt"
        case .tombstone: "tombstone"
        case .unsupported: "unsupported"
        case .undecodable: "undecodable"
        }
    }

    /// Whether the event carries property values.
    package var isProperty: Bool {
        switch self {
        case .propertyReported, .propertyDesired, .propertyCloud: true
        default: false
        }
    }

    /// Whether a device template has something to say about such events. About a twin it has where the twin has sections with values, see
    /// `DecodedEvent.isJudged`.
    package var isJudged: Bool { self == .telemetry || self == .twin || isProperty }
}
