internal import JSON

extension ModelBuilder {
    /// Checks what can only be checked once every property has its elements.
    mutating func checkWhole() {
        for index in elements.indices where !elements[index].isStandard { checkTypeConstraints(of: index) }
        for reference in references { checkType(of: reference) }
        importContents()
        findHolders()
        for index in elements.indices where !elements[index].isStandard {
            checkCotypes(of: index)
            checkCounts(of: index)
            checkValues(of: index)
            checkConformance(of: index)
            checkParents(of: index)
            checkSiblings(of: index)
            checkUniqueValues(of: index)
        }
        checkDescendants()
    }

    /// The elements that hold an element, with the property they hold it by; contents are also held by what inherits them.
    private mutating func findHolders() {
        holders = Array(repeating: [], count: elements.count)
        // An element without co-types is asked nothing about what holds it; inherited contents would be noted once for every heir.
        let isAsked = elements.map { !$0.types.isEmpty }
        for (parent, element) in elements.enumerated() where !element.isStandard {
            for property in element.objects.keys.sorted() {
                for child in children(property, of: parent) where isAsked[child] {
                    holders[child].append(ModelHolder(element: parent, property: property))
                }
            }
            guard element.objects["contents"] == nil else { continue }
            for child in element.importedContents ?? [] where isAsked[child] {
                holders[child].append(ModelHolder(element: parent, property: "contents"))
            }
        }
    }

    func children(_ property: String, of parent: Int) -> [Int] {
        if property == "contents", let imported = elements[parent].importedContents { return imported }
        return elements[parent].objects[property] ?? []
    }

    private mutating func complain(_ code: String, _ index: Int, property: String, value: String? = nil, _ cause: String, _ action: String) {
        let element = elements[index]
        let place = element.json[property] ?? element.json
        report(
            code, line: place.line, document: element.document, element: element.identifier, property: property, value: value, cause: cause,
            action: action)
    }

    // MARK: - What co-types ask of values

    private mutating func checkTypeConstraints(of index: Int) {
        let element = elements[index]
        for type in element.types {
            for constraint in metamodel.constraints(of: type) where !constraint.isInverse {
                for value in element.objects[constraint.property] ?? [] {
                    let found = elements[value].identifier
                    if !constraint.requiredTypes.isEmpty, !constraint.requiredTypes.contains(where: { self.element(value, has: $0) }) {
                        complain(
                            "notRequiredType", index, property: constraint.property, value: found,
                            "With the co-type \(metamodel.term(type)) the \"\(constraint.property)\" must be of type "
                                + "\(constraint.requiredTypes.map(metamodel.term).joined(separator: " or ")).",
                            "Change it, or remove the co-type.")
                    }
                    if !constraint.requiredValues.isEmpty, !constraint.requiredValues.contains(where: { metamodel.resolveAlias($0) == found }) {
                        complain(
                            "notRequiredValue", index, property: constraint.property, value: found,
                            "With the co-type \(metamodel.term(type)) the \"\(constraint.property)\" must be "
                                + "\(constraint.requiredValues.map(metamodel.term).joined(separator: " or ")).",
                            "Change it, or remove the co-type.")
                    }
                }
            }
        }
    }

    private mutating func checkType(of reference: ModelReference) {
        guard let required = reference.requiredType, let target = indices[metamodel.resolveAlias(reference.target)], !element(target, has: required)
        else {
            return
        }
        let owner = elements[reference.owner].identifier
        let property = metamodel.term(reference.property)
        report(
            "notRequiredType", line: reference.line, document: reference.document, element: owner, property: property, value: reference.target,
            cause: "The \"\(property)\" is \(metamodel.term(reference.target)), which is no \(metamodel.term(required)).",
            action: "Use a value of that type.")
    }

    private mutating func checkCotypes(of index: Int) {
        let element = elements[index]
        for type in element.types {
            for other in metamodel.types[type]?.disallowedCotypes ?? [] where element.types.contains(other) {
                complain(
                    "disallowedCocotype", index, property: "@type", value: metamodel.term(type),
                    "The co-types \(metamodel.term(type)) and \(metamodel.term(other)) do not go together.", "Remove one of them.")
            }
        }
    }

    // MARK: - Counts and values

    private mutating func checkCounts(of index: Int) {
        let element = elements[index]
        guard let className = metamodel.classes[element.className] else { return }
        for property in className.properties where property.kind == .object {
            guard let facts = property.facts[element.version] else { continue }
            let values = children(property.name, of: index)
            if property.isPlural, let maximum = facts.maximumCount, Set(values).count > maximum {
                complain(
                    "objectCountAboveMax", index, property: property.name,
                    "The \"\(property.name)\" has \(values.count) values, more than \(maximum).", "Remove some of them.")
            }
            for unique in facts.uniqueProperties {
                checkUnique(unique, among: element.objects[property.name] ?? [], property: property.name, of: index)
            }
        }
    }

    private mutating func checkUnique(_ unique: String, among values: [Int], property: String, of index: Int) {
        var seen: [String: Int] = [:]
        for value in values {
            guard let literal = elements[value].literals[unique] else { continue }
            let text = "\(literal)"
            if seen[text] != nil {
                complain(
                    "nonUniquePropertyValue", index, property: property, value: unique,
                    "Two values of \"\(property)\" have the same \(unique).", "Change one of them.")
            }
            seen[text] = value
        }
    }

    private mutating func checkValues(of index: Int) {
        let element = elements[index]
        guard let className = metamodel.classes[element.className] else { return }
        for property in className.properties where property.kind == .object {
            guard let values = property.facts[element.version]?.values, !values.isEmpty else { continue }
            let allowed = values.map(metamodel.resolveAlias)
            for value in element.objects[property.name] ?? [] where !allowed.contains(elements[value].identifier) {
                complain(
                    "incorrectPropertyValue", index, property: property.name, value: elements[value].identifier,
                    "The \"\(property.name)\" is \(metamodel.term(elements[value].identifier)).",
                    "Use one of \(values.map(metamodel.term).joined(separator: ", ")).")
            }
        }
    }

    /// Values of some supplemental properties must be values of the element's own schema.
    private mutating func checkConformance(of index: Int) {
        let element = elements[index]
        for (identifier, value) in element.supplemental {
            for type in element.types {
                guard let property = metamodel.property(identifier, of: type), let governing = property.governingProperty,
                    let schema = self.property(governing, of: element.json, version: element.version)
                else { continue }
                if named == nil {
                    named = [:]
                    for element in elements where !element.isStandard { named?[element.identifier] = element.json }
                }
                if !ModelSchemaCheck.conforms(value, to: schema, of: element.json, named: named ?? [:]) {
                    let term = metamodel.term(identifier)
                    complain(
                        "nonConformantPropertyValue", index, property: term, "The \"\(term)\" is no value of the element's \(governing).",
                        "Write a value that the \(governing) allows.")
                }
                break
            }
        }
    }

    // MARK: - Parents and siblings

    private mutating func checkParents(of index: Int) {
        let element = elements[index]
        for type in element.types {
            for constraint in metamodel.constraints(of: type) where constraint.isInverse {
                for holder in holders[index] where holder.property == constraint.property {
                    let (parent, property) = (holder.element, holder.property)
                    if !constraint.requiredTypes.isEmpty, !constraint.requiredTypes.contains(where: { self.element(parent, has: $0) }) {
                        complain(
                            "parentMissingCotype", index, property: property, value: metamodel.term(type),
                            "The co-type \(metamodel.term(type)) needs \(constraint.requiredTypes.map(metamodel.term).joined(separator: " or ")) on "
                                + "\"\(elements[parent].identifier)\".",
                            "Add it there.")
                    }
                    if let none = constraint.noneOtherType, countOthers(of: index, in: parent, property, being: none) > 0 {
                        complain(
                            "siblingDuplicatesCotype", index, property: property, value: metamodel.term(none),
                            "The co-type \(metamodel.term(none)) is on two values of \"\(property)\".", "Leave it on one of them.")
                    }
                    if let some = constraint.someOtherType, countOthers(of: index, in: parent, property, being: some) == 0 {
                        complain(
                            "siblingMissingCotype", index, property: property, value: metamodel.term(some),
                            "The co-type \(metamodel.term(type)) needs another value of \"\(property)\" with the co-type \(metamodel.term(some)).",
                            "Add one.")
                    }
                }
            }
        }
    }

    private mutating func checkSiblings(of index: Int) {
        let element = elements[index]
        for type in element.types {
            for constraint in metamodel.types[type]?.siblings ?? [] {
                guard let name = element.supplemental[constraint.keyref]?.stringValue else { continue }
                for holder in holders[index] {
                    let (parent, property) = (holder.element, holder.property)
                    guard let sibling = child(of: parent, property, with: constraint.key, being: name) else { continue }
                    check(constraint, of: index, sibling: sibling, parent: parent, property: property)
                }
            }
            for constraint in metamodel.constraints(of: type) where constraint.siblingParentOf != nil { checkSiblingProperty(constraint, of: index) }
        }
    }

    private mutating func check(_ constraint: SupplementalType.SiblingConstraint, of index: Int, sibling: Int, parent: Int, property: String) {
        let element = elements[index]
        let term = metamodel.term(constraint.keyref)
        let name = element.supplemental[constraint.keyref]?.stringValue ?? ""
        if let unique = constraint.uniqueReference, hasEarlierTwin(index, in: parent, property, by: unique, constraint.keyref) {
            complain(
                "multipleReference", index, property: term, value: name,
                "Two elements refer to the same \(metamodel.term(unique)) of \"\(name)\".", "Remove one of them.")
        }
        if !constraint.requiredTypes.isEmpty, !constraint.requiredTypes.contains(where: { self.element(sibling, has: $0) }) {
            complain(
                "notSiblingRequiredType", index, property: term, value: name, "\"\(name)\" is a \(elements[sibling].className).",
                "Name a \(constraint.requiredTypes.map(metamodel.term).joined(separator: " or ")).")
        }
        if let disallowed = constraint.disallowedType, self.element(sibling, has: disallowed) {
            complain(
                "disallowedType", index, property: term, value: name, "\"\(name)\" is itself a \(metamodel.term(disallowed)).",
                "Name another element.")
        }
        guard let path = constraint.supplementalProperty.flatMap({ element.supplemental[$0]?.stringValue }) else { return }
        if elements[sibling].types.contains(where: { metamodel.property(path, of: $0) != nil }) { return }
        let className = metamodel.classes[elements[sibling].className]
        let isMaterial = className?.properties.contains { $0.name == metamodel.term(path) } ?? false
        complain(
            isMaterial ? "matchingPropertyNotSupplemental" : "noMatchingSupplementalProperty", index, property: term, value: metamodel.term(path),
            "\"\(name)\" has no supplemental property \(metamodel.term(path)).", "Name a property that a co-type of it brings.")
    }

    /// What overrides a property must have that property's type for its schema.
    private mutating func checkSiblingProperty(_ constraint: SupplementalType.Constraint, of index: Int) {
        let element = elements[index]
        guard let path = constraint.siblingParentOf.flatMap({ element.supplemental[$0]?.stringValue }),
            let name = constraint.siblingKeyref.flatMap({ element.supplemental[$0]?.stringValue }), let key = constraint.siblingKey
        else { return }
        for holder in holders[index] {
            let (parent, property) = (holder.element, holder.property)
            guard let sibling = child(of: parent, property, with: key, being: name) else { continue }
            for type in elements[sibling].types {
                guard let wanted = metamodel.property(path, of: type) else { continue }
                for value in element.objects[constraint.property] ?? [] where !fits(value, wanted) {
                    complain(
                        "siblingPropertyMismatch", index, property: constraint.property, value: elements[value].identifier,
                        "The \"\(constraint.property)\" is not the type of what is overridden.",
                        "Use \(metamodel.term(wanted.parentElement ?? wanted.type ?? "")).")
                }
            }
        }
    }

    private func fits(_ schema: Int, _ wanted: SupplementalType.Property) -> Bool {
        let identifier = elements[schema].identifier
        if let parent = wanted.parentElement { return identifier == parent }
        return identifier == wanted.type
    }

    private mutating func checkUniqueValues(of index: Int) {
        let element = elements[index]
        for identifier in element.supplemental.keys.sorted() {
            guard element.types.contains(where: { metamodel.property(identifier, of: $0)?.isUnique ?? false }) else { continue }
            for holder in holders[index] {
                let (parent, property) = (holder.element, holder.property)
                if hasTwin(index, in: parent, property, by: identifier) {
                    complain(
                        "nonUniquePropertyValue", parent, property: property, value: metamodel.term(identifier),
                        "Two values of \"\(property)\" have the same \(metamodel.term(identifier)).", "Change one of them.")
                }
            }
        }
    }
}
