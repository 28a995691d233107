internal import JSON

/// The contents of Interfaces as they are decided on in one version of DTDL.
struct ContentsDraft {
    /// One content, ready to be written.
    struct Content {
        let name: String
        let tree: JSONTree
        let needsCentralContext: Bool
    }

    /// What an Interface still takes.
    struct Room {
        var contents: Int
        var elements: Int
        var bytes: Int

        init(_ vocabulary: ModelVocabulary) {
            contents = vocabulary.maximumContents
            elements = vocabulary.maximumElements
            bytes = vocabulary.maximumBytes
        }

        /// Takes a content in, if it fits.
        mutating func take(_ tree: JSONTree, elements count: Int) -> Bool {
            // Written by itself it is less indented than in its place.
            var writer = JSONWriter(layout: .pretty)
            writer.tree(tree)
            let size = writer.bytes.reduce(writer.bytes.count) { $0 + ($1 == UInt8(ascii: "\n") ? 16 : 0) } + 32
            guard contents >= 1, elements >= count + 1, bytes >= size else { return false }
            contents -= 1
            elements -= count + 1
            bytes -= size
            return true
        }
    }

    let vocabulary: ModelVocabulary
    let options: InferenceOptions
    private(set) var remarks: [InferenceRemark] = []

    init(vocabulary: ModelVocabulary, options: InferenceOptions) {
        self.vocabulary = vocabulary
        self.options = options
    }

    mutating func remark(_ code: InferenceRemark.Code, _ place: ModelInference.Place, path: String = "", _ message: String) {
        remarks.append(InferenceRemark(code: code, module: place.module, component: place.component, path: path, message: message))
    }

    /// The contents of one component.
    ///
    /// - Parameters:
    ///   - taken: names that other contents of the Interface have.
    ///   - room: what the Interface still takes; what is taken is subtracted.
    mutating func contents(of observed: ObservedComponent, at place: ModelInference.Place, taken: Set<String>, room: inout Room) -> [Content] {
        for (name, count) in observed.illegalNames {
            remark(
                .nameIllegal, place, path: "/" + SchemaDecision.escaped(name),
                "\"\(name)\" is no name that DTDL allows; it is left out (seen \(count) times).")
        }
        if observed.unheld > 0 { remark(.tooMany, place, "there are more names than are held here; \(observed.unheld) values are left out.") }
        var decided: [(content: Content, count: Int, elements: Int)] = []
        for capability in observed.capabilities {
            let path = "/" + capability.name
            if taken.contains(capability.name) {
                remark(.nameTaken, place, path: path, "a component, module or other content has the same name; it is left out.")
            } else if capability.name.utf8.count > vocabulary.maximumNameBytes {
                remark(
                    .nameIllegal, place, path: path,
                    "the name is longer than DTDL v\(vocabulary.version) allows, \(vocabulary.maximumNameBytes) bytes; it is left out.")
            } else if let schema = schema(of: capability, at: place) {
                let content = Content(
                    name: capability.name, tree: tree(of: capability, schema), needsCentralContext: schema.needsCentralContext)
                decided.append((content, capability.count, schema.elementCount))
            }
        }
        // Where not all fit, what was seen most often stays.
        var kept: Set<Int> = []
        for index in decided.indices.sorted(by: { (decided[$1].count, $0) < (decided[$0].count, $1) })
        where room.take(decided[index].content.tree, elements: decided[index].elements) {
            kept.insert(index)
        }
        if kept.count < decided.count {
            let left = decided.count - kept.count
            remark(
                .tooMany, place,
                "DTDL v\(vocabulary.version) has no room in an Interface for \(left) more names, those seen least; they are left out.")
        }
        return decided.indices.filter(kept.contains).map { decided[$0].content }
    }

    private mutating func schema(of capability: ObservedCapability, at place: ModelInference.Place) -> InferredSchema? {
        let path = "/" + capability.name
        if capability.telemetries > 0, capability.properties > 0 {
            let counts = "\(capability.telemetries) times as telemetry and \(capability.properties) times as a property"
            remark(.nameTaken, place, path: path, "it was seen \(counts); the rarer one is left out.")
        }
        if !capability.isTelemetry, capability.isCloud, !vocabulary.hasCentralTerms {
            remark(.noTerm, place, path: path, "DTDL v\(vocabulary.version) has no cloud properties; it is left out.")
            return nil
        }
        var decision = SchemaDecision(
            vocabulary: vocabulary, options: options, module: place.module, component: place.component, isProperty: !capability.isTelemetry)
        defer { remarks += decision.remarks }
        return decision.schema(of: capability.isTelemetry ? capability.telemetry : capability.property, name: capability.name)
    }

    private func tree(of capability: ObservedCapability, _ schema: InferredSchema) -> JSONTree {
        var type = JSONTree.string(capability.isTelemetry ? "Telemetry" : "Property")
        if !capability.isTelemetry, capability.isCloud { type = .array([type, .string("Cloud")]) }
        var members = [
            JSONTree.Member(key: "@type", value: type), JSONTree.Member(key: "name", value: .string(capability.name)),
            JSONTree.Member(key: "schema", value: schema.tree(vocabulary)),
        ]
        if !capability.isTelemetry, capability.isWritable { members.append(JSONTree.Member(key: "writable", value: .bool(true))) }
        return .object(members)
    }
}
