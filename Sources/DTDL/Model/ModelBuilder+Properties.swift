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
                    reportNull(member, property: property, facts: facts, element: index)
                } else {
                    read(member.value, property: property, facts: facts, of: index, context: context)
                }
                continue
            }
            if let (property, type) = supplemental(member.key, types: typing.written, context: context) {
                if !typing.types.contains(type) { reportOutcast(member, type, element: index) }
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

    /// A property of a co-type that does not go with the element. An adjunct type of the right version stands only on the wrong class, which is said of the
    /// co-type itself.
    private mutating func reportOutcast(_ member: JSONTree.Member, _ type: String, element index: Int) {
        guard options.profile == .strict, let known = metamodel.types[type],
            known.kind == "SemanticType" || !known.versions.contains(elements[index].version)
        else { return }
        report(
            "noTypeThatAllows", at: member.value, element: elements[index].identifier, property: member.key,
            cause: "The property \"\(member.key)\" comes with the co-type \(metamodel.term(type)), which does not go with the element.",
            action: "Remove it together with the co-type.")
    }

    private mutating func reportNull(_ member: JSONTree.Member, element index: Int) {
        report(
            "propertyValueNull", at: member.value, element: elements[index].identifier, property: member.key,
            cause: "The property \"\(member.key)\" is null.", action: "Give it a value, or remove it.")
    }

    /// Null is no value of a literal's type either, and leaves a property without the value that it must have.
    private mutating func reportNull(_ member: JSONTree.Member, property: MetaProperty, facts: MetaProperty.Facts, element index: Int) {
        switch property.kind {
        case .string, .integer, .boolean: reportWrong(property.kind.rawValue, member.value, member.value, property: property.name, of: index)
        default: return
        }
        if isRequired(property, facts) { reportMissing(property, of: elements[index]) }
    }

    private func isRequired(_ property: MetaProperty, _ facts: MetaProperty.Facts) -> Bool { !property.isOptional || facts.minimumCount ?? 0 > 0 }

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
        let isRefused = tolerance == .invalid || (tolerance == .tenable && context.isComplete)
        if !isRefused, !typing.undefined.isEmpty { return }
        // Both what the property is and that no type of the element has it are said; IoT Central's profile forgives the latter, which must be enough there.
        if isRefused || options.profile == .strict {
            report(
                code, at: member.value, element: identifier, property: key, cause: "The property \"\(key)\" \(what).",
                action: "Correct it, remove it, or add the context that defines it.")
        }
        if typing.hasUnknown { return reportUnfounded(typing, context: context, at: member.value, element: identifier) }
        report(
            typing.isInferred ? "inferredTypeDoesNotAllow" : "noTypeThatAllows", at: member.value, element: identifier, property: key,
            cause:
                "No type of the element, \(([typing.className] + typing.types.map(metamodel.term)).joined(separator: ", ")), has the property \"\(key)\".",
            action: "Remove it, or add the co-type that has it.")
    }

    /// An undefined co-type is tolerated from DTDL v3 on for what it may bring. Where the element has a property that no co-type can bring, the co-type has
    /// to be defined.
    private mutating func reportUnfounded(_ typing: Typing, context: ActiveContext, at place: JSONTree, element: String) {
        guard context.version > 2, !context.isComplete, options.profile == .strict else { return }
        for type in typing.undefined where !type.contains(":") {
            report(
                "typeUndefinedTerm", at: place, element: element, value: type, cause: "The co-type \"\(type)\" is a term that no context defines.",
                action: "Correct it, remove it, or add the context that defines it.")
        }
    }

    private mutating func reportMissing(_ property: MetaProperty, of element: ModelElement) {
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

    private mutating func reportMissing(
        of index: Int, className: MetaClass, present: Set<String>, types: [String], supplementalPresent: Set<String>
    ) {
        let element = elements[index]
        for property in className.properties where !present.contains(property.name) {
            guard let facts = property.facts[element.version], isRequired(property, facts) else { continue }
            reportMissing(property, of: element)
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
