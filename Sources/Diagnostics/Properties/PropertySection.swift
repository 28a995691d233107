/// Which of a property's values is meant. Raw values are stored.
package enum PropertySection: Int16, CaseIterable, Sendable {
    /// None of them: the row keeps when the device, or one of its modules, was deleted.
    case life = 0
    /// What the device reports.
    case reported = 1
    /// What somebody wants the device to take.
    case desired = 2
    /// What only the service keeps.
    case cloud = 3

    /// The section that events of a kind write; nil where they write none.
    init?(_ kind: EventKind) {
        switch kind {
        case .propertyReported: self = .reported
        case .propertyDesired: self = .desired
        case .propertyCloud: self = .cloud
        default: return nil
        }
    }
}
