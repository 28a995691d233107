internal import JSON

/// What has become of an element that stands in a property.
enum ElementReading {
    /// It is in the model.
    case added(Int)
    /// It is not, but for a reason of its own that was reported, so that it need not be missed in the property as well.
    case reported
    /// It is not what the property asks for.
    case refused
}

/// Where an element stands.
struct ElementPlace {
    let owner: Int?
    let property: String
    /// Which classes it may have.
    let className: String
    let facts: MetaProperty.Facts?
    /// The property that makes its automatic identifier.
    let segment: String?
    let partition: String?
}

extension ModelBuilder {
    /// Reads a document: an Interface, or an array of them.
    mutating func read(document tree: JSONTree) {
        for element in tree.values { readTop(element) }
    }

    private mutating func readTop(_ element: JSONTree) {
        guard element.kind == .object else {
            return report(
                "notJsonObject", at: element, cause: "The document holds something that is no JSON object.", action: "Write an Interface there.")
        }
        guard checkKeywords(element), let context = context(of: element, within: ActiveContext()) else { return }
        if element["@graph"] != nil {
            return report(
                "topLevelGraphDisallowed", at: element, cause: "The document has @graph.", action: "Put the elements into an array instead.")
        }
        guard let id = element["@id"] else {
            report("missingTopLevelId", at: element, cause: "The document's element has no @id.", action: "Give it a DTMI as @id.")
            if options.profile == .strict { return }
            return
        }
        let rootable = metamodel.classes.values.filter(\.isRootable).map(\.name)
        let types = element["@type"]?.values.compactMap(\.stringValue) ?? []
        guard types.contains(where: { type in rootable.contains { type == $0 || type == "dtmi:dtdl:class:\($0);\(context.version)" } }) else {
            report(
                "typeNotRootable", at: element, value: id.stringValue, cause: "The document's element is no Interface.",
                action: "Give it the @type Interface, or put it into one.")
            return checkUnrootable(element, context: context)
        }
        if context.version > 2 {
            for member in element.members where member.key.hasPrefix("@") && !["@context", "@id", "@type"].contains(member.key) {
                report(
                    "topLevelKeywordDisallowed", at: member.value, value: member.key, cause: "The document's element has the keyword \(member.key).",
                    action: "Remove it.")
                return
            }
        }
        _ = read(
            element, within: ActiveContext(),
            place: ElementPlace(owner: nil, property: "", className: "Interface", facts: nil, segment: nil, partition: nil))
    }

    /// Keywords may not be repeated in an object.
    private mutating func checkKeywords(_ element: JSONTree) -> Bool {
        let names = ["@graph": "Graph", "@context": "Context", "@id": "Id", "@type": "Type", "@value": "Value", "@language": "Language"]
        var seen: Set<String> = []
        for member in element.members where member.key.hasPrefix("@") && !seen.insert(member.key).inserted {
            let code = names[member.key].map { "repeated\($0)Property" } ?? "repeatedKeyword"
            report(
                code, at: member.value, value: member.key, cause: "The keyword \(member.key) stands twice in one object.",
                action: "Remove one of them.")
            return false
        }
        return true
    }

    /// Reads an element that is defined in place.
    mutating func read(_ json: JSONTree, within outer: ActiveContext, place: ElementPlace) -> ElementReading {
        let ownerID = place.owner.map { elements[$0].identifier }
        guard checkKeywords(json), let context = context(of: json, within: outer) else { return .reported }
        if json.members.count == 1, let id = json["@id"]?.stringValue {
            return refer(byObject: id, at: json, context: context, outer: outer, place: place)
        }
        if let graph = json["@graph"] {
            report("graphDisallowed", at: graph, element: ownerID, property: place.property, cause: "The element has @graph.", action: "Remove it.")
        }
        if context.version > 2 {
            for member in json.members where member.key.hasPrefix("@") && !["@context", "@id", "@type", "@graph"].contains(member.key) {
                report(
                    "keywordDisallowed", at: member.value, element: ownerID, property: place.property, value: member.key,
                    cause: "The element has the keyword \(member.key), which DTDL v\(context.version) does not allow.", action: "Remove it.")
            }
        }
        if let versions = place.facts?.allowedVersions, !versions.isEmpty, !versions.contains(context.version) {
            report(
                "disallowedVersionDefinition", at: json, element: ownerID, property: place.property, value: "\(context.version)",
                cause: "The element is written in DTDL v\(context.version), where only versions \(list(versions)) may stand.",
                action: "Write it in one of them.")
        }
        guard let identifier = identifier(of: json, context: context, place: place) else { return .reported }
        guard checkUniqueness(identifier, json, context: context, place: place) else { return .reported }
        guard let typing = typing(of: json, identifier: identifier, context: context, place: place) else { return .refused }
        var element = ModelElement(
            identifier: identifier, className: typing.className, version: context.version, limit: context.limit, partition: place.partition,
            parent: ownerID, json: json, document: document)
        element.types = typing.types
        let index = append(element)
        readProperties(of: index, typing: typing, context: context)
        if let owner = place.owner {
            references.append(
                ModelReference(
                    owner: owner, property: place.property, target: identifier, written: nil, kinds: nil, versions: nil, parentElement: nil,
                    requiredType: nil, keyProperty: place.segment, line: json.line, document: document))
        }
        return .added(index)
    }

    /// `{"@id": …}` alone is JSON-LD for a reference, which DTDL does not allow; some old v2 models have it.
    private mutating func refer(
        byObject id: String, at json: JSONTree, context: ActiveContext, outer: ActiveContext, place: ElementPlace
    ) -> ElementReading {
        guard let owner = place.owner else { return .refused }
        let ownerID = elements[owner].identifier
        guard toleratesSolecisms, outer.version < 3 else {
            report(
                "idReference", at: json, element: ownerID, property: place.property, value: id,
                cause: "An object with nothing but @id stands for a reference.",
                action: "Write the identifier as a string.")
            return .refused
        }
        guard refer(to: id, at: json, context: context, place: place) else {
            report(
                "idRefBadDtmiOrTerm", at: json, element: ownerID, property: place.property, value: id,
                cause: "\"\(id)\" is neither a DTMI nor a term.", action: "Write the identifier of an element.")
            return .refused
        }
        return .added(owner)
    }

    /// Notes a reference to be followed later; false if the text means no identifier.
    mutating func refer(to text: String, at json: JSONTree, context: ActiveContext, place: ElementPlace) -> Bool {
        guard let owner = place.owner else { return false }
        guard let target = context.identifier(text) ?? freeIdentifier(text) else { return false }
        references.append(
            ModelReference(
                owner: owner, property: place.property, target: target, written: text,
                kinds: metamodel.classes[place.className]?.kinds(version: context.version), versions: place.facts?.allowedVersions,
                parentElement: nil,
                requiredType: nil, keyProperty: place.segment, line: json.line, document: document))
        return true
    }

    /// In IoT Central any text may be an identifier.
    private func freeIdentifier(_ text: String) -> String? {
        options.profile == .iotCentral && text.contains(":") ? text : nil
    }

    // MARK: - Identifiers

    /// The element's identifier, written or made; nil after an error.
    private mutating func identifier(of json: JSONTree, context: ActiveContext, place: ElementPlace) -> String? {
        let ownerID = place.owner.map { elements[$0].identifier }
        if let value = json["@id"] {
            guard let id = value.stringValue, !id.isEmpty else {
                report("idNotString", at: value, element: ownerID, cause: "An @id is no string.", action: "Write a DTMI there.")
                return nil
            }
            return check(id, at: value, context: context) ? id : nil
        }
        if place.facts?.requiresID ?? false {
            report(
                "missingRequiredId", at: json, element: ownerID, property: place.property, cause: "An element of \"\(place.property)\" has no @id.",
                action: "Give it a DTMI as @id.")
            if options.profile == .strict { return nil }
        }
        guard let ownerID else { return nil }
        var segment = ""
        if let name = place.segment {
            guard let value = property(name, of: json, version: context.version) else {
                report(
                    "missingDtmiSegPropertyValue", at: json, element: ownerID, property: place.property, value: name,
                    cause: "An element of \"\(place.property)\" has neither an @id nor a \(name) to make one from.", action: "Give it a \(name).")
                return nil
            }
            let literal = value.literal
            guard let text = literal.stringValue ?? literal.numberText else {
                report(
                    "dtmiSegPropertyNotStringOrNumber", at: value, element: ownerID, property: place.property, value: name,
                    cause: "The \(name) of an element of \"\(place.property)\" is no string.", action: "Write a string there.")
                return nil
            }
            segment = ":__" + text
        }
        let path = ownerID.prefix { $0 != ";" }
        let property = place.property.prefix { $0 != ";" }
        return "\(path):_\(property)\(segment)\(ownerID.dropFirst(path.count))"
    }

    private mutating func check(_ id: String, at place: JSONTree, context: ActiveContext) -> Bool {
        let bytes = id.utf8.count
        if let longest = metamodel.idLengths[context.version]?[context.limit], bytes > longest {
            report(
                "idTooLong", at: place, value: id, cause: "An identifier has \(bytes) characters, more than \(longest).", action: "Shorten it.")
            return false
        }
        if !DTMI.isUserIdentifier(id, version: context.version) {
            report(
                "invalidId", at: place, value: id, cause: "\"\(id)\" is not an identifier of DTDL v\(context.version).",
                action: "Write a DTMI: dtmi:, segments between colons, and a version after a semicolon.")
            return options.profile == .iotCentral
        }
        if context.isReserved(id), !(toleratesSolecisms && context.version < 3) {
            report(
                "reservedId", at: place, value: id, cause: "\"\(id)\" begins as only identifiers of the language may.",
                action: "Choose another beginning, after the name of your organisation.")
            return false
        }
        return true
    }

    private mutating func checkUniqueness(_ identifier: String, _ json: JSONTree, context: ActiveContext, place: ElementPlace) -> Bool {
        guard let present = indices[identifier] else { return true }
        let ownerID = place.owner.map { elements[$0].identifier }
        let isAutomatic = DTMI(identifier)?.isReserved ?? false
        if !isAutomatic || json["@id"] != nil {
            report(
                "duplicateDefinition", at: json, element: identifier,
                cause:
                    "The element \"\(identifier)\" is defined again; it is defined on line \(elements[present].json.line) of document \(elements[present].document).",
                action: "Remove one definition, or change its identifier.")
        } else if place.segment != nil, !(toleratesSolecisms && context.version < 3) {
            report(
                "nonUniquePropertyValue", at: json, element: ownerID, property: place.property, value: place.segment,
                cause: "Two elements of \"\(place.property)\" have the same \(place.segment ?? "name").", action: "Rename one of them.")
        }
        return false
    }

    /// A material property under its short name or its identifier in this version.
    func property(_ name: String, of json: JSONTree, version: Int) -> JSONTree? {
        json.members.first { $0.key == name || $0.key == "dtmi:dtdl:property:\(name);\(version)" }?.value
    }

    func list(_ versions: [Int]) -> String { versions.sorted().map { "\($0)" }.joined(separator: ", ") }
}
