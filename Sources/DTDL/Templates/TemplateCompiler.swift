internal import JSON

/// Turns the Interfaces of a template into modules, components and capabilities.
struct TemplateCompiler {
    private var modules: [CompiledTemplate.Module] = []
    private var components: [CompiledTemplate.Component] = []
    private var capabilities: [Capability] = []
    private var names = ScopedNames()
    private let moduleScope: Int32
    private var schemas: SchemaCompiler
    /// Edge modules that were met on the way, to be compiled after the device itself.
    private var edgeModules: [(name: String, interface: JSONTree)] = []

    init(elements: [String: JSONTree]) {
        schemas = SchemaCompiler(elements: elements)
        moduleScope = names.makeScope()
    }

    /// Compiles the device's own Interface and all edge modules that it names, and gives the template with what was found on the way.
    static func compile(
        root: JSONTree, cloudProperties: [JSONTree], elements: [String: JSONTree]
    ) -> (template: CompiledTemplate, issues: [TemplateIssue]) {
        var compiler = TemplateCompiler(elements: elements)
        compiler.addModule(name: "", interface: root)
        for property in cloudProperties { compiler.addCapability(property, kind: .cloudProperty, interfaceID: "", component: 0) }
        var next = 0
        while next < compiler.edgeModules.count {
            let module = compiler.edgeModules[next]
            compiler.addModule(name: module.name, interface: module.interface)
            next += 1
        }
        let template = CompiledTemplate(
            modules: compiler.modules, components: compiler.components, capabilities: compiler.capabilities, programs: compiler.schemas.programs,
            names: compiler.names, moduleScope: compiler.moduleScope)
        return (template, compiler.schemas.issues)
    }

    // MARK: -

    private mutating func addModule(name: String, interface: JSONTree) {
        let module = modules.count
        let interfaceID = interface.identifier ?? ""
        if !name.isEmpty {
            guard names.insert(name, scope: moduleScope, value: Int32(module)) == module else {
                return report(.nameDuplicate, interface, "The template has two edge modules named \"\(name)\"; the second is left out.")
            }
        }
        modules.append(
            CompiledTemplate.Module(
                name: name, interfaceID: interfaceID, defaultComponent: components.count, scope: names.makeScope()))
        let component = addComponent(name: "", interface: interface, module: module)
        addContents(of: interface, to: component, isDefault: true)
    }

    private mutating func addComponent(name: String, interface: JSONTree, module: Int) -> Int {
        components.append(
            CompiledTemplate.Component(
                name: name, interfaceID: interface.identifier ?? "", module: module, capabilities: [], scope: names.makeScope(),
                offset: interface.offset))
        return components.count - 1
    }

    /// The contents of an Interface and of all it extends, breadth first, so that an Interface's own contents come before inherited ones.
    private mutating func addContents(of interface: JSONTree, to component: Int, isDefault: Bool) {
        var pending = [interface]
        var seen: Set<String> = []
        var next = 0
        while next < pending.count {
            let current = pending[next]
            next += 1
            let identifier = current.identifier ?? ""
            if !identifier.isEmpty, !seen.insert(identifier).inserted { continue }
            for content in current.property("contents")?.values ?? [] {
                add(content, interfaceID: identifier, component: component, isDefault: isDefault)
            }
            for instance in current.property("implements")?.values ?? [] {
                addInstance(instance, to: component)
            }
            for base in current.property("extends")?.values ?? [] {
                if let interface = self.interface(base, of: current) { pending.append(interface) }
            }
        }
        reportCycles(from: interface)
    }

    /// Says which Interfaces extend themselves. The contents need no care for it: each Interface is read once.
    private mutating func reportCycles(from root: JSONTree) {
        var open: [String] = []
        var isOpen: Set<String> = []
        var done: Set<String> = []
        // An Interface with nil marks that all below the last open one are done.
        var stack: [JSONTree?] = [root]
        while let next = stack.popLast() {
            guard let interface = next else {
                if let identifier = open.popLast() {
                    isOpen.remove(identifier)
                    done.insert(identifier)
                }
                continue
            }
            guard let identifier = interface.identifier, !done.contains(identifier) else { continue }
            if isOpen.contains(identifier) {
                report(
                    .extendsCycle, interface,
                    "The Interface \"\(identifier)\" extends itself through \"\(open.last ?? identifier)\"; remove one of the two.")
                continue
            }
            open.append(identifier)
            isOpen.insert(identifier)
            stack.append(nil)
            for base in interface.property("extends")?.values ?? [] {
                if let found = base.referencedID.map({ schemas.elements[$0] }) ?? base { stack.append(found) }
            }
        }
    }

    /// Templates before DTDL v2 list `implements`: devices sent such contents flat, or under the instance's name, so both are taken.
    private mutating func addInstance(_ instance: JSONTree, to component: Int) {
        guard let schema = instance.property("schema"), let interface = interface(schema.single, of: instance) else { return }
        for content in interface.property("contents")?.values ?? [] {
            add(content, interfaceID: interface.identifier ?? "", component: component, isDefault: false)
        }
        if let name = instance.text("name") {
            addNamedComponent(name, interface: interface, at: instance, module: components[component].module)
        }
    }

    private mutating func add(_ content: JSONTree, interfaceID: String, component: Int, isDefault: Bool) {
        let types = content.types
        if types.contains("Telemetry") {
            addCapability(content, kind: .telemetry, interfaceID: interfaceID, component: component)
        } else if types.contains("Property") {
            let kind: Capability.Kind =
                types.contains("Cloud") ? .cloudProperty : content.flag("writable") ? .writableProperty : .readOnlyProperty
            addCapability(content, kind: kind, interfaceID: interfaceID, component: component)
        } else if types.contains("Command") {
            addCapability(content, kind: .command, interfaceID: interfaceID, component: component)
        } else if types.contains("Component") {
            addComponentContent(content, component: component, isDefault: isDefault)
        } else if types.contains("Relationship") {
            addRelationship(content, types: types, component: component)
        } else {
            report(
                .typeUnknown, content,
                "The content \(describe(content)) has the type \(types.isEmpty ? "none" : types.joined(separator: ", ")), none of Telemetry, Property, "
                    + "Command, Component and Relationship; it is left out. Give it a @type.")
        }
    }

    private mutating func addComponentContent(_ content: JSONTree, component: Int, isDefault: Bool) {
        guard isDefault else {
            return report(
                .componentNested, content, "The component \(describe(content)) is inside of a component, which DTDL forbids; it is left out.")
        }
        guard let name = content.text("name") else {
            return report(.nameMissing, content, "A component on line \(content.line) has no name and is left out; give it one.")
        }
        guard let schema = content.property("schema"), let interface = interface(schema.single, of: content) else { return }
        addNamedComponent(name, interface: interface, at: content, module: components[component].module)
    }

    private mutating func addNamedComponent(_ name: String, interface: JSONTree, at place: JSONTree, module: Int) {
        let number = Int32(components.count)
        guard names.insert(name, scope: modules[module].scope, value: number) == number else {
            return report(.nameDuplicate, place, "There are two components named \"\(name)\"; the second is left out. Rename one.")
        }
        let component = addComponent(name: name, interface: interface, module: module)
        addContents(of: interface, to: component, isDefault: false)
    }

    /// A relationship says nothing about messages, but for IoT Central's edge modules, whose target is the module's own Interface.
    private mutating func addRelationship(_ content: JSONTree, types: [Substring], component: Int) {
        guard types.contains("EdgeModule"), let name = content.text("name") else { return }
        guard let target = content.property("target"), let interface = interface(target.values.first ?? target, of: content) else { return }
        edgeModules.append((name, interface))
    }

    private mutating func addCapability(_ content: JSONTree, kind: Capability.Kind, interfaceID: String, component: Int) {
        guard let name = content.text("name"), !name.isEmpty else {
            return report(.nameMissing, content, "A capability on line \(content.line) has no name and is left out; give it one.")
        }
        var program: Int?
        if kind != .command {
            let node = schemas.compile(content.property("schema"), of: content)
            program = Int(schemas.limit(node, by: content))
        }
        let number = Int32(capabilities.count)
        let first = names.insert(name, scope: components[component].scope, value: number)
        capabilities.append(
            Capability(
                name: name, kind: kind, displayName: content.localizedText("displayName"),
                unit: content.property("unit")?.single.stringValue.map { String(TemplateTerms.short($0)) },
                program: program, requestProgram: payload("request", of: content, kind: kind),
                responseProgram: payload("response", of: content, kind: kind),
                interfaceID: interfaceID, component: component))
        components[component].capabilities.append(Int(number))
        if first != number { link(namesake: Int(number), after: Int(first), at: content) }
    }

    private mutating func link(namesake: Int, after first: Int, at content: JSONTree) {
        var last = first
        while let next = capabilities[last].namesake { last = next }
        capabilities[last].namesake = namesake
        report(
            .nameDuplicate, content,
            "The name \"\(capabilities[first].name)\" is defined twice in one component; a value is judged by the first definition of its kind."
        )
    }

    private mutating func payload(_ property: String, of content: JSONTree, kind: Capability.Kind) -> Int? {
        guard kind == .command, let payload = content.property(property)?.single else { return nil }
        return Int(schemas.compile(payload.property("schema"), of: payload))
    }

    /// The Interface that stands at a place, written out or named.
    private mutating func interface(_ value: JSONTree, of owner: JSONTree) -> JSONTree? {
        if let id = value.referencedID {
            if let interface = schemas.elements[id] { return interface }
            schemas.issues.append(
                TemplateIssue(
                    code: .interfaceUnresolved,
                    message: "\(describe(owner)) refers to the Interface \"\(id)\", which the template does not contain; its contents are unknown. "
                        + "Publish the template together with it.",
                    line: value.line, identifier: id))
            return nil
        }
        return value.kind == .object ? value : nil
    }

    private mutating func report(_ code: TemplateIssue.Code, _ element: JSONTree, _ message: String) {
        schemas.issues.append(TemplateIssue(code: code, message: message, line: element.line, identifier: nil))
    }

    private func describe(_ element: JSONTree) -> String {
        (element.text("name") ?? element.identifier).map { "\"\($0)\"" } ?? "the element on line \(element.line)"
    }
}

extension JSONTree {
    /// The id, when a value is only a reference: a string, or an object with nothing but `@id`.
    var referencedID: String? {
        if let text = stringValue { return text }
        return kind == .object && members.count == 1 ? property("@id")?.single.stringValue : nil
    }
}
