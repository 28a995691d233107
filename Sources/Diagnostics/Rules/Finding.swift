/// One thing wrong with one event.
package struct Finding: Equatable, Sendable {
    /// Which rule says so.
    package let rule: Rule
    /// The edge module; empty for the device itself.
    package let module: String
    /// The component; empty for the default one.
    package let component: String
    /// JSON Pointer (RFC 6901) from the values that the device sent, array indices and map keys as `*`, bounded: `/temperature`.
    package let path: String
    /// Where in the payload, in bytes from its start. For what is wrong within a message that the payload holds encoded, where the text begins that encodes it.
    package internal(set) var byteOffset: Int
    /// What the template or the format asks for.
    package let expected: String
    /// What is there.
    package let actual: String
    /// The nearest defined name, where there is one.
    package let suggestion: String?

    /// A finding of its parts. Texts that quote a device or a template are bounded here; `module` and `component` come bounded, since a decoder reads them.
    package init(
        rule: Rule, module: String = "", component: String = "", path: String = "", byteOffset: Int, expected: String, actual: String,
        suggestion: String? = nil
    ) {
        self.rule = rule
        self.module = module
        self.component = component
        self.path = BoundedText.bound(path, limit: BoundedText.pathLimit)
        self.byteOffset = byteOffset
        self.expected = BoundedText.bound(expected, limit: BoundedText.pathLimit)
        self.actual = BoundedText.bound(actual, limit: BoundedText.pathLimit)
        self.suggestion = suggestion.map { BoundedText.bound($0, limit: BoundedText.identifierLimit) }
    }

    /// What is wrong, where, expected and actual, in a sentence for people.
    package var message: String {
        let place = path.isEmpty ? "" : " at \(path)"
        let inComponent = component.isEmpty ? "" : " in component \(component)"
        let inModule = module.isEmpty ? "" : " in module \(module)"
        let hint = suggestion.map { " Did you mean \"\($0)\"?" } ?? ""
        return "\(rule.meaning) Found \(actual)\(place)\(inComponent)\(inModule), expected \(expected).\(hint)"
    }
}
