internal import JSON

/// A schema that was decided on.
indirect enum InferredSchema {
    case term(String)
    /// Terms that IoT Central's context defines: `geopoint`, `vector`.
    case centralTerm(String)
    case enumeration([String])
    case array(InferredSchema)
    case map(InferredSchema)
    case object([(name: String, schema: InferredSchema)])

    /// Whether a model with it needs IoT Central's context.
    var needsCentralContext: Bool {
        switch self {
        case .centralTerm: true
        case .term, .enumeration: false
        case .array(let inner), .map(let inner): inner.needsCentralContext
        case .object(let fields): fields.contains { $0.schema.needsCentralContext }
        }
    }

    /// How many elements it adds to a model.
    var elementCount: Int {
        switch self {
        case .term, .centralTerm: 0
        case .enumeration(let values): 1 + values.count
        case .array(let inner): 1 + inner.elementCount
        case .map(let inner): 3 + inner.elementCount
        case .object(let fields): fields.reduce(1) { $0 + 1 + $1.schema.elementCount }
        }
    }

    /// As it stands in a model.
    func tree(_ vocabulary: ModelVocabulary) -> JSONTree {
        switch self {
        case .term(let term), .centralTerm(let term): return .string(term)
        case .array(let inner): return .object(["@type": .string("Array"), "elementSchema": inner.tree(vocabulary)])
        case .map(let inner):
            return .object([
                "@type": .string("Map"), "mapKey": .object(["name": .string("key"), "schema": .string("string")]),
                "mapValue": .object(["name": .string("value"), "schema": inner.tree(vocabulary)]),
            ])
        case .object(let fields):
            let fields = fields.map { JSONTree.object(["name": .string($0.name), "schema": $0.schema.tree(vocabulary)]) }
            return .object(["@type": .string("Object"), "fields": .array(fields)])
        case .enumeration(let values):
            var names: Set<String> = []
            let elements = values.enumerated().map { index, value in
                var name = ModelName.made(of: value, orElse: "value\(index + 1)", maximumBytes: vocabulary.maximumNameBytes - 4)
                if names.contains(name) { name += "v\(index + 1)" }
                // A longer name could be the text of another value.
                while !names.insert(name).inserted { name = "value\(index + 1)v\(names.count)" }
                return JSONTree.object(["name": .string(name), "enumValue": .string(value)])
            }
            return .object(["@type": .string("Enum"), "valueSchema": .string("string"), "enumValues": .array(elements)])
        }
    }
}
