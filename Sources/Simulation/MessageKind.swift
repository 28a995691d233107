/// What a simulated message is. Raw values stand in the plan file.
package enum MessageKind: String, CaseIterable, Sendable {
    case registered
    case provisioned
    case connected
    case disabled
    /// Values of the device itself, as the template says.
    case telemetry
    /// Values of its component, as the template says.
    case componentTelemetry = "component-telemetry"
    /// A change of two reported properties, one of them in the component.
    case properties
    case wrongCase = "wrong-case"
    case wrongType = "wrong-type"
    case malformed = "malformed-json"
    case wrongComponent = "wrong-component"
    case unmodeled
    /// Telemetry that names no template.
    case unassigned

    /// What the views have to say about one such message; nil where it is in order.
    var finding: PlannedFinding? {
        switch self {
        case .registered, .provisioned, .connected, .disabled, .telemetry, .componentTelemetry, .properties: nil
        case .wrongCase: PlannedFinding(rule: "capability-case", component: "", path: "/Temperature", isError: false)
        case .wrongType: PlannedFinding(rule: "schema-mismatch", component: "", path: "/temperature", isError: true)
        case .malformed: PlannedFinding(rule: "json-invalid", component: "", path: "", isError: true)
        case .wrongComponent: PlannedFinding(rule: "component-unknown", component: DemoModel.misspeltComponent, path: "", isError: false)
        case .unmodeled: PlannedFinding(rule: "capability-undefined", component: "", path: "/batteryVoltage", isError: false)
        case .unassigned: PlannedFinding(rule: "template-unassigned", component: "", path: "", isError: false)
        }
    }
}

/// A row that has to appear among the findings of a device.
package struct PlannedFinding: Hashable, Sendable {
    /// The rule's id.
    package let rule: String
    /// The component that the message named.
    package let component: String
    /// JSON Pointer to the value.
    package let path: String
    /// Whether a message with it counts as failed.
    package let isError: Bool

    /// A row of its parts.
    package init(rule: String, component: String, path: String, isError: Bool) {
        self.rule = rule
        self.component = component
        self.path = path
        self.isError = isError
    }
}
