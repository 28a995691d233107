/// What an export sends, by IoT Central's names (`source` of an export in its REST API; `messageSource` of every message says the same).
package enum ExportSource: String, CaseIterable, Sendable {
    /// What devices measure.
    case telemetry
    /// Changes of device and cloud properties.
    case properties
    /// Devices that connect and disconnect.
    case deviceConnectivity
    /// Devices that are made, removed, let in and kept out.
    case deviceLifecycle
    /// Device templates that are published, changed and removed.
    case deviceTemplateLifecycle
    /// Who changed what.
    case audit

    /// The source that an event of the log belongs to; nil for events that no export sends.
    package init?(kind: EventKind) {
        switch kind {
        case .telemetry: self = .telemetry
        case .propertyReported, .propertyDesired, .propertyCloud, .twin: self = .properties
        case .connected, .disconnected: self = .deviceConnectivity
        case .registered, .deleted, .provisioned, .enabled, .disabled, .renamed, .templateAssigned: self = .deviceLifecycle
        case .templateLifecycle: self = .deviceTemplateLifecycle
        case .audit: self = .audit
        case .errorReport, .exportState, .deliveryReceipt, .tombstone, .unsupported, .undecodable: return nil
        }
    }

    /// The kinds of events that the export sends.
    package var kinds: [EventKind] { EventKind.allCases.filter { ExportSource(kind: $0) == self } }
}
