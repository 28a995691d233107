import DTDL
import JSON

/// Rules on names of values.
extension Judge {
    /// Judges one value by its name and, where that has a schema, by the schema.
    mutating func judge(
        _ name: ValueName, _ value: JSONNode, at place: Place, in component: Int, _ document: borrowing JSONDocument, _ subject: Subject,
        into findings: inout [Finding]
    ) {
        let template = subject.version.compiled
        let known =
            switch name {
            case .key(let key): template.capability(named: key, of: document, inComponent: component)
            case .token(let text, _): template.capability(named: text.rawBytes, inComponent: component)
            }
        guard let first = known else {
            return judge(undefined: name, value, at: place, in: component, document, subject, into: &findings)
        }
        let isFirst = Self.admits(template.capabilities[first].kind, in: subject.kind)
        let number = isFirst ? first : template.capability(first, preferring: Self.kinds(of: subject.kind))
        let capability = template.capabilities[number]
        guard Self.admits(capability.kind, in: subject.kind) else {
            findings.append(
                Finding(
                    rule: Self.rule(refusing: capability.kind, in: subject.kind), module: place.module, component: place.component,
                    path: "/\(Self.escaped(capability.name))", byteOffset: name.offset(in: document), expected: capability.kind.description,
                    actual: subject.kind.description))
            return
        }
        if subject.kind == .telemetry { Self.judge(reserved: name, at: place, document, &findings) }
        if capability.namesake != nil || number != first {
            if judge(namesakesOf: first, name, value, at: place, document, subject, into: &findings) { return }
        }
        judge(value, of: capability, at: place, document, subject, into: &findings)
    }

    /// A name that several interfaces define: told of, unless the device says which model it is of; a value that suits any of them is right.
    private mutating func judge(
        namesakesOf first: Int, _ name: ValueName, _ value: JSONNode, at place: Place, _ document: borrowing JSONDocument, _ subject: Subject,
        into findings: inout [Finding]
    ) -> Bool {
        let template = subject.version.compiled
        var candidates: [Capability] = []
        var next: Int? = first
        while let number = next {
            if Self.admits(template.capabilities[number].kind, in: subject.kind) { candidates.append(template.capabilities[number]) }
            next = template.capabilities[number].namesake
        }
        guard candidates.count > 1 else { return false }
        if !subject.isPlugAndPlay {
            findings.append(
                Finding(
                    rule: .capabilityAmbiguous, module: place.module, component: place.component, path: "/\(Self.escaped(candidates[0].name))",
                    byteOffset: name.offset(in: document), expected: "a name that one interface defines",
                    actual: "a name of \(candidates.map(\.interfaceID).joined(separator: ", "))"))
        }
        for candidate in candidates {
            let count = findings.count
            judge(value, of: candidate, at: place, document, subject, into: &findings)
            if findings.count == count { return true }
            findings.removeSubrange(count...)
        }
        return false
    }

    private mutating func judge(
        undefined name: ValueName, _ value: JSONNode, at place: Place, in component: Int, _ document: borrowing JSONDocument, _ subject: Subject,
        into findings: inout [Finding]
    ) {
        let text = name.text(in: document)
        if subject.kind == .telemetry {
            if Self.isWrapped(text, value, at: place, in: component, document, subject.version.compiled) {
                findings.append(
                    Finding(
                        rule: .componentWrapped, module: place.module, component: place.component, path: "/\(Self.escaped(text))",
                        byteOffset: name.offset(in: document), expected: "the component in the envelope and its telemetry unwrapped",
                        actual: text == "__t" ? "the mark of a component" : document.kind(value).description))
                return
            }
            if Self.judge(reserved: name, at: place, document, &findings) { return }
        }
        let answer = undefinedNames.answer(
            for: text, inComponent: component, ofModule: !place.module.isEmpty, isTelemetry: subject.kind == .telemetry, version: subject.version)
        if subject.kind == .telemetry, Self.judge(spelling: name, suggestion: answer.suggestion, at: place, document, &findings) { return }
        findings.append(
            Finding(
                rule: answer.rule, module: place.module, component: place.component, path: "/\(Self.escaped(text))",
                byteOffset: name.offset(in: document), expected: answer.expected, actual: document.kind(value).description,
                suggestion: answer.suggestion))
    }

    /// `__t` itself; an object that has it; and outside of components an object that has the name of one.
    private static func isWrapped(
        _ name: String, _ value: JSONNode, at place: Place, in component: Int, _ document: borrowing JSONDocument, _ template: CompiledTemplate
    ) -> Bool {
        if name == "__t" { return true }
        guard document.kind(value) == .object else { return false }
        if document.member("__t", of: value) != nil { return true }
        return place.component.isEmpty && template.component(named: name.rawBytes, inModule: template.components[component].module) != nil
    }

    /// Reports a name of telemetry that IoT Central takes from nobody. One name, one finding: that it is not defined either goes without saying.
    static func judge(
        spelling name: ValueName, suggestion: String? = nil, at place: Place, _ document: borrowing JSONDocument, _ findings: inout [Finding]
    ) -> Bool {
        let isValid =
            switch name {
            case .key(let key): !document.hasEscapes(key) && isName(document.text(key)) || isName(document.string(key).rawBytes)
            case .token(let text, _): isName(text.rawBytes)
            }
        if isValid { return false }
        let text = name.text(in: document)
        findings.append(
            Finding(
                rule: .nameInvalid, module: place.module, component: place.component, path: "/\(escaped(text))",
                byteOffset: name.offset(in: document), expected: "letters a-z and A-Z, digits and underscores, no digit first", actual: text,
                suggestion: suggestion))
        return true
    }

    /// Reports a name of telemetry that IoT Central keeps for itself.
    @discardableResult
    static func judge(reserved name: ValueName, at place: Place, _ document: borrowing JSONDocument, _ findings: inout [Finding]) -> Bool {
        switch name {
        case .key(let key): guard !document.hasEscapes(key), isReserved(document.text(key)) else { return false }
        case .token(let text, _): guard isReserved(text.rawBytes) else { return false }
        }
        let text = name.text(in: document)
        findings.append(
            Finding(
                rule: .nameReserved, module: place.module, component: place.component, path: "/\(text)", byteOffset: name.offset(in: document),
                expected: "a name that IoT Central does not keep for itself", actual: text))
        return true
    }

    /// Azure, "Telemetry, property, and command payloads".
    private static func isReserved(_ name: RawSpan) -> Bool {
        guard (4...22).contains(name.byteCount) else { return false }
        return name.equals("EventEnqueuedUtcTime") || name.equals("EventProcessedUtcTime") || name.equals("PartitionId") || name.equals("EventHub")
            || name.equals("User") || name.equals("$metadata") || name.equals("$version")
    }

    /// `^[a-zA-Z_][a-zA-Z0-9_]*$`, as `az iot central diagnostics` has it.
    private static func isName(_ name: RawSpan) -> Bool {
        guard name.byteCount > 0 else { return false }
        for offset in 0..<name.byteCount {
            switch name[byte: offset] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): break
            case UInt8(ascii: "0")...UInt8(ascii: "9"): if offset == 0 { return false }
            default: return false
            }
        }
        return true
    }
}
