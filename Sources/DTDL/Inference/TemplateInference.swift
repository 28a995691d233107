public import JSON

/// Infers what an existing template lacks: a fold over values that leaves alone what the template defines, and a JSON Patch that adds the rest.
public struct TemplateInference: Sendable {
    /// How values disagree with what the base says of one capability.
    struct Disagreement: Sendable {
        var count = 1
        /// The first one, in words.
        let what: String
    }

    /// The template that is added to.
    public let base: DeviceTemplate
    let tree: JSONTree
    private(set) var inference: ModelInference
    /// By the capability's number.
    private(set) var disagreements: [Int: Disagreement] = [:]
    private var checker: SchemaChecker
    private var faults: [SchemaFault] = []

    /// An inference over a template.
    ///
    /// - Parameters:
    ///   - base: the template's file.
    ///   - resolver: asked for Interfaces that the file refers to and does not contain; nothing is added to those.
    ///   - options: by which counts, and how much is held.
    /// - Throws: `TemplateError` when the bytes are no template at all.
    public init(
        base: [UInt8], resolver: some ModelResolver = NoModelResolver(), options: InferenceOptions = InferenceOptions()
    ) throws(TemplateError) {
        self.base = try DeviceTemplate(bytes: base, resolver: resolver)
        let text = try SourceText.utf8(base)
        do throws(JSONSyntaxError) {
            tree = try JSONTree.parse(text)
        } catch {
            throw TemplateError(code: .syntax, description: "The template is \(error.description); correct it there.")
        }
        inference = ModelInference(options: options)
        var checks = CheckOptions()
        checks.nullValue = .accept
        checks.maximumFaults = 1
        checker = SchemaChecker(options: checks)
    }

    /// How many capabilities were seen that the base lacks.
    public var count: Int { inference.count }

    /// Widens what is to be added by one value, or holds the value against what the base defines. See ``ModelInference``.
    public mutating func observe(
        _ name: String, _ value: JSONNode, in document: borrowing JSONDocument, as kind: ModelInference.Kind, module: String = "",
        component: String = "", origin: String = ""
    ) {
        let template = base.compiled
        guard let moduleNumber = module.isEmpty ? 0 : template.module(named: module.rawBytes),
            let number = component.isEmpty
                ? template.modules[moduleNumber].defaultComponent : template.component(named: component.rawBytes, inModule: moduleNumber),
            let first = template.capability(named: name.rawBytes, inComponent: number)
        else { return inference.observe(name, value, in: document, as: kind, module: module, component: component, origin: origin) }
        let index = template.capability(first, preferring: kind.capabilities)
        let capability = template.capabilities[index]
        guard kind.capabilities.contains(capability.kind) else {
            return disagree(index, "it was sent as \(kind.rawValue), and the base defines it as \(capability.kind)")
        }
        guard let program = capability.program else { return }
        let isReport = kind == .reportedProperty && capability.kind == .writableProperty
        let inner = isReport ? Acknowledgement.value(of: value, in: document) ?? value : value
        faults.removeAll(keepingCapacity: true)
        checker.check(inner, in: document, program: program, of: template.programs, into: &faults)
        if let fault = faults.first {
            let place = fault.boundedPointer.isEmpty ? "" : " at \(fault.boundedPointer)"
            disagree(index, "a value\(place) is \(fault.actual), and the base asks for \(fault.expected)")
        }
    }

    private mutating func disagree(_ capability: Int, _ what: @autoclosure () -> String) {
        if disagreements[capability] == nil {
            disagreements[capability] = Disagreement(what: what())
        } else {
            disagreements[capability]?.count += 1
        }
    }
}

extension ModelInference.Kind {
    /// The kinds of capabilities that a template defines such values by.
    var capabilities: Set<Capability.Kind> {
        switch self {
        case .telemetry: [.telemetry]
        case .reportedProperty: [.readOnlyProperty, .writableProperty]
        case .desiredProperty: [.writableProperty]
        case .cloudProperty: [.cloudProperty]
        }
    }
}
