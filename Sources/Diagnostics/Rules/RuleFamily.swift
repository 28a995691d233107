/// What a rule looks at. Every family has a file of its entries.
package enum RuleFamily: String, CaseIterable, Sendable {
    /// The payload as bytes and as JSON.
    case payload
    /// What stands around the payload.
    case envelope
    /// Which template an event is judged by.
    case template
    /// Modules and components.
    case component
    /// Names.
    case capability
    /// Values against their schemas.
    case value
    /// Properties and their acknowledgements.
    case property

    /// The family's heading.
    package var title: String {
        switch self {
        case .payload: "The payload as bytes and as JSON"
        case .envelope: "What stands around the payload"
        case .template: "Which template an event is judged by"
        case .component: "Modules and components"
        case .capability: "Names"
        case .value: "Values against their schemas"
        case .property: "Properties and their acknowledgements"
        }
    }
}
