internal import JSON

/// What a template lacks, as a JSON Patch (RFC 6902) against its own file that only adds.
public struct TemplatePatch: Sendable {
    /// The operations as a JSON array for people, ending with a line end.
    public let bytes: [UInt8]
    /// The template with the patch applied, as JSON for people, ending with a line end.
    public let patched: [UInt8]
    /// How many telemetries and properties it adds.
    public let capabilityCount: Int
    /// What it does not add, and where values do not fit what the base defines.
    public let remarks: [InferenceRemark]
}

extension TemplateInference {
    /// The patch that makes modeled what was seen and the base lacks.
    ///
    /// - Parameter isStrict: whether the patched template has to follow the specification; else what IoT Central accepts beyond it may be used.
    public func patch(isStrict: Bool) -> TemplatePatch {
        var assembly = PatchAssembly(self, isStrict: isStrict)
        assembly.assemble()
        let operations = assembly.operations.map { operation in
            JSONTree.object(["op": .string("add"), "path": .string(operation.pointer.text), "value": operation.value])
        }
        return TemplatePatch(
            bytes: Self.pretty(.array(operations)), patched: Self.pretty(assembly.patched), capabilityCount: assembly.capabilityCount,
            remarks: InferenceRemark.bounded(assembly.draft.remarks, to: inference.options.maximumRemarks))
    }

    private static func pretty(_ tree: JSONTree) -> [UInt8] {
        var writer = JSONWriter(layout: .pretty)
        writer.tree(tree)
        return writer.bytes + [UInt8(ascii: "\n")]
    }
}

/// Finds the place of each addition in the base, and adds.
struct PatchAssembly {
    private let source: TemplateInference
    private let template: CompiledTemplate
    private let pointers: [Int: JSONPointer]
    private var identifiers: PartIdentifier
    private(set) var draft: ContentsDraft
    private(set) var operations: [(pointer: JSONPointer, value: JSONTree)] = []
    private(set) var patched: JSONTree
    private(set) var capabilityCount = 0

    init(_ source: TemplateInference, isStrict: Bool) {
        self.source = source
        template = source.base.compiled
        patched = source.tree
        pointers = JSONPointer.ofObjects(in: source.tree)
        let root = template.components[template.modules[0].defaultComponent]
        let place = pointers[root.offset]?.value(in: source.tree)
        let version = [place, source.tree].compactMap { $0.flatMap(Self.version) }.first ?? 2
        draft = ContentsDraft(vocabulary: ModelVocabulary(version: version, isStrict: isStrict), options: source.inference.options)
        identifiers = PartIdentifier(
            whole: root.interfaceID, taken: Set(TemplateElements(source.tree.values).elements.keys).union([source.base.templateID]))
    }

    mutating func assemble() {
        for (index, disagreement) in source.disagreements.sorted(by: { $0.key < $1.key }) {
            let capability = template.capabilities[index]
            let component = template.components[capability.component]
            let place = ModelInference.Place(module: template.modules[component.module].name, component: component.name)
            draft.remark(
                .baseDiffers, place, path: "/" + SchemaDecision.escaped(capability.name),
                "\(disagreement.what); it is not changed (\(disagreement.count) values).")
        }
        if source.inference.unheld > 0 {
            draft.remark(
                .tooMany, ModelInference.Place(module: "", component: ""),
                "there are more modules and components than are held here; \(source.inference.unheld) values are left out.")
        }
        for name in [""] + source.inference.moduleNames {
            if let number = name.isEmpty ? 0 : template.module(named: name.rawBytes) {
                addToModule(number, named: name)
            } else {
                addModule(named: name)
            }
        }
    }

    // MARK: - Modules and components that the base has

    private mutating func addToModule(_ module: Int, named name: String) {
        let root = template.modules[module].defaultComponent
        var contents: [JSONTree] = []
        var taken = Set(template.componentNames(inModule: module) + template.modules.dropFirst().map(\.name))
        for (place, observed) in source.inference.components(ofModule: name) where !place.component.isEmpty {
            if let number = template.component(named: place.component.rawBytes, inModule: module) {
                addContents(of: observed, at: place, toComponent: number, taken: [])
            } else if !taken.contains(place.component), template.capability(named: place.component.rawBytes, inComponent: root) == nil {
                guard let component = component(observed, at: place, path: name.isEmpty ? [] : ["module", name]) else { continue }
                taken.insert(place.component)
                contents.append(component)
            } else {
                draft.remark(.nameTaken, place, "the base has another content of this name; the component is left out.")
            }
        }
        if !contents.isEmpty { add(contents, toComponent: root, at: ModelInference.Place(module: name, component: "")) }
        for (place, observed) in source.inference.components(ofModule: name) where place.component.isEmpty {
            addContents(of: observed, at: place, toComponent: root, taken: taken)
        }
    }

    private mutating func addContents(of observed: ObservedComponent, at place: ModelInference.Place, toComponent number: Int, taken: Set<String>) {
        var room = ContentsDraft.Room(draft.vocabulary)
        let pointer = pointer(ofComponent: number)
        let present = pointer.map { contentsOf($0) } ?? []
        // What was added before stands there already: an Interface may be that of two components.
        let names = Set(present.compactMap { $0.text("name") })
        room.contents -= min(room.contents, max(present.count, template.components[number].capabilities.count))
        let added = draft.contents(of: observed, at: place, taken: taken.union(names.subtracting(observed.capabilities.map(\.name))), room: &room)
            .filter { !names.contains($0.name) }
        guard !added.isEmpty else { return }
        if add(added.map { inContext($0, at: pointer) }, toComponent: number, at: place) { capabilityCount += added.count }
    }

    /// Adds contents to the Interface of a component; false, and a remark, where it is in another file.
    @discardableResult
    private mutating func add(_ contents: [JSONTree], toComponent number: Int, at place: ModelInference.Place) -> Bool {
        guard let pointer = pointer(ofComponent: number), let interface = pointer.value(in: patched) else {
            let identifier = template.components[number].interfaceID
            draft.remark(
                .baseElsewhere, place,
                "its Interface \"\(identifier)\" is not in the base's file, so \(contents.count) names are left out; add to its own file.")
            return false
        }
        let key = interface.members.last { $0.key == "contents" || TemplateTerms.short($0.key) == "contents" }?.key ?? "contents"
        let target = pointer.appending(key)
        let present = target.value(in: patched)
        if present?.kind == .array {
            for content in contents { add(content, at: target.appending("-")) }
        } else {
            add(.array((present.map { [$0] } ?? []) + contents), at: target)
        }
        return true
    }

    private mutating func add(_ value: JSONTree, at pointer: JSONPointer) {
        guard let next = pointer.adding(value, to: patched) else {
            preconditionFailure("A patch adds at \(pointer.text), which is no place of the document that the pointer was made from")
        }
        patched = next
        operations.append((pointer, value))
    }

    /// Where the Interface of a component stands in the base; nil where a resolver had it.
    private func pointer(ofComponent number: Int) -> JSONPointer? {
        let component = template.components[number]
        guard let pointer = pointers[component.offset], let interface = pointer.value(in: patched), interface.kind == .object,
            (interface.identifier ?? "") == component.interfaceID
        else { return nil }
        return pointer
    }

    private func contentsOf(_ pointer: JSONPointer) -> [JSONTree] { pointer.value(in: patched)?.property("contents")?.values ?? [] }

    // MARK: - Those that it lacks

    /// A component with its Interface in it.
    private mutating func component(_ observed: ObservedComponent, at place: ModelInference.Place, path: [String]) -> JSONTree? {
        guard draft.allows(part: place.component, "component", at: place) else { return nil }
        var room = ContentsDraft.Room(draft.vocabulary)
        let contents = draft.contents(of: observed, at: place, taken: [], room: &room)
        guard !contents.isEmpty else { return nil }
        capabilityCount += contents.count
        let interface = interface(id: identifiers.make(path + [place.component]), contents: contents.map { inContext($0, at: nil) })
        return .object(["@type": .string("Component"), "name": .string(place.component), "schema": interface])
    }

    private mutating func addModule(named name: String) {
        let place = ModelInference.Place(module: name, component: "")
        let root = template.modules[0].defaultComponent
        guard draft.vocabulary.hasCentralTerms else {
            return draft.remark(.noTerm, place, "DTDL v\(draft.vocabulary.version) has no edge modules; it is left out.")
        }
        guard draft.allows(part: name, "module", at: place) else { return }
        guard source.base.shape != .interface else {
            return draft.remark(
                .baseHasNoPlace, place,
                "a base that is one Interface has no place for a module's; it is left out. Make the base an array of Interfaces.")
        }
        guard template.capability(named: name.rawBytes, inComponent: root) == nil, template.component(named: name.rawBytes, inModule: 0) == nil else {
            return draft.remark(.nameTaken, place, "the base has another content of this name; the module is left out.")
        }
        let before = capabilityCount
        var contents: [JSONTree] = []
        for (place, observed) in source.inference.components(ofModule: name) {
            if !place.component.isEmpty {
                if let component = component(observed, at: place, path: ["module", name]) { contents.append(component) }
                continue
            }
            var room = ContentsDraft.Room(draft.vocabulary)
            let taken = Set(source.inference.components(ofModule: name).map(\.place.component))
            let own = draft.contents(of: observed, at: place, taken: taken, room: &room)
            capabilityCount += own.count
            contents += own.map { inContext($0, at: nil) }
        }
        guard !contents.isEmpty else { return }
        let identifier = identifiers.make(["module", name])
        var module = interface(id: identifier, contents: contents)
        var target = JSONTree.array([module])
        if source.base.shape == .interfaces {
            module = .object([JSONTree.Member(key: "@context", value: .string(draft.vocabulary.context))] + module.members)
            target = .string(identifier)
        }
        let relationship = JSONTree.object([
            "@type": .array([.string("Relationship"), .string("EdgeModule")]), "name": .string(name), "target": target,
        ])
        guard add([relationship], toComponent: root, at: place) else {
            capabilityCount = before
            return
        }
        if source.base.shape == .interfaces { add(module, at: JSONPointer().appending("-")) }
    }

    private func interface(id: String, contents: [JSONTree]) -> JSONTree {
        .object(["@id": .string(id), "@type": .string("Interface"), "contents": .array(contents)])
    }

    /// A content that says by itself which contexts its terms are of, where what it is added to may not.
    private func inContext(_ content: ContentsDraft.Content, at pointer: JSONPointer?) -> JSONTree {
        guard content.needsCentralContext else { return content.tree }
        let context = JSONTree.array([.string(ModelVocabulary.centralContext), .string(draft.vocabulary.context)])
        return .object([JSONTree.Member(key: "@context", value: context)] + content.tree.members)
    }

    /// The version of DTDL that an element's own context names.
    private static func version(of element: JSONTree) -> Int? {
        for element in element.values {
            for context in (element["@context"] ?? element["capabilityModel"]?["@context"])?.values ?? [] {
                guard let text = context.stringValue, text.hasPrefix("dtmi:dtdl:context;"),
                    let version = Int(text.dropFirst("dtmi:dtdl:context;".count).prefix(1)), ModelVocabulary.versions.contains(version)
                else { continue }
                return version
            }
        }
        return nil
    }
}
