/// The contexts in force at an element: those of the elements around it, with its own over them.
struct ActiveContext {
    /// The DTDL context; nil while there is none yet.
    var language: MetaContext?
    /// The other contexts by their names, in the order they came.
    var extensions: [MetaContext] = []
    /// Whether all that the contexts define is known here: no context is unknown, but allowed.
    private(set) var isComplete = true
    /// Whether one of the unknown contexts is that of layers.
    private(set) var isLayered = false
    /// Which limits hold (DTDL v4): the language's own, or those of a limit extension.
    var limit = ""

    var version: Int { language?.majorVersion ?? 0 }

    mutating func addUnknown(_ specifier: String) {
        isComplete = false
        if specifier.hasPrefix(ModelLayers.contextName + ";") { isLayered = true }
    }

    mutating func add(_ context: MetaContext) {
        if let index = extensions.firstIndex(where: { $0.name == context.name }) {
            extensions[index] = context
        } else {
            extensions.append(context)
        }
    }

    /// The identifier that a term or an identifier means here; nil if it means none.
    func identifier(_ text: String) -> String? {
        if text.utf8.starts(with: "dtmi:".utf8) {
            return DTMI.isUserIdentifier(text, version: version) && text.utf8.count <= 2048 ? text : nil
        }
        guard !text.utf8.contains(UInt8(ascii: ":")) else { return nil }
        if let found = language?.terms[text] { return found }
        for context in extensions {
            if let found = context.terms[text] { return found }
        }
        return nil
    }

    func isReserved(_ identifier: String) -> Bool {
        let contexts = [language].compactMap { $0 } + extensions
        return contexts.contains { $0.reservedPrefixes.contains { identifier.hasPrefix($0) } }
    }
}
