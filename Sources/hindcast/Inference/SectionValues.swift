import DTDL
import Diagnostics
import JSON

/// Who sent a value, and where it belongs.
struct ValuePlace {
    var module: String
    var component: String
    let device: String
}

/// What values are handed to: an inference from nothing, or one over a template.
protocol ValueSink {
    mutating func observe(
        _ name: String, _ value: JSONNode, in document: borrowing JSONDocument, as kind: ModelInference.Kind, module: String, component: String,
        origin: String)
}

extension ModelInference: ValueSink {}
extension TemplateInference: ValueSink {}

/// Hands each value of an event's sections on, by the layout of the section.
enum SectionValues {
    static func walk(_ event: borrowing DecodedEvent, in document: borrowing JSONDocument, device: String, into sink: inout some ValueSink) {
        let place = ValuePlace(module: event.string(event.module), component: event.string(event.component), device: device)
        for section in event.sections {
            guard document.kind(section.node) == section.shape.kind, let kind = kind(of: section.kind) else { continue }
            switch section.shape {
            case .members: members(section.node, kind, at: place, document, &sink)
            case .list: list(section.node, kind, at: place, document, &sink)
            case .twin: twin(section.node, kind, at: place, document, &sink)
            case .jsonPatch: patch(section.node, kind, at: place, document, &sink)
            }
        }
    }

    private static func kind(of kind: EventKind) -> ModelInference.Kind? {
        switch kind {
        case .telemetry: .telemetry
        case .propertyReported: .reportedProperty
        case .propertyDesired: .desiredProperty
        case .propertyCloud: .cloudProperty
        default: nil
        }
    }

    private static func take(
        _ name: String, _ value: JSONNode, _ kind: ModelInference.Kind, at place: ValuePlace, _ document: borrowing JSONDocument,
        _ sink: inout some ValueSink
    ) {
        sink.observe(name, value, in: document, as: kind, module: place.module, component: place.component, origin: place.device)
    }

    private static func members(
        _ object: JSONNode, _ kind: ModelInference.Kind, at place: ValuePlace, _ document: borrowing JSONDocument, _ sink: inout some ValueSink
    ) {
        var next = document.firstMember(of: object)
        while let member = next {
            take(document.string(member.key), member.value, kind, at: place, document, &sink)
            next = document.nextMember(after: member, in: object)
        }
    }

    /// `{component?, module?, name, value}`; older exports say `fieldName`.
    private static func list(
        _ array: JSONNode, _ kind: ModelInference.Kind, at place: ValuePlace, _ document: borrowing JSONDocument, _ sink: inout some ValueSink
    ) {
        var next = document.firstElement(of: array)
        while let element = next {
            next = document.nextElement(after: element, in: array)
            guard let name = text("name", of: element, document) ?? text("fieldName", of: element, document),
                let value = document.member("value", of: element)
            else { continue }
            var own = place
            if let module = text("module", of: element, document) { own.module = module }
            if let component = text("component", of: element, document) { own.component = component }
            take(name, value, kind, at: own, document, &sink)
        }
    }

    /// Values, and components that are marked by `"__t": "c"` (IoT Plug and Play conventions, "Multiple components").
    private static func twin(
        _ object: JSONNode, _ kind: ModelInference.Kind, at place: ValuePlace, _ document: borrowing JSONDocument, _ sink: inout some ValueSink
    ) {
        var next = document.firstMember(of: object)
        while let member = next {
            next = document.nextMember(after: member, in: object)
            let name = document.string(member.key)
            if name.hasPrefix("$") || name == "__t" { continue }
            if place.component.isEmpty, document.member("__t", of: member.value).map({ document.equals($0, "c") }) ?? false {
                var own = place
                own.component = name
                twin(member.value, kind, at: own, document, &sink)
            } else {
                take(name, opened(member.value, kind, document), kind, at: place, document, &sink)
            }
        }
    }

    /// A desired value may be wrapped as `{"value": …}`.
    private static func opened(_ value: JSONNode, _ kind: ModelInference.Kind, _ document: borrowing JSONDocument) -> JSONNode {
        guard kind == .desiredProperty, document.count(value) == 1, let inner = document.member("value", of: value) else { return value }
        return inner
    }

    /// What is added or replaced: a property by one token, a property of a component by two. A patch within a value says nothing about the whole of it.
    private static func patch(
        _ array: JSONNode, _ kind: ModelInference.Kind, at place: ValuePlace, _ document: borrowing JSONDocument, _ sink: inout some ValueSink
    ) {
        var next = document.firstElement(of: array)
        while let operation = next {
            next = document.nextElement(after: operation, in: array)
            guard let path = text("path", of: operation, document), let value = document.member("value", of: operation) else { continue }
            let tokens = path.split(separator: "/").map(unescaped)
            if tokens.contains(where: { $0.hasPrefix("$") }) { continue }
            if tokens.count == 1 {
                // A component as a whole carries the service's own metadata.
                guard document.member("$metadata", of: value) != nil else {
                    take(tokens[0], value, kind, at: place, document, &sink)
                    continue
                }
                var own = place
                own.component = tokens[0]
                twin(value, kind, at: own, document, &sink)
            } else if tokens.count == 2 {
                var own = place
                own.component = tokens[0]
                take(tokens[1], value, kind, at: own, document, &sink)
            }
        }
    }

    /// A reference token's text (RFC 6901 §4).
    private static func unescaped(_ token: Substring) -> String {
        String(token.replacing("~1", with: "/").replacing("~0", with: "~"))
    }

    private static func text(_ name: StaticString, of element: JSONNode, _ document: borrowing JSONDocument) -> String? {
        guard let node = document.member(name, of: element), document.kind(node) == .string else { return nil }
        return document.string(node)
    }
}
