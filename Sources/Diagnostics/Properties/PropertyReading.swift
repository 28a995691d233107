import JSON

/// Reads an event's sections as statements about properties.
struct PropertyReading {
    /// What a section says of all its values.
    struct Section {
        let section: PropertySection
        /// The section's version; nil where the format has none.
        let version: Int64?
    }

    /// Where a value lies.
    struct Place {
        var module: String
        var component: String
    }

    /// What was read, in the order of the document.
    private(set) var changes: [PropertyChange] = []

    private let place: Place
    private let time: Timestamp
    /// When a patch says that properties were set, by the path of each.
    private var times: [[String]: Timestamp] = [:]
    private let isWhole: Bool

    /// - Parameter isWhole: whether a section has all that there is, so that what it does not name is gone.
    init(_ event: borrowing DecodedEvent, isWhole: Bool) {
        place = Place(module: event.string(event.module), component: event.string(event.component))
        time = event.eventTime
        self.isWhole = isWhole
    }

    /// Reads sections. What has not the layout of its section says nothing; the judge tells of it.
    mutating func read(_ sections: [ValueSection], in document: borrowing JSONDocument) {
        for part in sections where document.kind(part.node) == part.shape.kind {
            guard let section = PropertySection(part.kind) else { continue }
            switch part.shape {
            case .members: readMembers(of: part.node, at: place, Section(section: section, version: nil), document)
            case .list: readList(part.node, section, document)
            case .twin: readTwin(part.node, section, document)
            case .jsonPatch: readPatch(part.node, section, document)
            }
        }
    }

    // MARK: - Layouts

    /// Values by name. Names with `$` and the mark of a component are the service's.
    private mutating func readMembers(
        of object: JSONNode, at place: Place, _ section: Section, metadata: JSONNode? = nil, _ document: borrowing JSONDocument
    ) {
        var member = document.firstMember(of: object)
        while let found = member {
            member = document.nextMember(after: found, in: object)
            let name = Self.identifier(document.string(found.key))
            if Self.isServiceName(name) { continue }
            let own = metadata.flatMap { document.member(document.string(found.key), of: $0) }
            take(name, found.value, at: place, section, metadata: own, document)
        }
    }

    /// IoT Central: `{component?, module?, name, value}`, in older exports `fieldName`; one event may mix components.
    private mutating func readList(_ array: JSONNode, _ section: PropertySection, _ document: borrowing JSONDocument) {
        var element = document.firstElement(of: array)
        while let found = element {
            element = document.nextElement(after: found, in: array)
            let named = document.string(document.member("name", of: found)) ?? document.string(document.member("fieldName", of: found))
            guard let named, let value = document.member("value", of: found) else { continue }
            var place = place
            if let module = document.string(document.member("module", of: found)) { place.module = Self.identifier(document.string(module)) }
            if let component = document.string(document.member("component", of: found)) {
                place.component = Self.identifier(document.string(component))
            }
            let name = Self.identifier(document.string(named))
            if !name.isEmpty { take(name, value, at: place, Section(section: section, version: nil), metadata: nil, document) }
        }
    }

    /// A section of a twin (IoT Plug and Play conventions, "Properties"): its version and the times of its properties stand beside them.
    private mutating func readTwin(_ object: JSONNode, _ section: PropertySection, _ document: borrowing JSONDocument) {
        let version = document.member("$version", of: object).flatMap { document.integer($0) }
        let section = Section(section: section, version: version)
        if isWhole { mark(PropertyKey.everyComponent, in: place.module, section) }
        readRoot(of: object, section, metadata: document.member("$metadata", of: object), document)
    }

    private mutating func readRoot(of object: JSONNode, _ section: Section, metadata: JSONNode?, _ document: borrowing JSONDocument) {
        var member = document.firstMember(of: object)
        while let found = member {
            member = document.nextMember(after: found, in: object)
            let name = Self.identifier(document.string(found.key))
            if Self.isServiceName(name) { continue }
            let own = metadata.flatMap { document.member(document.string(found.key), of: $0) }
            readTop(name, found.value, section, metadata: own, document)
        }
    }

    /// A property, or a component with its properties; null ends either, and only a template could say which it is.
    private mutating func readTop(_ name: String, _ value: JSONNode, _ section: Section, metadata: JSONNode?, _ document: borrowing JSONDocument) {
        var inside = place
        inside.component = name
        switch document.kind(value) {
        case .object where document.isComponent(value): readMembers(of: value, at: inside, section, metadata: metadata, document)
        case .null:
            take(name, value, at: place, section, metadata: metadata, document)
            if place.component.isEmpty { mark(name, in: place.module, section) }
        default: take(name, value, at: place, section, metadata: metadata, document)
        }
    }

    /// A JSON Patch (RFC 6902) on a digital twin. A path of two names is a component and a property of it; one that goes on is a part of a property.
    private mutating func readPatch(_ array: JSONNode, _ section: PropertySection, _ document: borrowing JSONDocument) {
        let section = Section(section: section, version: nil)
        times = Self.times(of: array, document).filter {
            !$0.value.isUnset && $0.value.microseconds <= time.microseconds + Timestamp.microsecondsPerDay
        }
        var element = document.firstElement(of: array)
        while let found = element {
            element = document.nextElement(after: found, in: array)
            guard let operation = document.string(document.member("op", of: found)), let path = document.string(document.member("path", of: found))
            else { continue }
            let isRemoval = document.equals(operation, "remove")
            guard isRemoval || document.equals(operation, "add") || document.equals(operation, "replace") else { continue }
            let tokens = Self.tokens(of: document.string(path))
            if tokens.contains(where: Self.isServiceName) { continue }
            let value = isRemoval ? nil : document.member("value", of: found)
            if value == nil && !isRemoval { continue }
            switch tokens.count {
            case 0:
                mark(PropertyKey.everyComponent, in: place.module, section)
                if let value, document.kind(value) == .object {
                    readRoot(of: value, section, metadata: document.member("$metadata", of: value), document)
                }
            case 1:
                let name = Self.identifier(tokens[0])
                if let value { readTop(name, value, section, metadata: nil, document) } else { remove(name, section) }
            default:
                let inside = Place(module: place.module, component: place.component.isEmpty ? Self.identifier(tokens[0]) : place.component)
                let names = place.component.isEmpty ? tokens.dropFirst() : tokens[...]
                take(Self.identifier(names.joined(separator: "/")), value, at: inside, section, metadata: nil, document)
            }
        }
    }

    /// A digital twin tells the times of its properties by operations of their own: `/$metadata/speed`, `/motor/$metadata/speed`.
    private static func times(of patch: JSONNode, _ document: borrowing JSONDocument) -> [[String]: Timestamp] {
        var times: [[String]: Timestamp] = [:]
        var element = document.firstElement(of: patch)
        while let found = element {
            element = document.nextElement(after: found, in: patch)
            guard let path = document.string(document.member("path", of: found)), let value = document.member("value", of: found),
                let updated = document.member("lastUpdateTime", of: value).flatMap({ document.timestamp($0) })
            else { continue }
            let tokens = tokens(of: document.string(path))
            guard tokens.count >= 2, tokens[tokens.count - 2] == "$metadata" else { continue }
            times[tokens.dropLast(2) + [identifier(tokens[tokens.count - 1])]] = updated
        }
        return times
    }

    // MARK: - Statements

    private mutating func remove(_ name: String, _ section: Section) {
        append(name, at: place, section, PropertyValue(text: nil, version: section.version, changedAt: time))
        if place.component.isEmpty { mark(name, in: place.module, section) }
    }

    private mutating func mark(_ component: String, in module: String, _ section: Section) {
        append(
            "", at: Place(module: module, component: component), section, PropertyValue(text: nil, version: section.version, changedAt: time))
    }

    /// Takes a value in; null, and none, remove the property.
    private mutating func take(
        _ name: String, _ value: JSONNode?, at place: Place, _ section: Section, metadata: JSONNode?, _ document: borrowing JSONDocument
    ) {
        let own = metadata.map { document.change($0, of: section.version, before: time) }
        let (version, changedAt) = (own?.version ?? section.version, own?.time ?? patchTime(of: name, at: place) ?? time)
        guard let value, document.kind(value) != .null else {
            append(name, at: place, section, PropertyValue(text: nil, version: version, changedAt: changedAt))
            return
        }
        let answer = section.section == .reported ? PropertyAcknowledgement.read(value, in: document) : nil
        let bare = section.section == .cloud ? value : document.unwrapped(answer?.value ?? value)
        append(
            name, at: place, section,
            PropertyValue(text: document.boundedValue(bare), version: version, changedAt: changedAt, acknowledgement: answer?.answer))
    }

    private mutating func append(_ name: String, at place: Place, _ section: Section, _ value: PropertyValue) {
        changes.append(
            PropertyChange(
                section: section.section, module: place.module, component: place.component, name: name, version: section.version,
                time: min(time, patchTime(of: name, at: place) ?? time), value: value))
    }

    /// The same change also comes as a change of the twin, which is told a little later: the patch must not seem to be the later one. What a patch removes it
    /// removes before it adds.
    private func patchTime(of name: String, at place: Place) -> Timestamp? {
        if times.isEmpty { return nil }
        if name.isEmpty { return times.values.min() }
        return times[place.component.isEmpty ? [name] : [place.component, name]]
    }

    private static func identifier(_ text: String) -> String { BoundedText.bound(text, limit: BoundedText.identifierLimit) }

    private static func isServiceName(_ name: String) -> Bool { name.isEmpty || name.utf8.first == UInt8(ascii: "$") || name == "__t" }

    /// The reference tokens of a JSON Pointer (RFC 6901 §4).
    private static func tokens(of pointer: String) -> [String] {
        pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            String($0).replacing("~1", with: "/").replacing("~0", with: "~")
        }
    }
}
