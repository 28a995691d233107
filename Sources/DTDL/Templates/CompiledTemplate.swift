public import JSON

/// A template made ready for checking messages: every name in one hash table by its bytes, every schema a flat program.
///
/// Modules, components and capabilities are numbered; numbers mean something only to the value they came from. Module 0 is the device itself;
/// the others are the edge modules of an IoT Edge template. Every module has a default component, which has no name on the wire and holds the
/// contents of the Interface and of all it extends, flat (IoT Plug and Play conventions, "Telemetry" and "Components").
///
/// It is a class so that handing it on costs one reference, whatever it holds; it never changes.
public final class CompiledTemplate: Sendable {
    /// One module: the device itself, or an edge module.
    public struct Module: Sendable {
        /// The name of the edge module; empty for the device itself.
        public let name: String
        /// The `@id` of the module's Interface; empty if it has none.
        public let interfaceID: String
        /// The number of the default component.
        public let defaultComponent: Int
        let scope: Int32
    }

    /// One component of a module.
    public struct Component: Sendable {
        /// The name on the wire; empty for the default component.
        public let name: String
        /// The `@id` of the component's Interface; empty if it has none.
        public let interfaceID: String
        /// The number of the module it is in.
        public let module: Int
        /// The numbers of its capabilities, in the template's order, inherited ones last.
        public internal(set) var capabilities: [Int]
        let scope: Int32
        /// The byte at which the Interface stands in its document.
        let offset: Int
    }

    /// All modules; the first is the device itself.
    public let modules: [Module]
    /// All components of all modules.
    public let components: [Component]
    /// All capabilities of all components.
    public let capabilities: [Capability]
    /// The compiled schemas.
    public let programs: SchemaPrograms

    let names: ScopedNames
    let moduleScope: Int32

    init(
        modules: [Module], components: [Component], capabilities: [Capability], programs: SchemaPrograms, names: ScopedNames, moduleScope: Int32
    ) {
        self.modules = modules
        self.components = components
        self.capabilities = capabilities
        self.programs = programs
        self.names = names
        self.moduleScope = moduleScope
    }

    /// The number of an edge module, by the UTF-8 bytes of its name.
    public func module(named name: RawSpan) -> Int? {
        names.find(Span(_bytes: name), scope: moduleScope).map(Int.init)
    }

    /// The number of a module's named component, by the UTF-8 bytes of its name. The default component has no name to be found by.
    public func component(named name: RawSpan, inModule module: Int) -> Int? {
        names.find(Span(_bytes: name), scope: modules[module].scope).map(Int.init)
    }

    /// The number of a component's capability, by the UTF-8 bytes of its name.
    public func capability(named name: RawSpan, inComponent component: Int) -> Int? {
        names.find(Span(_bytes: name), scope: components[component].scope).map(Int.init)
    }

    /// The number of a component's capability by its key in a document, with escapes undone.
    public func capability(named key: JSONNode, of document: borrowing JSONDocument, inComponent component: Int) -> Int? {
        if !document.hasEscapes(key) { return capability(named: document.text(key), inComponent: component) }
        var bytes: [UInt8] = []
        document.unescape(key, into: &bytes)
        return names.find(bytes.span, scope: components[component].scope).map(Int.init)
    }

    /// Among the capabilities that share a name, the first of one of the kinds; the given one if none is.
    public func capability(_ capability: Int, preferring kinds: Set<Capability.Kind>) -> Int {
        var candidate: Int? = capability
        while let index = candidate {
            if kinds.contains(capabilities[index].kind) { return index }
            candidate = capabilities[index].namesake
        }
        return capability
    }

    /// The names that a component defines, in the template's order.
    public func names(inComponent component: Int) -> [String] {
        components[component].capabilities.map { capabilities[$0].name }
    }

    /// The named components of a module, in the template's order.
    public func componentNames(inModule module: Int) -> [String] {
        components.filter { $0.module == module && !$0.name.isEmpty }.map(\.name)
    }
}
