internal import JSON

/// The layers of a model's elements: parts of one definition that several documents bring, each marked by a fragment of the identifier and the co-type
/// `Layer`.
///
/// No published context defines them, so that such identifiers are invalid (DTDL v2 to v4, "Digital Twin Model Identifier"). Writers of layered models
/// are told what is wrong with the layers as well, by the names that the reference implementation has for it.
struct ModelLayers {
    static let contextName = "dtmi:dtdl:extension:layering"
    static let cotype = "Layer"

    /// What one layer says of an element.
    struct Part {
        let layer: String
        let json: JSONTree
        let version: Int
        /// Known co-types.
        let types: [String]
    }

    /// An element with all its layers.
    struct Element {
        let className: String
        let parent: String?
        let version: Int
        var layers: Set<String> = []
        var types: Set<String> = []
        /// What was said first of each property.
        var values: [String: JSONTree] = [:]

        mutating func add(_ part: Part) {
            layers.insert(part.layer)
            types.formUnion(part.types)
            for member in part.json.members where values[member.key] == nil { values[member.key] = member.value }
        }
    }

    /// Where an element is looked at.
    struct Place {
        /// The element around it, without fragment.
        let owner: String
        let ownerLayer: String
        let ownerFragment: String
        let property: MetaProperty
        let facts: MetaProperty.Facts
    }

    /// The documents that were read, with their numbers.
    var documents: [(tree: JSONTree, number: Int)] = []
    var elements: [String: Element] = [:]
    /// Which element has a name among the values of a property.
    var names: [String: String] = [:]
    /// Names that two elements have, to be reported if nothing else is wrong.
    var clashes: [(owner: String, property: String, place: JSONTree, document: Int)] = []
}

extension ModelBuilder {
    /// Checks the layers of all documents, if some identifier is invalid for its fragment.
    mutating func checkLayers() {
        let isLayered = errors.contains { $0.code == "invalidId" && $0.value?.contains("#") ?? false }
        guard isLayered, options.profile == .strict else { return }
        let before = errors.count
        for (tree, number) in layers.documents {
            document = number
            for element in tree.values where element.kind == .object {
                _ = readLayer(element, within: ActiveContext(), place: nil, isRead: element["@id"]?.stringValue?.contains("#") != true)
            }
        }
        guard errors.count == before else { return }
        for clash in layers.clashes {
            report(
                "nonUniquePropertyValue", line: clash.place.line, document: clash.document, element: clash.owner, property: clash.property,
                value: "name", cause: "Two elements of \"\(clash.property)\" have the same name.", action: "Rename one of them.")
        }
    }

    /// Reads what one layer says of an element; false if it cannot be used where it stands.
    ///
    /// - Parameter isRead: whether the element has been read as one without layers, so that only what is between layers is reported.
    private mutating func readLayer(_ json: JSONTree, within outer: ActiveContext, place: ModelLayers.Place?, isRead: Bool) -> Bool {
        guard let context = quietContext(of: json, within: outer) else { return true }
        let isActive = context.isLayered
        let names = json["@type"]?.values.compactMap(\.stringValue) ?? []
        let isLayer = names.contains(ModelLayers.cotype)
        let written = json["@id"]?.stringValue
        let fragment = written.map { String($0.drop { $0 != "#" }.dropFirst()) } ?? place?.ownerFragment ?? ""
        let layer = isActive && (written != nil || isLayer) ? fragment : written == nil ? place?.ownerLayer ?? "" : ""
        let isRead = isRead && written?.contains("#") != true
        if let place, layer != place.ownerLayer {
            complain("mismatchedLayers", json, place.owner, place.property.name, "stands in an element of another layer", "Put both into one layer.")
            return true
        }
        if isActive, !isLayer, !fragment.isEmpty, written?.contains("#") ?? false {
            complain("disallowedIdFragment", json, written, nil, "has an @id with a fragment without being a Layer", "Remove the fragment.")
            return true
        }
        guard
            let base = base(
                of: json, written: isActive ? written?.prefix { $0 != "#" } : written?[...], place: place, context: context, isRead: isRead)
        else { return true }
        guard let className = className(of: json, base: base, place: place, context: context, isRead: isRead) else { return false }
        var undefined = false
        let types = names.compactMap { name -> String? in
            if name == ModelLayers.cotype || metamodel.classes[name] != nil { return nil }
            if let type = context.identifier(name), metamodel.types[type] != nil { return type }
            undefined = true
            return nil
        }
        let part = ModelLayers.Part(layer: layer, json: json, version: context.version, types: types)
        guard place == nil || note(json, base, place: place) else { return true }
        guard join(part, base: base, className: className, isExplicit: written != nil, parent: place?.owner) else { return true }
        let owner = (base: base, layer: layer, fragment: fragment)
        readMembers(
            of: part, owner: owner, className: className, context: context, hasUndefinedType: undefined, isRead: isRead, isExplicit: written != nil)
        return true
    }

    /// The contexts in force; what is wrong with them is known already.
    private mutating func quietContext(of json: JSONTree, within outer: ActiveContext) -> ActiveContext? {
        let before = errors.count
        let context = context(of: json, within: outer)
        errors.removeLast(errors.count - before)
        return context
    }

    mutating func complain(_ code: String, _ json: JSONTree, _ element: String?, _ property: String?, _ what: String, _ action: String) {
        report(code, at: json, element: element, property: property, cause: "\"\(element ?? property ?? "The element")\" \(what).", action: action)
    }

    /// The identifier that the layers of an element share, written or made.
    private mutating func base(
        of json: JSONTree, written: Substring?, place: ModelLayers.Place?, context: ActiveContext, isRead: Bool
    ) -> String? {
        if let written { return String(written) }
        guard let place else { return nil }
        var segment = ""
        if let name = place.property.segment {
            guard let text = property(name, of: json, version: context.version)?.literal.stringValue else {
                if !isRead {
                    complain("missingDtmiSegPropertyValue", json, place.owner, place.property.name, "has an element without \(name)", "Give it one.")
                }
                return nil
            }
            segment = ":__" + text
        }
        let path = place.owner.prefix { $0 != ";" }
        return "\(path):_\(place.property.name)\(segment)\(place.owner.dropFirst(path.count))"
    }

    /// What an element is in this layer; nil if that is wrong.
    private mutating func className(
        of json: JSONTree, base: String, place: ModelLayers.Place?, context: ActiveContext, isRead: Bool
    ) -> String? {
        let allowed = place.flatMap { metamodel.classes[$0.facts.className ?? ""]?.kinds(version: context.version) } ?? ["Interface"]
        let known = layers.elements[base]
        let names = json["@type"]?.values.compactMap(\.stringValue) ?? []
        guard let name = names.first(where: { metamodel.classes[$0] != nil }) else {
            if json["@type"] == nil, place?.facts.infersType ?? false { return place?.facts.className }
            let code = json["@type"] != nil && known != nil ? "layerMissingMaterialType" : "badType"
            if !isRead { complain(code, json, base, place?.property.name, "has no type in this layer", "Give it the type it has elsewhere.") }
            return nil
        }
        if let known, !allowed.contains(known.className) {
            complain("incompatibleType", json, base, place?.property.name, "is a \(known.className) in another layer", "Refer to another element.")
            return nil
        }
        return name
    }

    /// Notes the name of an element among its siblings.
    private mutating func note(_ json: JSONTree, _ base: String, place: ModelLayers.Place?) -> Bool {
        guard let place, let key = place.property.segment, let name = json[key]?.literal.stringValue else { return true }
        let slot = "\(place.owner) \(place.property.name) \(name)"
        if let other = layers.names[slot], other != base { layers.clashes.append((place.owner, place.property.name, json, document)) }
        layers.names[slot] = base
        return true
    }

    /// Puts what one layer says to what others say; false if they are not of one element.
    private mutating func join(_ part: ModelLayers.Part, base: String, className: String, isExplicit: Bool, parent: String?) -> Bool {
        if let known = layers.elements[base], !check(part, against: known, base: base, className, isExplicit: isExplicit, parent: parent) {
            return false
        }
        layers.elements[base, default: ModelLayers.Element(className: className, parent: parent, version: part.version)].add(part)
        return true
    }

    private mutating func check(
        _ part: ModelLayers.Part, against known: ModelLayers.Element, base: String, _ className: String, isExplicit: Bool, parent: String?
    ) -> Bool {
        if known.className != className {
            complain("multipleMaterialTypes", part.json, base, nil, "is a \(known.className) and a \(className)", "Leave one of these types.")
        } else if known.parent != parent {
            complain("inconsistentParent", part.json, base, nil, "stands in different elements", "Define it in one of them.")
        } else if known.layers.contains(part.layer) {
            if isExplicit { complain("duplicateDefinition", part.json, base, nil, "is defined twice in one layer", "Remove one definition.") }
        } else if known.version != part.version {
            complain("inconsistentContext", part.json, base, nil, "is written in different versions of DTDL", "Write all layers in one.")
        } else {
            compare(part, with: known, base: base)
            return true
        }
        return false
    }

    private mutating func readMembers(
        of part: ModelLayers.Part, owner: (base: String, layer: String, fragment: String), className: String, context: ActiveContext,
        hasUndefinedType: Bool, isRead: Bool, isExplicit: Bool
    ) {
        guard let known = metamodel.classes[className] else { return }
        for member in part.json.members where !member.key.hasPrefix("@") {
            if let (property, facts) = known.property(member.key, version: context.version) {
                guard property.kind == .object else { continue }
                let place = ModelLayers.Place(
                    owner: owner.base, ownerLayer: owner.layer, ownerFragment: owner.fragment, property: property, facts: facts)
                let used = member.value.values.filter { $0.kind != .object || readLayer($0, within: context, place: place, isRead: isRead) }
                if used.isEmpty, facts.minimumCount ?? 0 > 0, !isRead {
                    complain("objectCountBelowMin", member.value, owner.base, property.name, "has no value that can be used", "Give it one.")
                }
                continue
            }
            guard !isRead else { continue }
            let identifier = context.identifier(member.key)
            let properties = identifier.map { identifier in part.types.compactMap { metamodel.property(identifier, of: $0) } } ?? []
            if let property = properties.first {
                if member.value.values.count < property.minimumCount {
                    complain("objectCountBelowMin", member.value, owner.base, member.key, "has too few values", "Give it as many as it needs.")
                }
            } else if !hasUndefinedType {
                complain("noTypeThatAllows", member.value, owner.base, member.key, "has a property that no type has in this layer", "Remove it.")
            }
        }
        if !isRead { reportMissing(inLayer: part, owner: owner.base, known, isExplicit: isExplicit, context: context) }
    }
}
