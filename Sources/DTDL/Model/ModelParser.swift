internal import JSON

/// What became of a model.
public struct ModelResult: Sendable {
    /// The four outcomes of the specification in three: complete and valid, invalid (whether complete or not), or not to be decided yet.
    public enum Outcome: String, Sendable {
        /// All is there, and nothing is wrong.
        case valid
        /// Something is wrong; see `errors`.
        case invalid
        /// Nothing is wrong so far, but something that is referred to is not there; see `unresolved`.
        case unresolved
    }

    /// What became of it.
    public let outcome: Outcome
    /// What is wrong and what is not as it should be, in the order it was found.
    public let errors: [ModelError]
    /// The identifiers that were referred to and not found.
    public let unresolved: [String]
    /// The identifiers of the elements, Interfaces and all that is in them, in the order of the documents.
    public let elements: [String]
}

/// Reads and checks models: DTDL v2, v3 and v4 with their published extensions (Azure/opendigitaltwins-dtdl, "DTDL.v2" to "DTDL.v4").
///
///     let result = ModelParser().parse([bytes], resolver: repository)
///     for error in result.errors { print(error) }
public struct ModelParser: Sendable {
    /// How models are judged.
    public var options: ModelOptions

    /// A parser that judges by these options.
    public init(options: ModelOptions = ModelOptions()) {
        self.options = options
    }

    /// Reads and checks a model: one or more documents, and what a resolver adds to them.
    ///
    /// - Parameters:
    ///   - documents: JSON documents, each an Interface or an array of them, in UTF-8 or, with a byte order mark, UTF-16. With the profile of IoT Central
    ///     they may be device templates as well.
    ///   - resolver: asked for all identifiers that are missing at once, again and again until none is or it knows no more.
    public func parse(_ documents: [[UInt8]], resolver: some ModelResolver = NoModelResolver()) -> ModelResult {
        var builder = ModelBuilder(options: options)
        builder.toleratesSolecisms = options.toleratesSolecisms
        read(documents, into: &builder)
        builder.checkLayers()
        if builder.isBroken { return result(of: builder) }
        while true {
            let missing = builder.findMissing()
            if builder.isBroken { return result(of: builder) }
            if missing.isEmpty { break }
            // What is invalid stays so, whatever a resolver adds.
            if builder.hasErrors { return result(of: builder) }
            guard let found = resolver.documents(for: missing) else { return result(of: builder, unresolved: missing) }
            builder.toleratesSolecisms = options.toleratesSolecismsOfResolver
            read(found, into: &builder)
            if builder.hasErrors { return result(of: builder) }
            let still = missing.filter { builder.indices[$0] == nil }
            if !still.isEmpty { return result(of: builder, unresolved: still) }
        }
        builder.followReferences()
        if builder.isBroken { return result(of: builder) }
        builder.checkWhole()
        return result(of: builder)
    }

    // MARK: -

    private func read(_ documents: [[UInt8]], into builder: inout ModelBuilder) {
        for bytes in documents {
            defer { builder.document += 1 }
            do {
                let tree = try JSONTree.parse(try SourceText.utf8(bytes))
                let prepared = options.profile == .iotCentral ? IoTCentralForm(tree).documents : [tree]
                for document in prepared {
                    builder.layers.documents.append((document, builder.document))
                    builder.read(document: document)
                }
                if bytes.count > 1 << 20 { builder.checkSize(of: bytes) }
            } catch let error as JSONSyntaxError {
                builder.report(
                    "invalidJson", line: 1, document: builder.document, cause: "The document is \(error.description).", action: "Correct it there.")
            } catch {
                builder.report("invalidJson", line: 1, document: builder.document, cause: "\(error)", action: "Save it as UTF-8.")
            }
        }
    }

    private func result(of builder: ModelBuilder, unresolved: [String] = []) -> ModelResult {
        ModelResult(
            outcome: builder.hasErrors ? .invalid : unresolved.isEmpty ? .valid : .unresolved, errors: builder.errors, unresolved: unresolved,
            elements: builder.elements.filter { !$0.isStandard }.map(\.identifier))
    }
}
