/// What the catalogue says about a rule.
package struct RuleEntry: Sendable {
    /// The rule, whose raw value is its id.
    package let rule: Rule
    /// What the rule looks at.
    package let family: RuleFamily
    /// How much it matters.
    package let severity: Severity
    /// Whether the place that a finding names is a name that the device chose.
    package let isOpen: Bool
    /// What is wrong, in one sentence.
    package let meaning: String
    /// What to do about it, in one sentence.
    package let action: String
    /// A short message, or a part of one, that breaks the rule.
    package let example: String
    /// The formats that the rule is about, and the clause that it comes from.
    package let source: String

    /// The rule's id.
    package var id: String { rule.rawValue }

    init(
        rule: Rule, family: RuleFamily, severity: Severity, isOpen: Bool = false, meaning: String, action: String, example: String, source: String
    ) {
        self.rule = rule
        self.family = family
        self.severity = severity
        self.isOpen = isOpen
        self.meaning = meaning
        self.action = action
        self.example = example
        self.source = source
    }
}
