internal import JSON

/// Everything in a template's documents that has an id, and the Interfaces that are named but not there.
struct TemplateElements {
    private(set) var elements: [String: JSONTree] = [:]
    private var interfaceReferences: Set<String> = []

    init(_ documents: [JSONTree]) {
        for document in documents { collect(document) }
    }

    /// The ids of Interfaces that something extends or contains and that no document defines.
    var missingInterfaces: Set<String> { interfaceReferences.filter { elements[$0] == nil } }

    /// The ids of Interfaces that something extends or contains.
    var referencedInterfaces: Set<String> { interfaceReferences }

    private mutating func collect(_ tree: JSONTree) {
        for element in tree.kind == .array ? tree.elements : [] { collect(element) }
        guard tree.kind == .object else { return }
        if let id = tree.identifier, tree.referencedID == nil, elements[id] == nil { elements[id] = tree }
        if tree.types.contains("Component") || tree.types.contains("InterfaceInstance"), let schema = tree.property("schema") {
            refer(to: schema)
        }
        if let bases = tree.property("extends") { refer(to: bases) }
        if tree.types.contains("EdgeModule"), let target = tree.property("target") { refer(to: target) }
        for member in tree.members where member.value.kind == .object || member.value.kind == .array { collect(member.value) }
    }

    private mutating func refer(to value: JSONTree) {
        for value in value.values {
            if let id = value.referencedID { interfaceReferences.insert(id) }
        }
    }
}

/// Which element of a template's documents is the device's own.
struct TemplateRoot {
    let shape: DeviceTemplate.Shape
    let element: JSONTree
    let interface: JSONTree
    let cloudProperties: [JSONTree]

    init?(_ documents: [JSONTree], collection: TemplateElements, isArray: Bool) {
        if let template = documents.first(where: { $0.property("capabilityModel") != nil }), let model = template.property("capabilityModel")?.single
        {
            let interface = model.referencedID.flatMap { collection.elements[$0] } ?? model
            guard interface.kind == .object else { return nil }
            shape = .deviceTemplate
            element = template
            self.interface = interface
            cloudProperties = template.property("solutionModel")?.property("cloudProperties")?.values ?? []
            return
        }
        let interfaces = documents.filter(Self.isInterface)
        let own = interfaces.first { interface in interface.identifier.map { !collection.referencedInterfaces.contains($0) } ?? true }
        guard let interface = own ?? interfaces.first else { return nil }
        shape = isArray ? .interfaces : .interface
        element = interface
        self.interface = interface
        cloudProperties = []
    }

    var templateID: String? { element.identifier ?? interface.identifier }

    private static func isInterface(_ tree: JSONTree) -> Bool {
        let types = tree.types
        return types.contains("Interface") || types.contains("CapabilityModel")
            || (types.isEmpty && (tree.property("contents") != nil || tree.property("extends") != nil))
    }
}
