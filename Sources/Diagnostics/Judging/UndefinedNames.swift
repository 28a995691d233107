import DTDL
import JSON

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
        let isModule: Bool
        let isTelemetry: Bool
        let name: String
    }

    /// How many answers are kept, and the longest name that one is kept for: what devices make up must not fill the memory.
    private static let limit = 2048
    private static let longestName = 256

    private var answers: [Question: Answer] = [:]

    /// The answer for a name in a component of a version; `isModule` says whether the component is an edge module's.
    mutating func answer(
        for name: String, inComponent component: Int, ofModule isModule: Bool, isTelemetry: Bool, version: PublishedTemplate
    ) -> Answer {
        let question = Question(versionKey: version.key, component: component, isModule: isModule, isTelemetry: isTelemetry, name: name)
        guard name.utf8.count <= Self.longestName else { return Self.search(question, version.compiled) }
        if let known = answers[question] { return known }
        let answer = Self.search(question, version.compiled)
        if answers.count >= Self.limit { answers.removeAll(keepingCapacity: true) }
        answers[question] = answer
        return answer
    }

    private static func search(_ question: Question, _ template: CompiledTemplate) -> Answer {
        let expected = Judge.list(template.names(inComponent: question.component))
        let found = template.suggestion(for: question.name, inComponent: question.component)
        if let found, found.reason == .differsInCase {
            return Answer(rule: .capabilityCase, expected: expected, suggestion: found.name)
        }
        if let home = home(of: question, template) {
            let rule: Rule = question.isModule && question.isTelemetry ? .edgeRuntimeOutdated : .componentMissing
            return Answer(rule: rule, expected: expected, suggestion: place(question.name, home, template))
        }
        guard let found else { return Answer(rule: .capabilityUndefined, expected: expected, suggestion: nil) }
        let suggestion = found.reason == .otherComponent ? place(found.name, found.component, template) : found.name
        return Answer(rule: .capabilityUndefined, expected: expected, suggestion: suggestion)
    }

    /// The first named component of the same module that defines a name which nothing but the module's default component was named for.
    private static func home(of question: Question, _ template: CompiledTemplate) -> Int? {
        let own = template.components[question.component]
        guard own.name.isEmpty else { return nil }
        return template.components.indices.first {
            template.components[$0].module == own.module && !template.components[$0].name.isEmpty
                && template.capability(named: question.name.rawBytes, inComponent: $0) != nil
        }
    }

    private static func place(_ name: String, _ component: Int, _ template: CompiledTemplate) -> String {
        let other = template.components[component]
        let module = template.modules[other.module].name
        let place = other.name.isEmpty ? "outside of a component" : "in component \(other.name)"
        return module.isEmpty ? "\(name) \(place)" : "\(name) \(place) of module \(module)"
    }
}
