import DTDL
package import JSON

/// Runs every rule on one event: a pure function of the event and the template version in force.
///
/// One value serves a whole stream; nothing is allocated for an event without findings.
package struct Judge: Sendable {
    /// The most findings of one event that are told apart; names beyond are counted in one more finding with the path `/*`.
    package static let findingsPerEvent = 256

    private var faults: [SchemaFault] = []
    private var telemetryChecker = SchemaChecker()
    private var propertyChecker: SchemaChecker

    /// A judge with the default policies of the rule set.
    package init() {
        // In a twin, null deletes a property; it is never a value.
        var options = CheckOptions()
        options.nullValue = .accept
        propertyChecker = SchemaChecker(options: options)
    }

    /// Appends what is wrong with a payload that is not JSON.
    package func judge(syntaxError error: JSONSyntaxError, into findings: inout [Finding]) {
        findings.append(
            Finding(rule: .jsonInvalid, byteOffset: error.offset, expected: error.expected, actual: "\(error.reason.rawValue): \(error.actual)"))
    }

    /// Appends what is wrong with an event whose payload is JSON. `document` is the tape of the whole payload.
    package mutating func judge(
        _ event: borrowing DecodedEvent, in document: borrowing JSONDocument, template: TemplateInForce, into findings: inout [Finding]
    ) {
        if event.envelope == .none { return judgeUnwrapped(document, &findings) }
        guard event.kind.isJudged else { return }
        guard let body = event.body, document.kind(body) == (event.kind == .telemetry ? .object : .array) else {
            return judgeBody(event, document, &findings)
        }
        switch template {
        case .unassigned:
            findings.append(Finding(rule: .templateUnassigned, byteOffset: document.offset(body), expected: "a template", actual: "none"))
        case .unknown(let templateID):
            findings.append(Finding(rule: .templateUnknown, byteOffset: 0, expected: "a published template", actual: templateID))
        case .version(let version):
            let template = version.compiled
            if event.kind == .telemetry {
                judgeTelemetry(event, body, in: document, by: template, into: &findings)
            } else {
                judgeProperties(event, body, in: document, by: template, into: &findings)
            }
        }
    }

    private func judgeUnwrapped(_ document: borrowing JSONDocument, _ findings: inout [Finding]) {
        let root = document.root
        if document.kind(root) == .object {
            let expected = "an envelope with applicationId, messageSource and schema default@v1"
            findings.append(Finding(rule: .envelopeInvalid, byteOffset: 0, expected: expected, actual: "an object without them"))
        } else {
            let actual = document.kind(root).description
            findings.append(Finding(rule: .jsonNotObject, byteOffset: document.offset(root), expected: "an object", actual: actual))
        }
    }

    private func judgeBody(_ event: borrowing DecodedEvent, _ document: borrowing JSONDocument, _ findings: inout [Finding]) {
        let name = event.kind == .telemetry ? "telemetry" : "properties"
        let expected = event.kind == .telemetry ? "an object in \"telemetry\"" : "an array in \"properties\""
        guard let body = event.body else {
            return findings.append(Finding(rule: .jsonNotObject, path: "/\(name)", byteOffset: 0, expected: expected, actual: "nothing"))
        }
        let actual = document.kind(body).description
        findings.append(Finding(rule: .jsonNotObject, path: "/\(name)", byteOffset: document.offset(body), expected: expected, actual: actual))
    }

    private mutating func judgeTelemetry(
        _ event: borrowing DecodedEvent, _ body: JSONNode, in document: borrowing JSONDocument, by template: CompiledTemplate,
        into findings: inout [Finding]
    ) {
        let place = Place(module: event.string(event.module), component: event.string(event.component))
        guard let component = component(place, template, offset: document.offset(body), &findings) else { return }
        var member = document.firstMember(of: body)
        while let found = member {
            if findings.count >= Self.findingsPerEvent { return overflow(place, offset: document.offset(found.key), &findings) }
            judge(name: found.key, value: found.value, of: event.kind, at: place, in: component, document, template, &findings)
            member = document.nextMember(after: found, in: body)
        }
    }

    private func overflow(_ place: Place, offset: Int, _ findings: inout [Finding]) {
        let expected = "at most \(Self.findingsPerEvent) faults in one message"
        findings.append(
            Finding(
                rule: .capabilityUndefined, module: place.module, component: "*", path: "/*", byteOffset: offset, expected: expected,
                actual: "more, which are not told apart"))
    }

    /// IoT Central reports property changes as an array of `{component?, module?, name, value}`; one message may mix components.
    private mutating func judgeProperties(
        _ event: borrowing DecodedEvent, _ body: JSONNode, in document: borrowing JSONDocument, by template: CompiledTemplate,
        into findings: inout [Finding]
    ) {
        var element = document.firstElement(of: body)
        while let found = element {
            if findings.count >= Self.findingsPerEvent {
                let place = Place(module: event.string(event.module), component: event.string(event.component))
                return overflow(place, offset: document.offset(found), &findings)
            }
            element = document.nextElement(after: found, in: body)
            guard document.kind(found) == .object, let name = document.member("name", of: found), document.kind(name) == .string,
                let value = document.member("value", of: found)
            else {
                let actual = document.kind(found).description
                findings.append(
                    Finding(
                        rule: .jsonNotObject, path: "/properties/*", byteOffset: document.offset(found), expected: "an object with name and value",
                        actual: actual))
                continue
            }
            let place = Place(
                module: text("module", of: found, document) ?? event.string(event.module),
                component: text("component", of: found, document) ?? event.string(event.component))
            guard let component = component(place, template, offset: document.offset(found), &findings) else { continue }
            judge(name: name, value: value, of: event.kind, at: place, in: component, document, template, &findings)
        }
    }

    private func text(_ name: StaticString, of node: JSONNode, _ document: borrowing JSONDocument) -> String? {
        guard let value = document.member(name, of: node), document.kind(value) == .string else { return nil }
        return BoundedText.bound(document.string(value), limit: BoundedText.identifierLimit)
    }

    /// The component's number, or a finding that the module or the component is not defined.
    private func component(_ place: Place, _ template: CompiledTemplate, offset: Int, _ findings: inout [Finding]) -> Int? {
        var module = 0
        if !place.module.isEmpty {
            guard let number = template.module(named: place.module.rawBytes) else {
                let names = template.modules.dropFirst().map(\.name)
                findings.append(
                    Finding(
                        rule: .moduleUnknown, module: place.module, component: place.component, byteOffset: offset, expected: Self.list(names),
                        actual: place.module, suggestion: Self.nearest(place.module, among: names)))
                return nil
            }
            module = number
        }
        if place.component.isEmpty { return template.modules[module].defaultComponent }
        if let number = template.component(named: place.component.rawBytes, inModule: module) { return number }
        let names = template.componentNames(inModule: module)
        findings.append(
            Finding(
                rule: .componentUnknown, module: place.module, component: place.component, byteOffset: offset, expected: Self.list(names),
                actual: place.component, suggestion: Self.nearest(place.component, among: names)))
        return nil
    }

    private mutating func judge(
        name: JSONNode, value: JSONNode, of kind: EventKind, at place: Place, in component: Int, _ document: borrowing JSONDocument,
        _ template: CompiledTemplate, _ findings: inout [Finding]
    ) {
        guard let first = template.capability(named: name, of: document, inComponent: component) else {
            return undefined(name: name, value: value, at: place, in: component, document, template, &findings)
        }
        let number = template.capability(first, preferring: Self.kinds(of: kind))
        let capability = template.capabilities[number]
        guard Self.kinds(of: kind).contains(capability.kind) else {
            findings.append(
                Finding(
                    rule: .capabilityKind, module: place.module, component: place.component, path: "/\(Self.escaped(capability.name))",
                    byteOffset: document.offset(name), expected: capability.kind.description, actual: kind.name))
            return
        }
        guard let program = capability.program else { return }
        faults.removeAll(keepingCapacity: true)
        if kind.isProperty {
            propertyChecker.check(value, in: document, program: program, of: template.programs, into: &faults)
        } else {
            telemetryChecker.check(value, in: document, program: program, of: template.programs, into: &faults)
        }
        for fault in faults {
            findings.append(
                Finding(
                    rule: Self.rule(for: fault.kind), module: place.module, component: place.component,
                    path: "/\(Self.escaped(capability.name))\(fault.boundedPointer)", byteOffset: fault.offset, expected: fault.expected,
                    actual: fault.actual))
        }
    }

    private func undefined(
        name: JSONNode, value: JSONNode, at place: Place, in component: Int, _ document: borrowing JSONDocument, _ template: CompiledTemplate,
        _ findings: inout [Finding]
    ) {
        let text = document.string(name)
        let suggestion = template.suggestion(for: text, inComponent: component)
        let isCase = suggestion?.reason == .differsInCase
        var hint = suggestion?.name
        if let suggestion, suggestion.reason == .otherComponent {
            let other = template.components[suggestion.component].name
            hint = other.isEmpty ? "\(suggestion.name) outside of a component" : "\(suggestion.name) in component \(other)"
        }
        findings.append(
            Finding(
                rule: isCase ? .capabilityCase : .capabilityUndefined, module: place.module, component: place.component,
                path: "/\(Self.escaped(text))", byteOffset: document.offset(name), expected: Self.list(template.names(inComponent: component)),
                actual: document.kind(value).description, suggestion: hint))
    }

    /// Where values belong that an envelope or an element of it names.
    private struct Place {
        let module: String
        let component: String
    }
}
