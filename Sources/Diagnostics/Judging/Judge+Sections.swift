import DTDL
import JSON

/// The four ways in which values are laid out.
extension Judge {
    mutating func judgeMembers(
        _ event: borrowing DecodedEvent, _ section: ValueSection, in document: borrowing JSONDocument, _ subject: Subject,
        into findings: inout [Finding]
    ) {
        let place = Self.place(of: event, section.node, document)
        guard let component = Self.component(at: place, of: subject.version.compiled, &findings) else { return }
        judgeMembers(of: section.node, at: place, in: component, document, subject, into: &findings)
    }

    /// Values by name in an object. In a twin, names with `$` are the service's and `__t` marks a component.
    private mutating func judgeMembers(
        of object: JSONNode, at place: Place, in component: Int, isTwin: Bool = false, _ document: borrowing JSONDocument, _ subject: Subject,
        into findings: inout [Finding]
    ) {
        var member = document.firstMember(of: object)
        while let found = member, findings.count <= subject.limit {
            if !isTwin || !Self.isServiceName(found.key, document) {
                judge(.key(found.key), found.value, at: place, in: component, document, subject, into: &findings)
            }
            member = document.nextMember(after: found, in: object)
        }
    }

    /// IoT Central reports changes as an array of `{component?, module?, name, value}`; one message may mix components.
    mutating func judgeList(
        _ event: borrowing DecodedEvent, _ section: ValueSection, in document: borrowing JSONDocument, _ subject: Subject,
        into findings: inout [Finding]
    ) {
        var element = document.firstElement(of: section.node)
        while let found = element, findings.count <= subject.limit {
            element = document.nextElement(after: found, in: section.node)
            guard let name = Self.text("name", of: found, document) ?? Self.text("fieldName", of: found, document),
                let value = document.member("value", of: found)
            else {
                let actual = document.kind(found) == .object ? "an object without them" : document.kind(found).description
                findings.append(
                    Finding(
                        rule: .jsonNotObject, path: "\(section.pointer)/*", byteOffset: document.offset(found),
                        expected: "an object with name and value", actual: actual))
                continue
            }
            let module = Self.text("module", of: found, document)
            let own = Self.text("component", of: found, document)
            let place = Place(
                module: module.map { Self.identifier($0, document) } ?? event.string(event.module),
                component: own.map { Self.identifier($0, document) } ?? event.string(event.component),
                moduleOffset: document.offset(module ?? found), componentOffset: document.offset(own ?? found))
            guard let component = Self.component(at: place, of: subject.version.compiled, &findings) else { continue }
            judge(.key(name), value, at: place, in: component, document, subject, into: &findings)
        }
    }

    /// A section of a twin (IoT Plug and Play conventions, "Properties"): a component's properties lie in an object of its name that `"__t":"c"` marks;
    /// a change that does not repeat the mark is one of that component all the same.
    mutating func judgeTwin(
        _ event: borrowing DecodedEvent, _ section: ValueSection, in document: borrowing JSONDocument, _ subject: Subject,
        into findings: inout [Finding]
    ) {
        let place = Self.place(of: event, section.node, document)
        let template = subject.version.compiled
        guard let component = Self.component(at: place, of: template, &findings) else { return }
        guard place.component.isEmpty, let module = Self.module(at: place, of: template) else {
            return judgeMembers(of: section.node, at: place, in: component, isTwin: true, document, subject, into: &findings)
        }
        var member = document.firstMember(of: section.node)
        while let found = member, findings.count <= subject.limit {
            member = document.nextMember(after: found, in: section.node)
            if Self.isServiceName(found.key, document) { continue }
            let name = document.string(found.key)
            if let inner = template.component(named: name.rawBytes, inModule: module) {
                let inside = place.inside(Self.identifier(found.key, document), at: document.offset(found.key))
                judge(wholeComponent: found.value, at: inside, in: inner, document, subject, into: &findings)
            } else if Self.isMarked(found.value, document) {
                let inside = place.inside(Self.identifier(found.key, document), at: document.offset(found.key))
                Self.reportUnknownComponent(at: inside, inModule: module, of: template, &findings)
            } else {
                judge(.key(found.key), found.value, at: place, in: component, document, subject, into: &findings)
            }
        }
    }

    /// Operations of a JSON Patch (RFC 6902) on a digital twin. Values of parts of a property are not judged: their schema is not the property's.
    mutating func judgePatch(
        _ event: borrowing DecodedEvent, _ section: ValueSection, in document: borrowing JSONDocument, _ subject: Subject,
        into findings: inout [Finding]
    ) {
        let place = Self.place(of: event, section.node, document)
        let template = subject.version.compiled
        guard let component = Self.component(at: place, of: template, &findings), let module = Self.module(at: place, of: template) else { return }
        var element = document.firstElement(of: section.node)
        while let found = element, findings.count <= subject.limit {
            element = document.nextElement(after: found, in: section.node)
            guard let operation = Self.text("op", of: found, document), let path = Self.text("path", of: found, document) else {
                let actual = document.kind(found) == .object ? "an object without them" : document.kind(found).description
                findings.append(
                    Finding(
                        rule: .jsonNotObject, path: "\(section.pointer)/*", byteOffset: document.offset(found),
                        expected: "an operation with op and path", actual: actual))
                continue
            }
            guard document.equals(operation, "add") || document.equals(operation, "replace"), let value = document.member("value", of: found) else {
                continue
            }
            let tokens = Self.tokens(of: document.string(path))
            guard let first = tokens.first, !first.isEmpty, !tokens.contains(where: { $0.utf8.first == UInt8(ascii: "$") }) else { continue }
            let offset = document.offset(value)
            if let inner = template.component(named: first.rawBytes, inModule: module) {
                let inside = place.inside(BoundedText.bound(first, limit: BoundedText.identifierLimit), at: offset)
                if tokens.count == 1 { judge(wholeComponent: value, at: inside, in: inner, document, subject, into: &findings) }
                if tokens.count == 2, tokens[1] != "__t" {
                    judge(.token(tokens[1], offset: offset), value, at: inside, in: inner, document, subject, into: &findings)
                }
            } else if tokens.count == 1, !Self.isMarked(value, document) {
                judge(.token(first, offset: offset), value, at: place, in: component, document, subject, into: &findings)
            } else if template.capability(named: first.rawBytes, inComponent: component) == nil {
                let inside = place.inside(BoundedText.bound(first, limit: BoundedText.identifierLimit), at: offset)
                Self.reportUnknownComponent(at: inside, inModule: module, of: template, &findings)
            }
        }
    }

    private mutating func judge(
        wholeComponent value: JSONNode, at place: Place, in component: Int, _ document: borrowing JSONDocument, _ subject: Subject,
        into findings: inout [Finding]
    ) {
        switch document.kind(value) {
        case .object: judgeMembers(of: value, at: place, in: component, isTwin: true, document, subject, into: &findings)
        case .null: break  // The component's properties are deleted.
        case .falseValue, .trueValue, .number, .string, .array:
            findings.append(
                Finding(
                    rule: .schemaMismatch, module: place.module, component: place.component, byteOffset: document.offset(value),
                    expected: "an object with the component's properties", actual: document.kind(value).description))
        }
    }

    // MARK: - Places

    private static func place(of event: borrowing DecodedEvent, _ body: JSONNode, _ document: borrowing JSONDocument) -> Place {
        Place(
            module: event.string(event.module), component: event.string(event.component),
            moduleOffset: document.offset(event.moduleNode ?? body), componentOffset: document.offset(event.componentNode ?? body),
            hasOwnModel: event.isTemplateOfModule && !event.templateRef.isEmpty)
    }

    private static func module(at place: Place, of template: CompiledTemplate) -> Int? {
        place.module.isEmpty ? 0 : template.module(named: place.module.rawBytes) ?? (place.hasOwnModel ? 0 : nil)
    }

    /// The component's number, or a finding that the module or the component is not defined. IoT Edge's own modules are nobody's to define.
    private static func component(at place: Place, of template: CompiledTemplate, _ findings: inout [Finding]) -> Int? {
        if place.module.utf8.first == UInt8(ascii: "$") { return nil }
        guard let module = module(at: place, of: template) else {
            let names = template.modules.dropFirst().map(\.name)
            findings.append(
                Finding(
                    rule: .moduleUnknown, module: place.module, component: place.component, byteOffset: place.moduleOffset,
                    expected: list(names), actual: place.module, suggestion: nearest(place.module, among: names)))
            return nil
        }
        if place.component.isEmpty { return template.modules[module].defaultComponent }
        if let number = template.component(named: place.component.rawBytes, inModule: module) { return number }
        reportUnknownComponent(at: place, inModule: module, of: template, &findings)
        return nil
    }

    private static func reportUnknownComponent(
        at place: Place, inModule module: Int, of template: CompiledTemplate, _ findings: inout [Finding]
    ) {
        let names = template.componentNames(inModule: module)
        findings.append(
            Finding(
                rule: .componentUnknown, module: place.module, component: place.component, byteOffset: place.componentOffset,
                expected: list(names), actual: place.component, suggestion: nearest(place.component, among: names)))
    }

    private static func isServiceName(_ key: JSONNode, _ document: borrowing JSONDocument) -> Bool {
        let text = document.text(key)
        return (text.byteCount > 0 && text[byte: 0] == UInt8(ascii: "$")) || document.equals(key, "__t")
    }

    /// Whether a value is an object with `"__t":"c"`.
    static func isMarked(_ value: JSONNode, _ document: borrowing JSONDocument) -> Bool {
        guard let mark = text("__t", of: value, document) else { return false }
        return document.equals(mark, "c")
    }

    /// The reference tokens of a JSON Pointer (RFC 6901 §4).
    private static func tokens(of pointer: String) -> [String] {
        pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            String($0).replacing("~1", with: "/").replacing("~0", with: "~")
        }
    }
}
