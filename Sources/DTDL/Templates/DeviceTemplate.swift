internal import JSON

/// A device template, read: its id, the canonical bytes that name its version, and the compiled form that messages are checked by.
///
/// It reads what people really have: an Interface (DTDL v2, v3, v4), an array of Interfaces, or a device template as IoT Central exports it, in its
/// present and older shapes, in UTF-8 with or without a byte order mark or in UTF-16. It is lenient: what does not stop it is in `issues`. Use
/// `ModelParser` for a verdict by the letter of the specification.
public struct DeviceTemplate: Sendable {
    /// What was read.
    public enum Shape: String, Sendable {
        /// One Interface.
        case interface
        /// An array of Interfaces; the device's own is the first that no other one extends or contains.
        case interfaces
        /// A device template with a `capabilityModel`.
        case deviceTemplate = "device-template"
    }

    /// The `@id` of the device template, or of the device's own Interface. It may be a DTMI, a `urn:` or anything else: opaque.
    public let templateID: String
    /// The name for people, if there is one.
    public let displayName: String?
    /// What was read.
    public let shape: Shape
    /// The template as canonical JSON (members sorted, no blanks): equal templates have equal bytes. If a resolver added documents, it is an array
    /// of the template and of them, which reads as the same template without the resolver.
    public let canonicalJSON: [UInt8]
    /// What its author should know, in the order it was found.
    public let issues: [TemplateIssue]
    /// The form that messages are checked by.
    public let compiled: CompiledTemplate

    /// The ids of Interfaces that are referred to and were not found.
    public var unresolved: [String] {
        Array(Set(issues.compactMap(\.identifier))).sorted()
    }

    /// Reads a template.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - resolver: asked for Interfaces that the file refers to and does not contain.
    /// - Throws: `TemplateError` when the bytes are no template at all.
    public init(bytes: [UInt8], resolver: some ModelResolver = NoModelResolver()) throws(TemplateError) {
        let tree = try Self.parse(bytes)
        var documents = tree.values
        var collection = TemplateElements(documents)
        var added: [JSONTree] = []
        var asked: Set<String> = []
        while true {
            let missing = collection.missingInterfaces.subtracting(asked)
            guard !missing.isEmpty, let found = resolver.documents(for: missing.sorted()) else { break }
            asked.formUnion(missing)
            for document in found { added.append(contentsOf: try Self.parse(document).values) }
            collection = TemplateElements(documents + added)
        }
        documents = documents.filter { $0.kind == .object }
        guard let root = TemplateRoot(documents, collection: collection, isArray: tree.kind == .array) else { throw Self.shapeError(tree) }
        guard let templateID = root.templateID else {
            throw TemplateError(
                code: .idMissing, description: "The template on line \(root.element.line) has no \"@id\" and neither has its Interface; give it one.")
        }
        let result = TemplateCompiler.compile(
            root: root.interface, cloudProperties: root.cloudProperties, elements: collection.elements)
        self.templateID = templateID
        self.displayName = root.element.localizedText("displayName")
        self.shape = root.shape
        self.issues = result.issues
        self.compiled = result.template
        self.canonicalJSON = Self.canonical(tree, added: added)
    }

    // MARK: -

    private static func parse(_ bytes: [UInt8]) throws(TemplateError) -> JSONTree {
        let text = try SourceText.utf8(bytes)
        do {
            return try JSONTree.parse(text)
        } catch {
            throw TemplateError(code: .syntax, description: "The template is \(error.description); correct it there.")
        }
    }

    private static func shapeError(_ tree: JSONTree) -> TemplateError {
        let actual = tree.kind == .object ? "an object with the members \(tree.members.prefix(8).map(\.key).joined(separator: ", "))" : "\(tree.kind)"
        return TemplateError(
            code: .shape,
            description:
                "The file is no device template: expected an Interface, an array of Interfaces, or an object with \"capabilityModel\", found \(actual)."
        )
    }

    private static func canonical(_ tree: JSONTree, added: [JSONTree]) -> [UInt8] {
        guard !added.isEmpty else { return tree.canonicalBytes() }
        var bytes = [UInt8(ascii: "[")]
        let all = tree.values.map { $0.canonicalBytes() } + added.map { $0.canonicalBytes() }.sorted { $0.lexicographicallyPrecedes($1) }
        for (index, document) in all.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: document)
        }
        return bytes + [UInt8(ascii: "]")]
    }
}
