internal import JSON

/// A model that was inferred: one Interface, or an array of them with the device's own first.
public struct InferredModel: Sendable {
    /// The model as JSON for people, ending with a line end.
    public let bytes: [UInt8]
    /// The version of DTDL that it is written in.
    public let languageVersion: Int
    /// How many telemetries and properties it has.
    public let capabilityCount: Int
    /// What it does not say, or says by a guess.
    public let remarks: [InferenceRemark]
}

extension ModelInference {
    /// Whether a text can be the id of an inferred model: a DTMI with a version, at most 128 bytes, none of those that DTDL keeps for itself.
    public static func isModelIdentifier(_ text: String) -> Bool {
        text.utf8.count <= PartIdentifier.maximumBytes && DTMI.isUserIdentifier(text, version: 2)
            && !["dtmi:dtdl:", "dtmi:standard:", "dtmi:iotcentral:"].contains { text.hasPrefix($0) }
    }

    /// A legal segment of an identifier made of any text, such as a device's id.
    public static func identifierSegment(of text: String) -> String { ModelName.made(of: text, orElse: "device", maximumBytes: 64) }

    /// The model of what was seen.
    ///
    /// - Parameters:
    ///   - id: its identifier; see ``isModelIdentifier(_:)``.
    ///   - languageVersion: 2, 3 or 4. Nil for the one that leaves least out, the lowest of them: v2 has IoT Central's terms (edge modules, cloud properties,
    ///     geopoint, vector), v3 has arrays in properties, long names and any number of contents, v4 has deeper nesting and uuid.
    public func model(id: String, languageVersion: Int? = nil) -> InferredModel {
        if let languageVersion { return model(id: id, in: ModelVocabulary(version: languageVersion)) }
        let models = ModelVocabulary.versions.map { model(id: id, in: ModelVocabulary(version: $0)) }
        let losses = models.map { $0.remarks.count { $0.isLoss } }
        guard let best = losses.indices.min(by: { (losses[$0], $0) < (losses[$1], $1) }) else {
            preconditionFailure("There is no version of DTDL to choose from")
        }
        return models[best]
    }

    private func model(id: String, in vocabulary: ModelVocabulary) -> InferredModel {
        var assembly = ModelAssembly(inference: self, id: id, vocabulary: vocabulary)
        assembly.assemble()
        var writer = JSONWriter(layout: .pretty)
        writer.tree(assembly.interfaces.count == 1 ? assembly.interfaces[0] : .array(assembly.interfaces))
        return InferredModel(
            bytes: writer.bytes + [UInt8(ascii: "\n")], languageVersion: vocabulary.version, capabilityCount: assembly.capabilityCount,
            remarks: InferenceRemark.bounded(assembly.draft.remarks, to: options.maximumRemarks))
    }
}

extension InferenceRemark {
    /// As many remarks as are told, and one for the others.
    static func bounded(_ remarks: [InferenceRemark], to maximum: Int) -> [InferenceRemark] {
        guard remarks.count > maximum else { return remarks }
        let others = remarks.count - maximum
        return remarks.prefix(maximum) + [
            InferenceRemark(code: .tooMany, module: "", component: "", path: "", message: "there are \(others) more remarks.")
        ]
    }
}

/// Puts Interfaces together: the device's own, those of its components, those of edge modules with theirs.
struct ModelAssembly {
    private let inference: ModelInference
    private let id: String
    private(set) var draft: ContentsDraft
    private var identifiers: PartIdentifier
    private(set) var interfaces: [JSONTree] = []
    private(set) var capabilityCount = 0

    init(inference: ModelInference, id: String, vocabulary: ModelVocabulary) {
        self.inference = inference
        self.id = id
        draft = ContentsDraft(vocabulary: vocabulary, options: inference.options)
        identifiers = PartIdentifier(whole: id)
    }

    mutating func assemble() {
        if inference.unheld > 0 {
            draft.remark(
                .tooMany, ModelInference.Place(module: "", component: ""),
                "there are more modules and components than are held here; \(inference.unheld) values are left out.")
        }
        var modules: [(name: String, id: String)] = []
        var room = ContentsDraft.Room(draft.vocabulary)
        for module in inference.moduleNames {
            let place = ModelInference.Place(module: module, component: "")
            guard draft.vocabulary.hasCentralTerms else {
                draft.remark(.noTerm, place, "DTDL v\(draft.vocabulary.version) has no edge modules; it is left out.")
                continue
            }
            guard draft.allows(part: module, "module", at: place) else { continue }
            let identifier = identifiers.make(["module", module])
            let relationship = JSONTree.object([
                "@type": .array([.string("Relationship"), .string("EdgeModule")]), "name": .string(module), "target": .string(identifier),
            ])
            guard room.take(relationship, elements: 1) else {
                draft.remark(.tooMany, place, "DTDL v\(draft.vocabulary.version) has no room for another module; it is left out.")
                continue
            }
            modules.append((module, identifier))
        }
        let relationships = modules.map { module in
            JSONTree.object([
                "@type": .array([.string("Relationship"), .string("EdgeModule")]), "name": .string(module.name), "target": .string(module.id),
            ])
        }
        add(module: "", id: id, path: [], others: relationships, taken: Set(modules.map(\.name)), room: room)
        for module in modules {
            add(module: module.name, id: module.id, path: ["module", module.name], others: [], taken: [], room: ContentsDraft.Room(draft.vocabulary))
        }
    }

    /// Adds the Interface of the device or a module, and behind it those of its components.
    private mutating func add(module: String, id: String, path: [String], others: [JSONTree], taken: Set<String>, room: ContentsDraft.Room) {
        var room = room
        var taken = taken
        var contents: [JSONTree] = []
        var parts: [JSONTree] = []
        for (place, observed) in inference.components(ofModule: module) where !place.component.isEmpty {
            guard draft.allows(part: place.component, "component", at: place) else { continue }
            guard !taken.contains(place.component) else {
                draft.remark(.nameTaken, place, "a module has the same name; the component is left out.")
                continue
            }
            let identifier = identifiers.make(path + [place.component])
            let component = JSONTree.object([
                "@type": .string("Component"), "name": .string(place.component), "schema": .string(identifier),
            ])
            var own = ContentsDraft.Room(draft.vocabulary)
            let inner = draft.contents(of: observed, at: place, taken: [], room: &own)
            // An Interface's limit on elements counts those of its components, too.
            let used = ContentsDraft.Room(draft.vocabulary).elements - own.elements
            guard room.take(component, elements: used + 1) else {
                draft.remark(.tooMany, place, "DTDL v\(draft.vocabulary.version) has no room for another component; it is left out.")
                continue
            }
            taken.insert(place.component)
            contents.append(component)
            parts.append(interface(id: identifier, contents: inner.map(\.tree), inner.contains(where: \.needsCentralContext)))
            capabilityCount += inner.count
        }
        var inner: [ContentsDraft.Content] = []
        for (place, observed) in inference.components(ofModule: module) where place.component.isEmpty {
            inner = draft.contents(of: observed, at: place, taken: taken, room: &room)
        }
        capabilityCount += inner.count
        interfaces.append(interface(id: id, contents: others + contents + inner.map(\.tree), inner.contains(where: \.needsCentralContext)))
        interfaces += parts
    }

    private func interface(id: String, contents: [JSONTree], _ needsCentralContext: Bool) -> JSONTree {
        let context = JSONTree.string(draft.vocabulary.context)
        var members = [
            JSONTree.Member(
                key: "@context", value: needsCentralContext ? .array([.string(ModelVocabulary.centralContext), context]) : context),
            JSONTree.Member(key: "@id", value: .string(id)), JSONTree.Member(key: "@type", value: .string("Interface")),
        ]
        if !contents.isEmpty { members.append(JSONTree.Member(key: "contents", value: .array(contents))) }
        return .object(members)
    }
}

extension ContentsDraft {
    /// Whether a module or component can be named in a model.
    mutating func allows(part name: String, _ what: String, at place: ModelInference.Place) -> Bool {
        if ModelName.isLegal(name, maximumBytes: vocabulary.maximumNameBytes) { return true }
        remark(.nameIllegal, place, "\"\(name)\" is no name that DTDL v\(vocabulary.version) allows for a \(what); all in it is left out.")
        return false
    }
}

extension ModelInference {
    /// The edge modules, in the order in which they were seen.
    var moduleNames: [String] {
        var seen: Set<String> = [""]
        return places.map(\.module).filter { seen.insert($0).inserted }
    }

    /// What was seen of a module, by component.
    func components(ofModule module: String) -> [(place: Place, observed: ObservedComponent)] {
        places.indices.filter { places[$0].module == module }.map { (places[$0], components[$0]) }
    }
}
