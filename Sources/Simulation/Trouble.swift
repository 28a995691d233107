/// What is wrong with a simulated device. Raw values stand in the plan file and in the demo's output.
package enum Trouble: String, CaseIterable, Sendable {
    case healthy
    case wrongCase = "wrong-case"
    case wrongType = "wrong-type"
    case malformed = "malformed-json"
    case wrongComponent = "wrong-component"
    case unmodeled
    case blocked
    case unassigned
    case silent

    /// How many in a hundred devices have it.
    var share: Int {
        switch self {
        case .healthy: 52
        case .wrongCase: 8
        case .wrongType: 7
        case .malformed: 6
        case .wrongComponent: 5
        case .unmodeled: 8
        case .blocked: 4
        case .unassigned: 4
        case .silent: 6
        }
    }

    /// What a person would say.
    package var story: String {
        switch self {
        case .healthy: "sends what its template says"
        case .wrongCase: "writes \"Temperature\" where the template says \"temperature\""
        case .wrongType: "sends its temperature as a string"
        case .malformed: "breaks off in the middle of its JSON; only the record key names it"
        case .wrongComponent: "names a component \"compresor\" that the template does not have"
        case .unmodeled: "sends \"batteryVoltage\", of which the template knows nothing"
        case .blocked: "was blocked by an operator"
        case .unassigned: "has no template"
        case .silent: "fell silent two hours ago"
        }
    }

    /// The kind of message that shows it; nil where the trouble is not in any message.
    var faultyKind: MessageKind? {
        switch self {
        case .healthy, .blocked, .silent: nil
        case .wrongCase: .wrongCase
        case .wrongType: .wrongType
        case .malformed: .malformed
        case .wrongComponent: .wrongComponent
        case .unmodeled: .unmodeled
        case .unassigned: .unassigned
        }
    }
}
