internal import JSON

extension ModelBuilder {
    /// The identifiers that are referred to and are neither in the model nor of the language; elements of the language that are referred to are added.
    mutating func findMissing() -> [String] {
        var missing: [String] = []
        var seen: Set<String> = []
        // What was missing before has been found since, or there would be no other round.
        defer { referencesSought = references.count }
        for reference in references[referencesSought...] where indices[metamodel.resolveAlias(reference.target)] == nil {
            if addStandard(reference.target) { continue }
            guard seen.insert(reference.target).inserted else { continue }
            let owner = elements[reference.owner].identifier
            if let written = reference.written, !written.hasPrefix("dtmi:"), options.profile == .strict {
                report(
                    "badType", line: reference.line, document: reference.document, element: owner, property: reference.property, value: written,
                    cause: "The \"\(metamodel.term(reference.property))\" is \"\(written)\", which is no element of the type that is expected.",
                    action: "Name an element of that type.")
            } else if isReserved(reference.target) {
                report(
                    "undefinedReservedId", line: reference.line, document: reference.document, element: owner, property: reference.property,
                    value: reference.target, cause: "\"\(reference.target)\" is an identifier of the language that means nothing.",
                    action: "Correct it.")
            } else {
                missing.append(reference.target)
            }
        }
        return missing
    }

    /// Follows all references: checks what they lead to and puts it into the properties.
    mutating func followReferences() {
        var values: [PropertyOfElement: PropertyValues] = [:]
        for reference in references {
            guard let target = indices[metamodel.resolveAlias(reference.target)] else { continue }
            checkPartition(reference, target: target)
            let element = elements[target]
            let owner = elements[reference.owner]
            let property = metamodel.term(reference.property)
            if let kinds = reference.kinds, !kinds.contains(element.className) {
                report(
                    "badType", line: reference.line, document: reference.document, element: owner.identifier, property: property,
                    value: element.className,
                    cause: "The \"\(property)\" refers to \"\(element.identifier)\", which is of type \(element.className).",
                    action: "Refer to an element of type \(kinds.joined(separator: ", ")).")
                reportLack(of: reference, owner: owner)
                continue
            }
            if let versions = reference.versions, !versions.isEmpty, !versions.contains(element.version) {
                report(
                    "disallowedVersionReference", line: reference.line, document: reference.document, element: owner.identifier, property: property,
                    value: element.identifier,
                    cause:
                        "The \"\(property)\" refers to \"\(element.identifier)\", which is written in DTDL v\(element.version), where only versions "
                        + "\(list(versions)) may stand.",
                    action: "Refer to an element in one of them.")
            }
            if let parent = reference.parentElement, element.parent != parent {
                report(
                    "wrongParent", line: reference.line, document: reference.document, element: owner.identifier, property: property,
                    value: element.identifier,
                    cause: "The \"\(property)\" is \(metamodel.term(element.identifier)), which is not of \(metamodel.term(parent)).",
                    action: "Use a value of that family.")
                report(
                    "badType", line: reference.line, document: reference.document, element: owner.identifier, property: property,
                    value: metamodel.term(parent),
                    cause: "The \"\(property)\" is \(metamodel.term(element.identifier)), which is of another type than \(metamodel.term(parent)).",
                    action: "Use a value of that type.")
            }
            set(reference, target: target, among: &values)
        }
    }

    /// A property that must have a value has none where its only value is of the wrong type.
    private mutating func reportLack(of reference: ModelReference, owner: ModelElement) {
        guard let (known, facts) = metamodel.classes[owner.className]?.property(reference.property, version: owner.version), !known.isPlural,
            !known.isOptional || facts.minimumCount ?? 0 > 0
        else { return }
        report(
            "propertyCountBelowMin", line: reference.line, document: reference.document, element: owner.identifier, property: reference.property,
            cause: "The \(owner.className) has no \"\(reference.property)\" that it can use.", action: "Refer to an element of the right type.")
    }

    private struct PropertyOfElement: Hashable {
        let element: Int
        let property: String
    }

    /// What a property has so far.
    private struct PropertyValues {
        var targets: Set<Int> = []
        var names: Set<String> = []
    }

    // MARK: -

    private func isReserved(_ identifier: String) -> Bool {
        ["dtmi:dtdl:", "dtmi:standard:", "dtmi:iotcentral:", "dtmi:iotoperations:"].contains { identifier.hasPrefix($0) }
    }

    /// Adds an element of the language and all that it refers to; false if the identifier is of none.
    private mutating func addStandard(_ identifier: String) -> Bool {
        let resolved = metamodel.resolveAlias(identifier)
        guard let standard = metamodel.elements[resolved] else { return false }
        guard indices[resolved] == nil else { return true }
        var element = ModelElement(
            identifier: resolved, className: standard.className, version: standard.version, limit: "", partition: nil, parent: standard.parent,
            json: .null, document: 0)
        element.types = standard.types
        element.isStandard = true
        let index = append(element)
        for (property, targets) in standard.references {
            for target in targets where addStandard(target) {
                if let found = indices[metamodel.resolveAlias(target)] { elements[index].objects[property, default: []].append(found) }
            }
        }
        return true
    }

    /// Elements other than Interfaces may be referred to only within the Interface that they are defined in.
    private mutating func checkPartition(_ reference: ModelReference, target: Int) {
        let element = elements[target]
        guard let partition = element.partition, !(metamodel.classes[element.className]?.isPartition ?? false) else { return }
        let owner = elements[reference.owner]
        let isPartition = metamodel.classes[owner.className]?.isPartition ?? false
        let source = isPartition ? owner.identifier : owner.partition ?? owner.identifier
        if partition != source {
            report(
                "crossPartitionReference", line: reference.line, document: reference.document, element: owner.identifier,
                property: reference.property,
                value: element.identifier, cause: "\"\(element.identifier)\" is defined in \"\(partition)\" but referred to from \"\(source)\".",
                action: "Define it in the Interface that uses it.")
        }
    }

    private mutating func set(_ reference: ModelReference, target: Int, among all: inout [PropertyOfElement: PropertyValues]) {
        let place = PropertyOfElement(element: reference.owner, property: reference.property)
        guard all[place, default: PropertyValues()].targets.insert(target).inserted else { return }
        if let key = reference.keyProperty {
            guard let name = elements[target].literals[key]?.text else {
                if !elements[target].isStandard {
                    report(
                        "missingDictKeyPropertyValue", line: reference.line, document: reference.document,
                        element: elements[reference.owner].identifier,
                        property: reference.property, value: key,
                        cause: "A value of \"\(reference.property)\" has no \(key).", action: "Give it a \(key).")
                }
                return
            }
            guard all[place, default: PropertyValues()].names.insert(name).inserted else {
                return report(
                    "nonUniquePropertyValue", line: reference.line, document: reference.document, element: elements[reference.owner].identifier,
                    property: reference.property, value: key, cause: "Two values of \"\(reference.property)\" have the \(key) \"\(name)\".",
                    action: "Rename one of them.")
            }
        }
        elements[reference.owner].objects[reference.property, default: []].append(target)
    }
}
