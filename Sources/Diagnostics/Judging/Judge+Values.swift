import DTDL
import JSON

/// Rules on values.
extension Judge {
    /// Judges a value by its capability's schema; what a device reports of a writable property may be an acknowledgement that carries the value.
    mutating func judge(
        _ value: JSONNode, of capability: Capability, at place: Place, _ document: borrowing JSONDocument, _ subject: Subject,
        into findings: inout [Finding]
    ) {
        guard let program = capability.program else { return }
        check(value, program, document, subject)
        if capability.kind == .writableProperty, document.kind(value) == .object {
            if subject.kind == .propertyReported || subject.kind == .twin {
                let form = Acknowledgement(value, in: document)
                if form.isWhole || (form.isMeant && !faults.isEmpty) {
                    return judge(form, of: capability, program, value, at: place, document, subject, into: &findings)
                }
            } else if subject.kind == .propertyDesired, !faults.isEmpty, document.count(value) == 1, let inner = document.member("value", of: value) {
                check(inner, program, document, subject)
            }
        }
        report(capability, at: place, suffix: "", into: &findings)
    }

    private mutating func check(_ value: JSONNode, _ program: Int, _ document: borrowing JSONDocument, _ subject: Subject) {
        faults.removeAll(keepingCapacity: true)
        let programs = subject.version.compiled.programs
        if subject.kind == .telemetry {
            telemetryChecker.check(value, in: document, program: program, of: programs, into: &faults)
        } else {
            propertyChecker.check(value, in: document, program: program, of: programs, into: &faults)
        }
    }

    private func report(_ capability: Capability, at place: Place, suffix: String, into findings: inout [Finding]) {
        for fault in faults {
            findings.append(
                Finding(
                    rule: Self.rule(for: fault.kind), module: place.module, component: place.component,
                    path: "/\(Self.escaped(capability.name))\(suffix)\(fault.boundedPointer)", byteOffset: fault.offset, expected: fault.expected,
                    actual: fault.actual))
        }
    }

    /// IoT Plug and Play conventions, "Acknowledgment responses".
    private mutating func judge(
        _ form: Acknowledgement, of capability: Capability, _ program: Int, _ node: JSONNode, at place: Place, _ document: borrowing JSONDocument,
        _ subject: Subject, into findings: inout [Finding]
    ) {
        let path = "/\(Self.escaped(capability.name))"
        for fault in form.faults(in: document) {
            findings.append(
                Finding(
                    rule: .ackMalformed, module: place.module, component: place.component, path: path + fault.path,
                    byteOffset: document.offset(fault.node ?? node), expected: fault.expected, actual: fault.actual))
        }
        guard let value = form.value else { return }
        check(value, program, document, subject)
        report(capability, at: place, suffix: "/value", into: &findings)
    }
}

/// What a device reports of a writable property when it answers a desired value: `{"value":…, "ac":200, "av":3, "ad":"…"}`.
private struct Acknowledgement {
    /// Something wrong with one.
    struct Fault {
        let path: String
        let node: JSONNode?
        let expected: String
        let actual: String
    }

    private(set) var value: JSONNode?
    private var code: JSONNode?
    private var version: JSONNode?
    private var text: JSONNode?
    private var strangers = 0

    /// Whether it has exactly the members of an acknowledgement. Properties whose own fields have these names are told apart by that alone.
    var isWhole: Bool { value != nil && code != nil && version != nil && strangers == 0 }

    /// Whether it looks like one; it is none if it suits the property's schema as it stands.
    var isMeant: Bool {
        strangers == 0 ? value != nil || code != nil || version != nil : value != nil && (code != nil || version != nil)
    }

    init(_ node: JSONNode, in document: borrowing JSONDocument) {
        var member = document.firstMember(of: node)
        while let found = member {
            if document.equals(found.key, "value") {
                value = found.value
            } else if document.equals(found.key, "ac") {
                code = found.value
            } else if document.equals(found.key, "av") {
                version = found.value
            } else if document.equals(found.key, "ad") {
                text = found.value
            } else {
                strangers += 1
            }
            member = document.nextMember(after: found, in: node)
        }
    }

    func faults(in document: borrowing JSONDocument) -> [Fault] {
        var faults: [Fault] = []
        var missing: [String] = []
        if value == nil { missing.append("value") }
        if code == nil { missing.append("ac") }
        if version == nil { missing.append("av") }
        if !missing.isEmpty {
            faults.append(
                Fault(path: "", node: nil, expected: "value, ac and av", actual: "an object without \(missing.joined(separator: " and "))"))
        }
        if missing.isEmpty, strangers > 0 {
            faults.append(Fault(path: "", node: nil, expected: "value, ac, av and ad alone", actual: "an object with \(strangers) more"))
        }
        for (name, node) in [("ac", code), ("av", version)] {
            guard let node, document.kind(node) != .number || document.integer(node) == nil else { continue }
            let actual = document.kind(node) == .number ? "a number that is none" : document.kind(node).description
            faults.append(Fault(path: "/\(name)", node: node, expected: "an integer", actual: actual))
        }
        if let text, document.kind(text) != .string, document.kind(text) != .null {
            faults.append(Fault(path: "/ad", node: text, expected: "a string", actual: document.kind(text).description))
        }
        return faults
    }
}
