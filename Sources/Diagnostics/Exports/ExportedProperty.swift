import JSON

/// One property in an event, wherever the event's format puts it, as an export writes it: an element of `properties`.
struct ExportedProperty {
    var module: String
    var component: String
    var name: String
    /// The value without an acknowledgement or a wrapper around it; nil where the property was removed, which an export writes as null.
    var value: JSONNode?

    /// The properties of a section in the order of the document. What has not the layout of its section has none.
    static func all(in section: ValueSection, of event: borrowing DecodedEvent, _ document: borrowing JSONDocument) -> [ExportedProperty] {
        guard document.kind(section.node) == section.shape.kind else { return [] }
        let place = ExportedProperty(module: event.string(event.module), component: event.string(event.component), name: "")
        return switch section.shape {
        case .members: document.members(of: section.node, place)
        case .list: document.elements(of: section.node, place)
        case .twin: document.twin(section.node, place)
        case .jsonPatch: document.patch(section.node, place)
        }
    }

    /// Names with `$` and the mark of a component are the service's.
    fileprivate static func isServiceName(_ name: String) -> Bool {
        name.isEmpty || name.utf8.first == UInt8(ascii: "$") || name == "__t"
    }

    /// What properties are sorted by: their order in a message means nothing.
    var order: [UInt8] { Array(module.utf8) + [0] + Array(component.utf8) + [0] + Array(name.utf8) }
}

extension JSONDocument {
    fileprivate func members(of object: JSONNode, _ place: ExportedProperty) -> [ExportedProperty] {
        var found: [ExportedProperty] = []
        var member = firstMember(of: object)
        while let next = member {
            member = nextMember(after: next, in: object)
            if let property = property(string(next.key), next.value, place) { found.append(property) }
        }
        return found
    }

    fileprivate func elements(of array: JSONNode, _ place: ExportedProperty) -> [ExportedProperty] {
        var found: [ExportedProperty] = []
        var element = firstElement(of: array)
        while let next = element {
            element = nextElement(after: next, in: array)
            guard let name = string(member("name", of: next)) ?? string(member("fieldName", of: next)), let value = member("value", of: next) else {
                continue
            }
            var place = place
            if let module = string(member("module", of: next)) { place.module = string(module) }
            if let component = string(member("component", of: next)) { place.component = string(component) }
            place.name = string(name)
            place.value = bare(value)
            found.append(place)
        }
        return found
    }

    fileprivate func twin(_ object: JSONNode, _ place: ExportedProperty) -> [ExportedProperty] {
        var found: [ExportedProperty] = []
        var member = firstMember(of: object)
        while let next = member {
            member = nextMember(after: next, in: object)
            found += top(string(next.key), next.value, place)
        }
        return found
    }

    /// A property, or a component with its properties.
    private func top(_ name: String, _ value: JSONNode, _ place: ExportedProperty) -> [ExportedProperty] {
        if kind(value) == .object, !ExportedProperty.isServiceName(name), isComponent(value) {
            var inside = place
            inside.component = name
            return members(of: value, inside)
        }
        if let property = property(name, value, place) { return [property] }
        return []
    }

    fileprivate func patch(_ array: JSONNode, _ place: ExportedProperty) -> [ExportedProperty] {
        var found: [ExportedProperty] = []
        var element = firstElement(of: array)
        while let next = element {
            element = nextElement(after: next, in: array)
            guard let operation = string(member("op", of: next)), let path = string(member("path", of: next)) else { continue }
            let isRemoval = equals(operation, "remove")
            guard isRemoval || equals(operation, "add") || equals(operation, "replace") else { continue }
            let tokens = string(path).split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
                String($0).replacing("~1", with: "/").replacing("~0", with: "~")
            }
            let value = isRemoval ? nil : member("value", of: next)
            if tokens.contains(where: ExportedProperty.isServiceName) || (value == nil && !isRemoval) { continue }
            switch (tokens.count, value) {
            case (0, .some(let value)): found += twin(value, place)
            case (0, .none): break
            case (1, .some(let value)): found += top(tokens[0], value, place)
            case (1, .none): if let property = property(tokens[0], nil, place) { found.append(property) }
            default:
                var inside = place
                let names = place.component.isEmpty ? tokens.dropFirst() : tokens[...]
                if place.component.isEmpty { inside.component = tokens[0] }
                if let property = property(names.joined(separator: "/"), value, inside) { found.append(property) }
            }
        }
        return found
    }

    private func property(_ name: String, _ value: JSONNode?, _ place: ExportedProperty) -> ExportedProperty? {
        if ExportedProperty.isServiceName(name) { return nil }
        var property = place
        property.name = name
        if let value { property.value = bare(value) }
        return property
    }

    /// A value without an acknowledgement or a wrapper around it, however many there are; nil for null. Taken to the end, so that a message that was made
    /// of a value says the same of it.
    func bare(_ node: JSONNode) -> JSONNode? {
        var node = node
        while true {
            let inner = unwrapped(PropertyAcknowledgement.read(node, in: self)?.value ?? node)
            if inner == node { return kind(node) == .null ? nil : node }
            node = inner
        }
    }
}
