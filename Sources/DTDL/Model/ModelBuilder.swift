internal import JSON

/// Reads documents into elements and checks them, by the tables of the metamodel.
///
/// It goes in four steps, as the reference implementation does, so that the same model gets the same errors: reading each document, finding what is
/// referred to, following references, and checking what can only be checked on the whole. A step with errors is the last one.
struct ModelBuilder {
    let metamodel = Metamodel.standard
    let options: ModelOptions
    var elements: [ModelElement] = []
    var indices: [String: Int] = [:]
    var references: [ModelReference] = []
    /// How many of the references have been looked for.
    var referencesSought = 0
    var errors: [ModelError] = []
    /// What holds each element, once that is known.
    var holders: [[ModelHolder]] = []
    /// What is known of elements that are defined in layers.
    var layers = ModelLayers()
    var siblings = SiblingIndex()
    /// What the model defines, by identifier, once a value is held against a schema.
    var named: [String: JSONTree]?
    /// The document that is being read.
    var document = 0
    /// Whether old faults are tolerated in it.
    var toleratesSolecisms = false

    init(options: ModelOptions) {
        self.options = options
    }

    var hasErrors: Bool { errors.contains { $0.severity == .error } }

    /// Whether there are errors that leave elements out or in pieces, so that what is said of the whole would be misleading. A co-type on the wrong class
    /// does not.
    var isBroken: Bool { errors.contains { $0.severity == .error && $0.code != "invalidCotype" } }

    /// Keeps an error; the profile says how severe it is.
    mutating func report(
        _ code: String, at place: JSONTree, element: String? = nil, property: String? = nil, value: String? = nil, cause: String, action: String
    ) {
        report(code, line: place.line, document: document, element: element, property: property, value: value, cause: cause, action: action)
    }

    mutating func report(
        _ code: String, line: Int, document: Int, element: String? = nil, property: String? = nil, value: String? = nil, cause: String, action: String
    ) {
        let isWarning = options.profile == .iotCentral && IoTCentralProfile.accepted.contains(code)
        errors.append(
            ModelError(
                code: code, severity: isWarning ? .warning : .error, elementID: element, property: property, value: value, document: document,
                line: line,
                cause: cause, action: action))
    }

    mutating func append(_ element: ModelElement) -> Int {
        indices[element.identifier] = elements.count
        elements.append(element)
        return elements.count - 1
    }

    /// Whether an element has a type, material or supplemental, of its own or by inheritance.
    func element(_ index: Int, has type: String) -> Bool {
        let element = elements[index]
        let name = type.prefix { $0 != ";" }
        if metamodel.classes[element.className]?.lineage.contains(String(name)) ?? false { return true }
        return element.types.contains { metamodel.type($0, is: type) }
    }
}
