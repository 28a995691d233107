import DTDL

/// What there is to say about names that a template does not define.
///
/// Devices repeat themselves, and the search for the nearest name is the dearest thing a judge does; so answers are kept, as many as memory may be
/// spent on. They depend on the name and the template version alone.
struct UndefinedNames: Sendable {
    /// What a finding says about a name.
    struct Answer: Sendable {
        let rule: Rule
        let expected: String
        let suggestion: String?
    }

    private struct Question: Hashable {
        let versionKey: Int32
        let component: Int
        let name: String
    }

    /// How many answers are kept, and the longest name that one is kept for: what devices make up must not fill the memory.
    private static let limit = 2048
    private static let longestName = 256

    private var answers: [Question: Answer] = [:]

    /// The answer for a name in a component of a version.
    mutating func answer(for name: String, inComponent component: Int, of version: PublishedTemplate) -> Answer {
        guard name.utf8.count <= Self.longestName else { return Self.search(name, component, version.compiled) }
        let question = Question(versionKey: version.key, component: component, name: name)
        if let known = answers[question] { return known }
        let answer = Self.search(name, component, version.compiled)
        if answers.count >= Self.limit { answers.removeAll(keepingCapacity: true) }
        answers[question] = answer
        return answer
    }

    private static func search(_ name: String, _ component: Int, _ template: CompiledTemplate) -> Answer {
        let expected = Judge.list(template.names(inComponent: component))
        guard let found = template.suggestion(for: name, inComponent: component) else {
            return Answer(rule: .capabilityUndefined, expected: expected, suggestion: nil)
        }
        switch found.reason {
        case .differsInCase: return Answer(rule: .capabilityCase, expected: expected, suggestion: found.name)
        case .similar: return Answer(rule: .capabilityUndefined, expected: expected, suggestion: found.name)
        case .otherComponent:
            let other = template.components[found.component]
            let module = template.modules[other.module].name
            let place = other.name.isEmpty ? "outside of a component" : "in component \(other.name)"
            let suggestion = module.isEmpty ? "\(found.name) \(place)" : "\(found.name) \(place) of module \(module)"
            return Answer(rule: .capabilityUndefined, expected: expected, suggestion: suggestion)
        }
    }
}
