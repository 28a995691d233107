package import Diagnostics
package import JSON

/// What was decided: one row of the control log.
package struct ControlEvent: Equatable, Sendable {
    /// The kinds of decisions. Append-only, as the table's check.
    package enum Kind: String, Sendable, CaseIterable {
        case publish
        case activate
        case assign
        case ruleSet = "rule_set"
        case replay
        case promote
        case retain
        case newSourceLife = "new_source_life"
        case hole
        case reindex
        case export
    }

    /// The event's number; events become visible in the order of their numbers.
    package let seq: Int64
    package let at: Timestamp
    /// Who decided.
    package let actor: String
    package let kind: Kind
    /// Details, by kind; see `ControlBody`.
    package let body: JSONTree

    /// An event of its parts, as the table has it.
    package init(seq: Int64, at: Timestamp, actor: String, kind: Kind, body: JSONTree) {
        self.seq = seq
        self.at = at
        self.actor = actor
        self.kind = kind
        self.body = body
    }
}
