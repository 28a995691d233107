internal import JSON

extension ModelBuilder {
    /// What a layer must say itself, whatever others say.
    mutating func reportMissing(inLayer part: ModelLayers.Part, owner: String, _ known: MetaClass, isExplicit: Bool, context: ActiveContext) {
        if isExplicit, known.properties.contains(where: { $0.name == "name" && !$0.isOptional }),
            property("name", of: part.json, version: part.version) == nil
        {
            complain("missingLiteralProperty", part.json, owner, "name", "has no name in this layer", "Repeat it.")
        }
        for type in part.types {
            for required in metamodel.types[type]?.requiredCotypes ?? [] where !part.types.contains(required) {
                complain("missingCocotype", part.json, owner, nil, "has no co-type \(metamodel.term(required)) in this layer", "Repeat it.")
            }
            for property in metamodel.types[type]?.properties ?? []
            where !property.isOptional && !part.json.members.contains(where: { context.identifier($0.key) == property.identifier }) {
                let kind = property.type.map { $0.hasPrefix("dtmi:") ? "Object" : "Literal" } ?? "Identifier"
                let term = metamodel.term(property.identifier)
                complain("missing\(kind)Property", part.json, owner, term, "has no \(term) in this layer", "Repeat it.")
            }
        }
    }

    /// Compares what two layers say of an element's properties that have one value.
    mutating func compare(_ part: ModelLayers.Part, with element: ModelLayers.Element, base: String) {
        let types = element.types.sorted() + part.types
        var sources: [String: String] = [:]
        for type in types {
            for property in metamodel.types[type]?.properties ?? [] {
                if let other = sources[property.identifier], other != type {
                    let term = metamodel.term(property.identifier)
                    return complain("conflictingSupplementalTypes", part.json, base, term, "gets \(term) from two co-types", "Remove one of them.")
                }
                sources[property.identifier] = type
            }
        }
        for member in part.json.members where !member.key.hasPrefix("@") {
            guard let value = element.values[member.key], let kind = kind(of: member.key, element, types), differ(value, member.value, kind) else {
                continue
            }
            complain("inconsistent\(kind)Values", member.value, base, member.key, "has different values in different layers", "Write the same value.")
        }
    }

    /// What a property with one value holds, by its name in the codes of errors; nil for one with several values.
    private func kind(of key: String, _ element: ModelLayers.Element, _ types: [String]) -> String? {
        if let property = metamodel.classes[element.className]?.properties.first(where: { $0.name == key }) {
            switch property.kind {
            case .string: return "String"
            case .integer: return "Integer"
            case .boolean: return "Boolean"
            case .langString: return "LangString"
            case .identifier: return "Identifier"
            case .scalar: return "Literal"
            case .object: return property.isPlural ? nil : "Object"
            }
        }
        let properties = types.lazy.compactMap { metamodel.types[$0]?.properties.first { metamodel.term($0.identifier) == key } }
        guard let property = properties.first, !property.isPlural else { return nil }
        guard let type = property.type else { return "Identifier" }
        return type.hasPrefix("dtmi:") ? "Object" : type.hasSuffix("#string") ? "String" : type.hasSuffix("#integer") ? "Integer" : nil
    }

    private func differ(_ one: JSONTree, _ other: JSONTree, _ kind: String) -> Bool {
        switch kind {
        case "LangString":
            let texts = texts(one)
            return self.texts(other).contains { texts[$0.key].map { [value = $0.value] in $0 != value } ?? false }
        // An element that is written in place is looked at for itself.
        case "Object": return one.single.kind == .string && other.single.kind == .string && one.single.stringValue != other.single.stringValue
        default: return one.literal != other.literal
        }
    }

    /// Texts by language.
    private func texts(_ value: JSONTree) -> [String: String] {
        var texts: [String: String] = [:]
        if value.kind == .object, value["@value"] == nil {
            for member in value.members { texts[member.key] = member.value.stringValue }
            return texts
        }
        for one in value.values { texts[one["@language"]?.stringValue ?? "en"] = one.stringValue ?? one["@value"]?.stringValue }
        return texts
    }
}
