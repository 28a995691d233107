/// What an event is, one byte in the log. Closed and append-only: a number is never used again for something else.
package enum EventKind: UInt8, CaseIterable, Sendable {
    case telemetry = 1
    case propertyReported = 2
    case propertyDesired = 3
    case propertyCloud = 4
    case twin = 5
    case connected = 6
    case disconnected = 7
    case registered = 8
    case deleted = 9
    case provisioned = 10
    case enabled = 11
    case disabled = 12
    case renamed = 13
    case templateAssigned = 14
    case templateLifecycle = 15
    case audit = 16
    case errorReport = 17
    case exportState = 18
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

    /// Whether a device template has something to say about the event.
    package var isJudged: Bool { self == .telemetry || isProperty }
}
