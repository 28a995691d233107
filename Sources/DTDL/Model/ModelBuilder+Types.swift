internal import JSON

/// What an element is.
struct Typing {
    let className: String
    /// Identifiers of the co-types that are known and go with the element.
    var types: [String] = []
    /// The same with those that do not go with it: their properties are read all the same, so that one error does not make others.
    var written: [String] = []
    /// Co-types that are not known but tolerated.
    var undefined: [String] = []
    /// Whether some co-type is not known, tolerated or not: it might have any property.
    var hasUnknown = false
    /// Whether `@type` was left out.
    let isInferred: Bool
}

extension ModelBuilder {
    /// What an element is by its `@type`; nil after an error.
    mutating func typing(of json: JSONTree, identifier: String, context: ActiveContext, place: ElementPlace) -> Typing? {
        let ownerID = place.owner.map { elements[$0].identifier }
        let allowed = metamodel.classes[place.className]?.kinds(version: context.version) ?? []
        guard let value = json["@type"] else {
            guard place.facts?.infersType ?? false else {
                reportBadType(at: json, place: place, owner: ownerID, value: nil)
                return nil
            }
            return Typing(className: place.className, isInferred: true)
        }
        var kinds: [String] = []
        var types: [String] = []
        var undefined: [String] = []
        var isRefused = false
        var hasUnknown = false
        for type in value.values {
            switch reading(of: type.stringValue ?? "", allowed: allowed, context: context) {
            case .material(let name): if !kinds.contains(name) { kinds.append(name) }
            case .supplemental(let type): if !types.contains(type) { types.append(type) }
            case .undefined(let text): undefined.append(text)
            case .wrong(let code):
                if code == "badType" {
                    isRefused = true
                    reportBadType(at: type, place: place, owner: ownerID, value: type.stringValue)
                } else {
                    hasUnknown = true
                    report(code, type, of: identifier)
                }
            }
        }
        // A wrong co-type does not hide what else is wrong with an element whose class is known.
        if isRefused { return nil }
        guard let className = kinds.first else {
            reportBadType(at: value, place: place, owner: ownerID, value: nil)
            return nil
        }
        guard kinds.count == 1 else {
            report(
                "multipleMaterialTypes", at: value, element: identifier, value: kinds.joined(separator: " and "),
                cause: "The element is a \(kinds.joined(separator: " and a ")) at once.", action: "Leave one of these types.")
            return nil
        }
        if let longest = metamodel.classes[className].flatMap({ $0.isPartition ? metamodel.interfaceIDLengths[context.version]?[context.limit] : nil }
        ),
            identifier.utf8.count > longest
        {
            report(
                "idTooLongForType", at: json["@id"] ?? json, value: identifier,
                cause: "The identifier of an \(className) has \(identifier.utf8.count) characters, more than \(longest).", action: "Shorten it.")
        }
        var typing = Typing(className: className, undefined: undefined, isInferred: false)
        typing.written = types
        typing.hasUnknown = hasUnknown || !undefined.isEmpty
        typing.types = accepted(types, className: className, identifier: identifier, version: context.version, at: value)
        return typing
    }

    // MARK: -

    private enum TypeReading {
        case material(String)
        case supplemental(String)
        case undefined(String)
        case wrong(String)
    }

    private static let whatIsWrong = [
        "typeInvalidDtmi": "is not a DTMI", "typeNotDtmiNorTerm": "is neither a DTMI nor a term",
        "typeUndefinedTerm": "is a term that no context defines",
        "typeIrrelevantDtmiOrTerm": "is no co-type", "abstractSupplementalType": "is abstract, so that no element can have it",
    ]

    private func reading(of text: String, allowed: [String], context: ActiveContext) -> TypeReading {
        let version = context.version
        if let name = allowed.first(where: { text == $0 || text == "dtmi:dtdl:class:\($0);\(version)" }), let known = metamodel.classes[name] {
            return known.isElemental ? .wrong("badType") : .material(name)
        }
        if isMaterial(text) { return .wrong("badType") }
        let tolerances = metamodel.apocrypha[version] ?? [:]
        func tolerate(_ name: String, _ code: String) -> TypeReading {
            switch tolerances[name] ?? .invalid {
            case .valid: .undefined(text)
            case .tenable: context.isComplete ? .wrong(code) : .undefined(text)
            case .invalid: .wrong(code)
            }
        }
        guard let identifier = context.identifier(text) else {
            if text.hasPrefix("dtmi:") { return tolerate("invalidDtmiAsCotype", "typeInvalidDtmi") }
            if text.contains(":") { return tolerate("notDtmiNorTermAsCotype", "typeNotDtmiNorTerm") }
            return tolerate("undefinedTermAsCotype", "typeUndefinedTerm")
        }
        guard let type = metamodel.types[identifier] else { return tolerate("irrelevantDtmiOrTermAsCotype", "typeIrrelevantDtmiOrTerm") }
        if type.isAbstract { return .wrong("abstractSupplementalType") }
        switch type.kind {
        case "Unit", "UnitAttribute", "LatentType", "NamedLatentType": return .wrong("badType")
        default: return .supplemental(identifier)
        }
    }

    private func isMaterial(_ text: String) -> Bool {
        if metamodel.classes[text] != nil { return true }
        guard text.hasPrefix("dtmi:dtdl:class:"), let semicolon = text.lastIndex(of: ";") else { return false }
        let name = text[..<semicolon].dropFirst("dtmi:dtdl:class:".count)
        return metamodel.classes[String(name)].map { $0.versions.contains { text.hasSuffix(";\($0)") } } ?? false
    }

    /// The co-types that go with the class, the version and each other.
    private mutating func accepted(_ types: [String], className: String, identifier: String, version: Int, at place: JSONTree) -> [String] {
        var accepted: [String] = []
        var sources: [String: String] = [:]
        for each in types {
            guard let type = metamodel.types[each] else { continue }
            let term = metamodel.term(each)
            let goes = type.classes.isEmpty || type.classes.contains(className) || !Set(type.alternatives).isDisjoint(with: types)
            if !goes {
                report(
                    "invalidCotype", at: place, element: identifier, value: term, cause: "The co-type \(term) does not go with \(className).",
                    action: "Use it on \(type.classes.sorted().joined(separator: ", ")) only.")
            }
            if !type.versions.contains(version) {
                report(
                    "invalidCotypeVersion", at: place, element: identifier, value: term,
                    cause: "The co-type \(term) does not go with DTDL v\(version).", action: "Use it in DTDL v\(list(type.versions)) only.")
                continue
            }
            // What names a sibling can be checked against it, whatever it stands on.
            if !goes, type.siblings.isEmpty { continue }
            for property in type.properties {
                if let other = sources[property.identifier] {
                    report(
                        "conflictingSupplementalTypes", at: place, element: identifier, property: metamodel.term(property.identifier), value: term,
                        cause: "The co-types \(metamodel.term(other)) and \(term) both bring \(metamodel.term(property.identifier)).",
                        action: "Remove one of them.")
                    break
                }
                sources[property.identifier] = each
            }
            accepted.append(each)
            for required in type.requiredCotypes where !types.contains(required) {
                report(
                    "missingCocotype", at: place, element: identifier, value: term,
                    cause: "The co-type \(term) needs the co-type \(metamodel.term(required)) beside it.", action: "Add it.")
            }
        }
        return accepted
    }

    /// What else is wrong with the `@type` of a document's element that is no Interface: without a type that may stand anywhere it is no element at all.
    mutating func checkUnrootable(_ json: JSONTree, context: ActiveContext) {
        let types = json["@type"]?.values ?? []
        if types.contains(where: { isMaterial($0.stringValue ?? "") }) { return }
        let place = ElementPlace(owner: nil, property: "", className: "Interface", facts: nil, segment: nil, partition: nil)
        reportBadType(at: json["@type"] ?? json, place: place, owner: nil, value: types.first?.stringValue)
        for type in types {
            guard case .wrong(let code) = reading(of: type.stringValue ?? "", allowed: [], context: context), code != "badType" else { continue }
            report(code, type, of: json["@id"]?.stringValue)
        }
    }

    private mutating func report(_ code: String, _ type: JSONTree, of identifier: String?) {
        report(
            code, at: type, element: identifier, value: type.stringValue,
            cause: "The co-type \"\(type.stringValue ?? "")\" \(Self.whatIsWrong[code] ?? "is not allowed").",
            action: "Correct it, remove it, or add the context that defines it.")
    }

    private mutating func reportBadType(at json: JSONTree, place: ElementPlace, owner: String?, value: String?) {
        let wanted = value.map { "\"\($0)\"" } ?? "no type that is expected"
        report(
            "badType", at: json, element: owner, property: place.property, value: value,
            cause: "The element of \"\(place.property)\" has \(wanted); expected is \(place.className).",
            action: "Give it an @type of \(place.className).")
    }
}
