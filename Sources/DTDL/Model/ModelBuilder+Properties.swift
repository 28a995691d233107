internal import JSON

extension ModelBuilder {
    /// Reads the properties of an element that was just added.
    mutating func readProperties(of index: Int, typing: Typing, context: ActiveContext) {
        let json = elements[index].json
        guard let className = metamodel.classes[typing.className] else { return }
        var present: Set<String> = []
        var supplementalPresent: Set<String> = []
        for member in json.members where !member.key.hasPrefix("@") {
            if let (property, facts) = material(member.key, of: className, version: context.version) {
                guard present.insert(property.name).inserted else {
                    reportRepetition(member, property: property.name, element: index)
                    continue
                }
                if member.value.kind == .null {
                    reportNull(member, element: index)
                } else {
                    read(member.value, property: property, facts: facts, of: index, context: context)
                }
                continue
            }
            if let (property, _) = supplemental(member.key, types: typing.written, context: context) {
                guard supplementalPresent.insert(property.identifier).inserted else {
                    reportRepetition(member, property: metamodel.term(property.identifier), element: index)
                    continue
                }
                if member.value.kind == .null {
                    reportNull(member, element: index)
                } else {
                    read(member.value, supplemental: property, of: index, context: context)
                }
                continue
            }
            readUndefined(member, element: index, typing: typing, context: context)
        }
        reportMissing(of: index, className: className, present: present, types: typing.written, supplementalPresent: supplementalPresent)
    }

    // MARK: -

    private func material(_ key: String, of className: MetaClass, version: Int) -> (MetaProperty, MetaProperty.Facts)? {
        if let found = className.property(key, version: version) { return found }
        guard key.hasPrefix("dtmi:dtdl:property:"), key.hasSuffix(";\(version)") else { return nil }
        let name = key.dropFirst("dtmi:dtdl:property:".count).prefix { $0 != ";" }
        return className.property(String(name), version: version)
    }

    private func supplemental(_ key: String, types: [String], context: ActiveContext) -> (SupplementalType.Property, String)? {
        guard !types.isEmpty, let identifier = context.identifier(key) else { return nil }
        for type in types {
            if let property = metamodel.property(identifier, of: type) { return (property, type) }
        }
        return nil
    }

    private mutating func reportNull(_ member: JSONTree.Member, element index: Int) {
        report(
            "propertyValueNull", at: member.value, element: elements[index].identifier, property: member.key,
            cause: "The property \"\(member.key)\" is null.", action: "Give it a value, or remove it.")
    }

    private mutating func reportRepetition(_ member: JSONTree.Member, property: String, element index: Int) {
        report(
            "duplicatePropertyName", at: member.value, element: elements[index].identifier, property: property,
            cause: "The property \"\(property)\" stands twice in one element, perhaps once by its identifier.", action: "Remove one of them.")
    }

    /// A property that the class and the co-types do not have. It is allowed where a co-type is that is not known, and that might have it.
    private mutating func readUndefined(_ member: JSONTree.Member, element index: Int, typing: Typing, context: ActiveContext) {
        let key = member.key
        let identifier = elements[index].identifier
        let isKnown = context.identifier(key) != nil
        let (name, code, what) =
            isKnown
            ? ("irrelevantDtmiOrTermAsProperty", "propertyIrrelevantDtmiOrTerm", "is no property of this element")
            : key.hasPrefix("dtmi:")
                ? ("invalidDtmiAsProperty", "propertyInvalidDtmi", "is not a DTMI")
                : key.contains(":")
                    ? ("notDtmiNorTermAsProperty", "propertyNotDtmiNorTerm", "is neither a DTMI nor a term")
                    : ("undefinedTermAsProperty", "propertyUndefinedTerm", "is a term that no context defines")
        let tolerance = metamodel.apocrypha[context.version]?[name] ?? .invalid
        if tolerance == .invalid || (tolerance == .tenable && context.isComplete) {
            return report(
                code, at: member.value, element: identifier, property: key, cause: "The property \"\(key)\" \(what).",
                action: "Correct it, remove it, or add the context that defines it.")
        }
        guard typing.undefined.isEmpty else { return }
        report(
            typing.isInferred ? "inferredTypeDoesNotAllow" : "noTypeThatAllows", at: member.value, element: identifier, property: key,
            cause:
                "No type of the element, \(([typing.className] + typing.types.map(metamodel.term)).joined(separator: ", ")), has the property \"\(key)\".",
            action: "Remove it, or add the co-type that has it.")
    }

    private mutating func reportMissing(
        of index: Int, className: MetaClass, present: Set<String>, types: [String], supplementalPresent: Set<String>
    ) {
        let element = elements[index]
        for property in className.properties where !present.contains(property.name) {
            guard let facts = property.facts[element.version], !property.isOptional || facts.minimumCount ?? 0 > 0 else { continue }
            let code =
                switch property.kind {
                case .object: "missingObjectProperty"
                case .identifier: "missingIdentifierProperty"
                default: "missingLiteralProperty"
                }
            report(
                code, at: element.json, element: element.identifier, property: property.name,
                cause: "The \(element.className) has no \"\(property.name)\", which it must have.", action: "Give it one.")
        }
        for type in types {
            for property in metamodel.types[type]?.properties ?? [] where !property.isOptional && !supplementalPresent.contains(property.identifier) {
                let code =
                    property.type.map { $0.hasPrefix("dtmi:") ? "missingSupplementalObjectProperty" : "missingSupplementalLiteralProperty" }
                    ?? "missingSupplementalIdentifierProperty"
                let term = metamodel.term(property.identifier)
                report(
                    code, at: element.json, element: element.identifier, property: term, value: metamodel.term(type),
                    cause: "The element has the co-type \(metamodel.term(type)) but no \"\(term)\", which goes with it.", action: "Give it one.")
            }
        }
    }
}
