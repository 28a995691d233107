/// What a simulated message is. Raw values stand in the plan file.
package enum MessageKind: String, CaseIterable, Sendable {
    case registered
    /// The device was made and waits for an operator's approval.
    case unapproved
    case provisioned
    case connected
    case disconnected
    case disabled
    case deleted
    /// Values of the device itself, as the template says.
    case telemetry
    /// Values of its component, as the template says.
    case componentTelemetry = "component-telemetry"
    /// A change of two reported properties, one of them in the component.
    case properties
    /// Somebody sets the writable property.
    case desired
    /// The device takes it.
    case acknowledgement
    case wrongCase = "wrong-case"
    case wrongType = "wrong-type"
    case unknownValue = "unknown-value"
    case outOfRange = "out-of-range"
    case noOffset = "no-offset"
    case malformed = "malformed-json"
    case cutOff = "cut-off"
    case brokenEnvelope = "broken-envelope"
    case unmodeled
    case wrongComponent = "wrong-component"
    case missingComponent = "missing-component"
    case wrappedComponent = "wrapped-component"
    /// Telemetry of a module without the component that the module named.
    case edgeModule = "edge-module"
    case propertyAsTelemetry = "property-as-telemetry"
    case wrongClock = "wrong-clock"
    /// Telemetry that names no template.
    case unassigned
    /// Telemetry that names a template which nobody published.
    case unknownTemplate = "unknown-template"
    /// Somebody sets a property that is read-only.
    case readOnlyProperty = "read-only-property"
    case malformedAcknowledgement = "malformed-acknowledgement"
    /// The device acknowledges a version that nobody has desired yet.
    case earlyAcknowledgement = "early-acknowledgement"
    /// A service reports an error of the device.
    case errorReport = "error-report"
    /// The export that carries the device's data was switched off. It names no device.
    case exportOff = "export-off"

    /// What one is about.
    enum Family: Sendable {
        case life, connection, telemetry, properties, report
    }

    var family: Family {
        switch self {
        case .registered, .unapproved, .provisioned, .disabled, .deleted: .life
        case .connected, .disconnected: .connection
        case .properties, .desired, .acknowledgement, .readOnlyProperty, .malformedAcknowledgement, .earlyAcknowledgement: .properties
        case .errorReport, .exportOff: .report
        case .telemetry, .componentTelemetry, .wrongCase, .wrongType, .unknownValue, .outOfRange, .noOffset, .malformed, .cutOff, .brokenEnvelope,
            .unmodeled, .wrongComponent, .missingComponent, .wrappedComponent, .edgeModule, .propertyAsTelemetry, .wrongClock, .unassigned,
            .unknownTemplate:
            .telemetry
        }
    }

    /// Whether a service sets what it carries, and not the device.
    var isDesired: Bool { self == .desired || self == .readOnlyProperty }

    /// Whether its values are the component's.
    var isOfComponent: Bool { self == .componentTelemetry || self == .wrongComponent }

    /// Whether it names the device.
    package var isAboutDevice: Bool { self != .exportOff }

    /// Whether its bytes are no JSON.
    var isMalformed: Bool { self == .malformed || self == .cutOff }

    /// Whether an export of telemetry sends it: what is no JSON, and what is not known for telemetry, it does not.
    var isExported: Bool { family == .telemetry && !isMalformed && self != .brokenEnvelope }

    /// Whether the template judges it.
    var isJudged: Bool { family == .telemetry || family == .properties }

    /// What the views have to say about one such message; nil where it is in order.
    var finding: PlannedFinding? {
        switch self {
        case .registered, .unapproved, .provisioned, .connected, .disconnected, .disabled, .deleted, .telemetry, .componentTelemetry, .properties,
            .desired, .acknowledgement, .earlyAcknowledgement, .errorReport, .exportOff:
            nil
        case .wrongCase: PlannedFinding(rule: "capability-case", path: "/Temperature", isError: false)
        case .wrongType: PlannedFinding(rule: "schema-mismatch", path: "/temperature", isError: true)
        case .unknownValue: PlannedFinding(rule: "enum-unknown", path: "/mode", isError: true)
        case .outOfRange: PlannedFinding(rule: "number-out-of-range", path: "/doorOpenings", isError: true)
        case .noOffset: PlannedFinding(rule: "datetime-without-offset", path: "/lastDefrost", isError: false)
        case .malformed, .cutOff: PlannedFinding(rule: "json-invalid", path: "", isError: true)
        case .brokenEnvelope: PlannedFinding(rule: "envelope-invalid", path: "/messageSource", isError: true)
        case .unmodeled: PlannedFinding(rule: "capability-undefined", path: "/batteryVoltage", isError: false)
        case .wrongComponent: PlannedFinding(rule: "component-unknown", component: DemoModel.misspeltComponent, path: "", isError: false)
        case .missingComponent: PlannedFinding(rule: "component-missing", path: "/speed", isError: false)
        case .wrappedComponent: PlannedFinding(rule: "component-wrapped", path: "/\(DemoModel.component)", isError: false)
        case .edgeModule: PlannedFinding(rule: "edge-runtime-outdated", path: "/speed", isError: false)
        case .propertyAsTelemetry: PlannedFinding(rule: "capability-kind", path: "/firmware", isError: true)
        case .wrongClock: PlannedFinding(rule: "clock-skew", path: "", isError: false)
        case .unassigned: PlannedFinding(rule: "template-unassigned", path: "", isError: false)
        case .unknownTemplate: PlannedFinding(rule: "template-unknown", path: "", isError: true)
        case .readOnlyProperty: PlannedFinding(rule: "property-not-writable", path: "/firmware", isError: true)
        case .malformedAcknowledgement: PlannedFinding(rule: "ack-malformed", path: "/setpoint/ac", isError: true)
        }
    }
}
