internal import JSON

extension ModelBuilder {
    /// Reads the elements of a material property, defined in place or referred to.
    mutating func readObjects(_ value: JSONTree, property: MetaProperty, facts: MetaProperty.Facts, of index: Int, context: ActiveContext) {
        let owner = elements[index]
        let isPartition = metamodel.classes[owner.className]?.isPartition ?? false
        let place = ElementPlace(
            owner: index, property: property.name, className: facts.className ?? "", facts: facts, segment: property.segment,
            partition: isPartition ? owner.identifier : owner.partition ?? owner.identifier)
        var count = 0
        for one in value.values {
            if !property.isPlural, count > 0 {
                return report(
                    "objectMultipleValues", at: value, element: owner.identifier, property: property.name,
                    cause: "The \"\(property.name)\" has more than one value.", action: "Leave one of them.")
            }
            switch one.kind {
            case .string:
                if refer(to: one.stringValue ?? "", at: one, context: context, place: place) {
                    count += 1
                } else {
                    reportNeither(one, property: property.name, owner: owner.identifier)
                }
            case .object:
                switch read(one, within: context, place: place) {
                case .added, .reported: count += 1
                case .refused: break
                }
            default:
                report(
                    one.kind == .null ? "propertyValueNull" : "refNotStringOrObject", at: one, element: owner.identifier, property: property.name,
                    cause: "The \"\(property.name)\" has a value that is neither an element nor the identifier of one.", action: "Write one of them.")
            }
        }
        if let minimum = facts.minimumCount, count < minimum {
            report(
                "objectCountBelowMin", at: value, element: owner.identifier, property: property.name,
                cause: "The \"\(property.name)\" has \(count) values that can be used, less than \(minimum).", action: "Give it as many.")
        }
    }

    mutating func reportNeither(_ value: JSONTree, property: String, owner: String) {
        report(
            "badDtmiOrTerm", at: value, element: owner, property: property, value: value.stringValue,
            cause: "\"\(value.stringValue ?? "")\" is neither a DTMI nor a term that a context defines.",
            action: "Write the identifier of an element, a term of DTDL, or add the context that defines the term.")
    }

    /// Reads a property that a co-type brings.
    mutating func read(_ value: JSONTree, supplemental property: SupplementalType.Property, of index: Int, context: ActiveContext) {
        let term = metamodel.term(property.identifier)
        guard let type = property.type else {
            if let uri = identifier(value, property: term, of: index, context: context) {
                elements[index].supplemental[property.identifier] = .string(uri)
            }
            return
        }
        if type.hasPrefix("dtmi:") { return readObjects(value, supplemental: property, of: index, context: context) }
        switch type.drop(while: { $0 != "#" }) {
        case "#string":
            let text = string(value, property: term, of: index, context: context, maximumLength: property.maximumLength, pattern: property.pattern)
            if let text { elements[index].supplemental[property.identifier] = .string(text) }
        case "#integer":
            let number = integer(value, property: term, of: index, context: context, lowest: property.lowest, highest: nil)
            if let number { elements[index].supplemental[property.identifier] = .integer(number) }
        case "#boolean": readLiteral(value, "boolean", of: index, context: context, property: property) { $0.boolValue != nil }
        case "#decimal": readLiteral(value, "numeric", of: index, context: context, property: property) { $0.kind == .number }
        case "#duration":
            readLiteral(value, "duration", of: index, context: context, property: property) { $0.kind == .string }
            if let text = elements[index].supplemental[property.identifier]?.stringValue, !DurationText.isValid(Array(text.utf8).span) {
                report(
                    "durationInvalid", at: value, element: elements[index].identifier, property: term, value: text,
                    cause: "\"\(text)\" is no ISO 8601 duration.", action: "Write one, such as \"PT1H30M\".")
            }
        default: elements[index].supplemental[property.identifier] = value
        }
    }

    // MARK: -

    private mutating func readLiteral(
        _ value: JSONTree, _ kind: String, of index: Int, context: ActiveContext, property: SupplementalType.Property, accepts: (JSONTree) -> Bool
    ) {
        let term = metamodel.term(property.identifier)
        guard let one = single(value, kind, property: term, of: index), let literal = unwrap(one, kind, property: term, of: index, context: context)
        else {
            return
        }
        guard accepts(literal) else { return reportWrong(kind, literal, one, property: term, of: index) }
        elements[index].supplemental[property.identifier] = literal
    }

    /// The IRI of a property that holds one: an identifier, a term, or any other IRI.
    private mutating func identifier(_ value: JSONTree, property: String, of index: Int, context: ActiveContext) -> String? {
        guard let one = single(value, "identifier", property: property, of: index) else { return nil }
        let owner = elements[index].identifier
        guard let text = one.stringValue else {
            report(
                "identifierNotString", at: one, element: owner, property: property, cause: "The \"\(property)\" is no string.",
                action: "Write an IRI.")
            return nil
        }
        if let known = context.identifier(text) { return known }
        guard text.contains(":"), !text.hasPrefix("dtmi:") else {
            report(
                "identifierNotUri", at: one, element: owner, property: property, value: text, cause: "\"\(text)\" is neither an IRI nor a term.",
                action: "Write the identifier or the term of a property.")
            return nil
        }
        return text
    }

    private mutating func readObjects(_ value: JSONTree, supplemental property: SupplementalType.Property, of index: Int, context: ActiveContext) {
        let owner = elements[index].identifier
        let term = metamodel.term(property.identifier)
        var count = 0
        for one in value.values {
            if !property.isPlural, count > 0 {
                return report(
                    "objectMultipleValues", at: value, element: owner, property: term, cause: "The \"\(term)\" has more than one value.",
                    action: "Leave one of them.")
            }
            switch one.kind {
            case .string:
                guard let target = context.identifier(one.stringValue ?? "") else {
                    reportNeither(one, property: term, owner: owner)
                    continue
                }
                references.append(
                    ModelReference(
                        owner: index, property: property.identifier, target: target, written: one.stringValue, kinds: nil, versions: nil,
                        parentElement: property.parentElement, requiredType: property.type, keyProperty: nil, line: one.line, document: document))
                count += 1
            case .object:
                report(
                    "refObjectNotAllowed", at: one, element: owner, property: term, cause: "The \"\(term)\" is defined in place.",
                    action: "Name one that the language or an extension defines.")
                count += 1
            default:
                report(
                    "refNotStringOrObject", at: one, element: owner, property: term,
                    cause: "The \"\(term)\" has a value that is no identifier.", action: "Write a term.")
            }
        }
        if count < property.minimumCount {
            report(
                "objectCountBelowMin", at: value, element: owner, property: term,
                cause: "The \"\(term)\" has \(count) values that can be used, less than \(property.minimumCount).", action: "Give it as many.")
        }
    }
}
