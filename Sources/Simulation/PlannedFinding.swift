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
    package init(rule: String, component: String = "", path: String, isError: Bool) {
        self.rule = rule
        self.component = component
        self.path = path
        self.isError = isError
    }
}
