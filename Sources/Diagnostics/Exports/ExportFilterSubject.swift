import JSON

/// An event as a filter sees it.
struct ExportFilterSubject {
    private enum Value {
        case text(String)
        case number(Double)
        case boolean(Bool)
        /// An object or array, which compares with nothing.
        case other
        /// The event does not have it.
        case absent
        /// The event does not say.
        case unknown
    }

    private let deviceID: String
    private let templateRef: String
    private let component: String
    private let sections: [ValueSection]
    private let flags: DeviceFlags
    private let isTransform: Bool

    init(_ event: borrowing DecodedEvent) {
        deviceID = event.string(event.deviceID)
        templateRef = event.isTemplateOfModule ? "" : event.string(event.templateRef)
        component = event.string(event.component)
        sections = event.sections
        flags = event.deviceFlags
        isTransform = event.envelope == .iotCentralTransform
    }

    /// How a condition turns out.
    mutating func evaluate(_ condition: ExportFilterExpression, _ document: borrowing JSONDocument?) -> ExportFilterTruth {
        switch condition {
        case .compare(let left, let comparison, let right): compare(left, comparison, right, document)
        case .among(let operand, let list):
            list.reduce(.no) { $0.or(compare(operand, .equal, $1, document)) }
        case .isNull(let operand): isNull(value(operand, document))
        case .not(let inner): evaluate(inner, document).opposite
        case .all(let left, let right): evaluate(left, document).and(evaluate(right, document))
        case .any(let left, let right): evaluate(left, document).or(evaluate(right, document))
        }
    }

    private func isNull(_ value: Value) -> ExportFilterTruth {
        switch value {
        case .absent: .yes
        case .unknown: .unknown
        case .text, .number, .boolean, .other: .no
        }
    }

    private func compare(
        _ left: ExportFilterExpression.Operand, _ comparison: ExportFilterExpression.Comparison, _ right: ExportFilterExpression.Operand,
        _ document: borrowing JSONDocument?
    ) -> ExportFilterTruth {
        // `= null` asks whether it is there.
        if left == .null || right == .null {
            let isAbsent = isNull(value(left == .null ? right : left, document))
            switch comparison {
            case .equal: return isAbsent
            case .notEqual: return isAbsent.opposite
            case .less, .lessOrEqual, .greater, .greaterOrEqual: return .absent
            }
        }
        let (first, second) = (value(left, document), value(right, document))
        switch (first, second) {
        case (.unknown, _), (_, .unknown): return .unknown
        case (.absent, .absent): return .absent
        case (.absent, _), (_, .absent):
            // Of two names the one that the message does not have may be a property of the device.
            return left.isCapability && right.isCapability ? .unknown : .absent
        case (.number(let a), .number(let b)): return ExportFilterTruth(comparison.holds(a, b))
        case (.text(let a), .text(let b)): return ExportFilterTruth(comparison.holds(Bytes(a), Bytes(b)))
        case (.boolean(let a), .boolean(let b)): return ExportFilterTruth(comparison.holds(a ? 1 : 0, b ? 1 : 0))
        default: return comparison == .notEqual ? .yes : .no
        }
    }

    // MARK: - Values

    private func value(_ operand: ExportFilterExpression.Operand, _ document: borrowing JSONDocument?) -> Value {
        switch operand {
        case .text(let text): return .text(text)
        case .number(let number): return .number(number)
        case .boolean(let value): return .boolean(value)
        case .null: return .absent
        case .system(let name): return system(name, document)
        case .capability(let template, let path):
            if let template, !templateRef.isEmpty, BoundedText.bound(template, limit: BoundedText.identifierLimit) != templateRef { return .absent }
            // An event without values, such as a connection, can only be meant by a property of its device.
            guard !sections.isEmpty else { return .unknown }
            guard let found = node(path, document) else { return .absent }
            return read(found, document)
        }
    }

    private func system(_ name: String, _ document: borrowing JSONDocument?) -> Value {
        switch name.lowercased() {
        case "$id": deviceID.isEmpty ? .absent : .text(deviceID)
        case "$template", "$templateid": templateRef.isEmpty ? .unknown : .text(templateRef)
        case "$simulated": flags.simulated.map { .boolean($0) } ?? .unknown
        case "$displayname": displayName(document)
        default: .unknown
        }
    }

    /// Only messages in the shape that transforms are given carry a device's name.
    private func displayName(_ document: borrowing JSONDocument?) -> Value {
        guard isTransform, let device = document?.memberOfRoot("device"), let name = document?.textMember("name", of: device) else {
            return .unknown
        }
        return .text(name)
    }

    private func read(_ node: JSONNode, _ document: borrowing JSONDocument?) -> Value {
        guard let document = copy document else { return .unknown }
        switch document.kind(node) {
        case .null: return .absent
        case .trueValue: return .boolean(true)
        case .falseValue: return .boolean(false)
        case .number: return document.double(node).map { .number($0) } ?? .other
        case .string: return .text(document.string(node))
        case .object, .array: return .other
        }
    }

    /// A capability's value. A path begins with the component where the capability is in one, and goes on into the value where that is an object.
    private func node(_ path: [String], _ document: borrowing JSONDocument?) -> JSONNode? {
        guard document != nil else { return nil }
        for section in sections {
            if let found = document?.capability(path, component: component, in: section) { return found }
        }
        return nil
    }

    /// A text in the order of its bytes.
    private struct Bytes: Comparable {
        let text: String
        init(_ text: String) { self.text = text }
        static func == (a: Bytes, b: Bytes) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }
        static func < (a: Bytes, b: Bytes) -> Bool { a.text.utf8.lexicographicallyPrecedes(b.text.utf8) }
    }
}

extension ExportFilterExpression.Operand {
    fileprivate var isCapability: Bool {
        if case .capability = self { true } else { false }
    }
}

extension ExportFilterExpression.Comparison {
    fileprivate func holds<Value: Comparable>(_ a: Value, _ b: Value) -> Bool {
        switch self {
        case .equal: a == b
        case .notEqual: a != b
        case .less: a < b
        case .lessOrEqual: a <= b
        case .greater: a > b
        case .greaterOrEqual: a >= b
        }
    }
}

extension JSONDocument {
    fileprivate func memberOfRoot(_ name: String) -> JSONNode? { member(name, of: root) }

    fileprivate func textMember(_ name: String, of node: JSONNode) -> String? {
        member(name, of: node).flatMap { kind($0) == .string ? string($0) : nil }
    }

    /// The value of a capability in a section, wherever the section's shape puts it.
    fileprivate func capability(_ path: [String], component: String, in section: ValueSection) -> JSONNode? {
        guard kind(section.node) == section.shape.kind else { return nil }
        switch section.shape {
        case .members:
            guard let rest = Self.inside(component, path) else { return nil }
            return descend(rest, from: section.node)
        case .twin:
            guard let found = descend(path, from: section.node) else { return nil }
            return bare(found)
        case .list:
            var element = firstElement(of: section.node)
            while let found = element {
                element = nextElement(after: found, in: section.node)
                let name = textMember("name", of: found) ?? textMember("fieldName", of: found)
                guard let rest = Self.inside(textMember("component", of: found) ?? component, path), name == rest.first,
                    let value = member("value", of: found)
                else { continue }
                return descend(rest.dropFirst(), from: value)
            }
            return nil
        case .jsonPatch:
            var found: JSONNode?
            var element = firstElement(of: section.node)
            while let operation = element {
                element = nextElement(after: operation, in: section.node)
                let tokens = (textMember("path", of: operation) ?? "").split(separator: "/").map(String.init)
                guard !tokens.isEmpty, path.starts(with: tokens), let value = member("value", of: operation) else { continue }
                found = descend(path.dropFirst(tokens.count), from: value) ?? found
            }
            return found
        }
    }

    /// What of a path is left in a component; nil where the path is of another.
    private static func inside(_ component: String, _ path: [String]) -> ArraySlice<String>? {
        if component.isEmpty { return path[...] }
        return path.count > 1 && path[0] == component ? path.dropFirst() : nil
    }

    private func descend(_ path: some Sequence<String>, from node: JSONNode) -> JSONNode? {
        var node = node
        for name in path {
            guard let next = member(name, of: node) else { return nil }
            node = next
        }
        return node
    }
}
