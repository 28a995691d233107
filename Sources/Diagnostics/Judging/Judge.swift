import DTDL
package import JSON

/// Runs every rule on one event: a pure function of the event and the template version in force.
///
/// One value serves a whole stream: what it keeps are buffers and answers that it has given before.
package struct Judge: Sendable {
    /// The most findings of one event that are told apart; what is found beyond is counted in one more finding with the path `/*`.
    package static let findingsPerEvent = 256

    private var faults: [SchemaFault] = []
    private var telemetryChecker: SchemaChecker
    private var propertyChecker: SchemaChecker
    private var undefinedNames = UndefinedNames()

    /// A judge with the default policies of the rule set.
    package init() {
        var options = CheckOptions()
        // One more than is told apart, so that the one too many is seen.
        options.maximumFaults = Self.findingsPerEvent + 1
        telemetryChecker = SchemaChecker(options: options)
        // In a twin, null deletes a property; it is never a value.
        options.nullValue = .accept
        propertyChecker = SchemaChecker(options: options)
    }

    /// Appends what is wrong with a payload that is not JSON.
    package func judge(syntaxError error: JSONSyntaxError, into findings: inout [Finding]) {
        findings.append(
            Finding(rule: .jsonInvalid, byteOffset: error.offset, expected: error.expected, actual: "\(error.reason.rawValue): \(error.actual)"))
    }

    /// Appends what is wrong with an event whose payload is JSON, at most `findingsPerEvent` findings and one.
    /// - Parameters:
    ///   - event: the event, as the decoder left it.
    ///   - document: the tape of the whole payload.
    ///   - template: what `EpochList` says applies to the event.
    ///   - findings: what was found is appended.
    package mutating func judge(
        _ event: borrowing DecodedEvent, in document: borrowing JSONDocument, template: TemplateInForce, into findings: inout [Finding]
    ) {
        if event.envelope == .none { return judgeUnwrapped(document, &findings) }
        for notice in event.notices {
            findings.append(
                Finding(rule: notice.rule, path: notice.path, byteOffset: notice.byteOffset, expected: notice.expected, actual: notice.actual))
        }
        guard event.isJudged else { return }
        if event.sections.isEmpty { return judgeMissing(event, document, &findings) }
        let limit = findings.count + Self.findingsPerEvent
        for section in event.sections where findings.count <= limit {
            guard document.kind(section.node) == section.shape.kind else {
                let actual = document.kind(section.node).description
                findings.append(
                    Finding(
                        rule: .jsonNotObject, path: section.pointer, byteOffset: document.offset(section.node),
                        expected: Self.expected(section), actual: actual))
                continue
            }
            judge(section, of: event, in: document, template: template, into: &findings, limit: limit)
        }
        if findings.count > limit { Self.foldOverflow(of: &findings, limit: limit) }
    }

    private mutating func judge(
        _ section: ValueSection, of event: borrowing DecodedEvent, in document: borrowing JSONDocument, template: TemplateInForce,
        into findings: inout [Finding], limit: Int
    ) {
        let body = section.node
        switch template {
        case .unassigned:
            findings.append(Finding(rule: .templateUnassigned, byteOffset: document.offset(body), expected: "a template", actual: "none"))
        case .unknown(let templateID):
            let offset = event.templateRef.isEmpty ? nil : event.templateNode.map { document.offset($0) }
            findings.append(
                Finding(rule: .templateUnknown, byteOffset: offset ?? document.offset(body), expected: "a published template", actual: templateID))
        case .version(let version):
            switch section.shape {
            case .members: judgeTelemetry(event, body, in: document, by: version, into: &findings, limit: limit)
            case .list: judgeProperties(event, body, in: document, by: version, into: &findings, limit: limit)
            case .twin, .jsonPatch: break
            }
        }
    }

    // MARK: - Payloads without values

    private func judgeUnwrapped(_ document: borrowing JSONDocument, _ findings: inout [Finding]) {
        let root = document.root
        if document.kind(root) == .object {
            let expected = "an envelope with applicationId, messageSource and schema default@v1"
            findings.append(
                Finding(rule: .envelopeInvalid, byteOffset: document.offset(root), expected: expected, actual: "an object without them"))
        } else {
            let actual = document.kind(root).description
            findings.append(Finding(rule: .jsonNotObject, byteOffset: document.offset(root), expected: "an object", actual: actual))
        }
    }

    private static func expected(_ section: ValueSection) -> String {
        let name = section.pointer.dropFirst()
        let kind = section.shape.kind == .object ? "an object" : "an array"
        return name.isEmpty ? kind : "\(kind) in \"\(name)\""
    }

    private func judgeMissing(_ event: borrowing DecodedEvent, _ document: borrowing JSONDocument, _ findings: inout [Finding]) {
        let name = event.kind == .telemetry ? "telemetry" : "properties"
        let expected = event.kind == .telemetry ? "an object in \"telemetry\"" : "an array in \"properties\""
        findings.append(
            Finding(rule: .jsonNotObject, path: "/\(name)", byteOffset: document.offset(document.root), expected: expected, actual: "nothing"))
    }

    // MARK: - Payloads with values

    private mutating func judgeTelemetry(
        _ event: borrowing DecodedEvent, _ body: JSONNode, in document: borrowing JSONDocument, by version: PublishedTemplate,
        into findings: inout [Finding], limit: Int
    ) {
        let place = Place(
            module: event.string(event.module), component: event.string(event.component),
            moduleOffset: document.offset(event.moduleNode ?? body), componentOffset: document.offset(event.componentNode ?? body))
        guard let component = component(at: place, of: version.compiled, &findings) else { return }
        var member = document.firstMember(of: body)
        while let found = member, findings.count <= limit {
            judge(name: found.key, value: found.value, of: event.kind, at: place, in: component, document, version, &findings)
            member = document.nextMember(after: found, in: body)
        }
    }

    /// IoT Central reports property changes as an array of `{component?, module?, name, value}`; one message may mix components.
    private mutating func judgeProperties(
        _ event: borrowing DecodedEvent, _ body: JSONNode, in document: borrowing JSONDocument, by version: PublishedTemplate,
        into findings: inout [Finding], limit: Int
    ) {
        var element = document.firstElement(of: body)
        while let found = element, findings.count <= limit {
            element = document.nextElement(after: found, in: body)
            guard let name = Self.text("name", of: found, document), let value = document.member("value", of: found) else {
                let actual = document.kind(found) == .object ? "an object without them" : document.kind(found).description
                findings.append(
                    Finding(
                        rule: .jsonNotObject, path: "/properties/*", byteOffset: document.offset(found), expected: "an object with name and value",
                        actual: actual))
                continue
            }
            let module = Self.text("module", of: found, document)
            let own = Self.text("component", of: found, document)
            let place = Place(
                module: module.map { Self.identifier($0, document) } ?? event.string(event.module),
                component: own.map { Self.identifier($0, document) } ?? event.string(event.component),
                moduleOffset: document.offset(module ?? found), componentOffset: document.offset(own ?? found))
            guard let component = component(at: place, of: version.compiled, &findings) else { continue }
            judge(name: name, value: value, of: event.kind, at: place, in: component, document, version, &findings)
        }
    }

    /// The component's number, or a finding that the module or the component is not defined.
    private func component(at place: Place, of template: CompiledTemplate, _ findings: inout [Finding]) -> Int? {
        var module = 0
        if !place.module.isEmpty {
            guard let number = template.module(named: place.module.rawBytes) else {
                let names = template.modules.dropFirst().map(\.name)
                findings.append(
                    Finding(
                        rule: .moduleUnknown, module: place.module, component: place.component, byteOffset: place.moduleOffset,
                        expected: Self.list(names), actual: place.module, suggestion: Self.nearest(place.module, among: names)))
                return nil
            }
            module = number
        }
        if place.component.isEmpty { return template.modules[module].defaultComponent }
        if let number = template.component(named: place.component.rawBytes, inModule: module) { return number }
        let names = template.componentNames(inModule: module)
        findings.append(
            Finding(
                rule: .componentUnknown, module: place.module, component: place.component, byteOffset: place.componentOffset,
                expected: Self.list(names), actual: place.component, suggestion: Self.nearest(place.component, among: names)))
        return nil
    }

    private mutating func judge(
        name: JSONNode, value: JSONNode, of kind: EventKind, at place: Place, in component: Int, _ document: borrowing JSONDocument,
        _ version: PublishedTemplate, _ findings: inout [Finding]
    ) {
        let template = version.compiled
        guard let first = template.capability(named: name, of: document, inComponent: component) else {
            let name = (text: document.string(name), offset: document.offset(name))
            let answer = undefinedNames.answer(for: name.text, inComponent: component, of: version)
            findings.append(
                Finding(
                    rule: answer.rule, module: place.module, component: place.component, path: "/\(Self.escaped(name.text))",
                    byteOffset: name.offset, expected: answer.expected, actual: document.kind(value).description, suggestion: answer.suggestion))
            return
        }
        let isFirst = Self.admits(template.capabilities[first].kind, in: kind)
        let number = isFirst ? first : template.capability(first, preferring: Self.kinds(of: kind))
        guard Self.admits(template.capabilities[number].kind, in: kind) else {
            let capability = template.capabilities[number]
            findings.append(
                Finding(
                    rule: .capabilityKind, module: place.module, component: place.component, path: "/\(Self.escaped(capability.name))",
                    byteOffset: document.offset(name), expected: capability.kind.description, actual: kind.description))
            return
        }
        guard let program = template.capabilities[number].program else { return }
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
                    path: "/\(Self.escaped(template.capabilities[number].name))\(fault.boundedPointer)", byteOffset: fault.offset,
                    expected: fault.expected,
                    actual: fault.actual))
        }
    }

    /// Puts one finding in the place of all beyond the limit. It belongs to the row of the names that are not kept; see `FindingFold`.
    private static func foldOverflow(of findings: inout [Finding], limit: Int) {
        let offset = findings[limit].byteOffset
        findings.removeSubrange(limit...)
        let expected = "at most \(findingsPerEvent) faults in one message"
        findings.append(
            Finding(
                rule: RestRow.rule, component: RestRow.component, path: RestRow.path, byteOffset: offset, expected: expected,
                actual: "more, which are not told apart"))
    }

    /// Where values belong that an envelope or an element of it names, and where it does so.
    private struct Place {
        let module: String
        let component: String
        let moduleOffset: Int
        let componentOffset: Int
    }
}
