import DTDL
import JSON

/// Runs every rule on one event: a pure function of the event and the template version in force.
///
/// One value serves a whole stream: what it keeps are buffers and answers that it has given before.
package struct Judge: Sendable {
    /// The most findings of one event that are told apart; what is found beyond is counted in one more finding with the path `/*`.
    package static let findingsPerEvent = 256

    var faults: [SchemaFault] = []
    var telemetryChecker: SchemaChecker
    var propertyChecker: SchemaChecker
    var undefinedNames = UndefinedNames()

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

    /// Appends what is wrong with an event, at most `findingsPerEvent` findings and one.
    /// - Parameters:
    ///   - event: the event, as the decoder left it.
    ///   - payload: the record's value; nil for a null value.
    ///   - decoder: the decoder that read the event and nothing since.
    ///   - template: what `EpochList` says applies to the event.
    ///   - failure: what to say in place of every rule that needs the template, where that cannot be used.
    ///   - findings: what was found is appended.
    package mutating func judge(
        _ event: borrowing DecodedEvent, payload: RawSpan?, decoder: borrowing EventDecoder, template: TemplateInForce, failure: Finding? = nil,
        into findings: inout [Finding]
    ) {
        let limit = findings.count + Self.findingsPerEvent
        Self.judgeRecord(event, size: payload?.byteCount ?? 0, into: &findings)
        let first = findings.count
        if let error = event.syntaxError {
            Self.judge(syntaxError: error, of: event, into: &findings)
        } else if let payload, event.hasDocument {
            judge(event, in: decoder.document(over: payload), template: template, failure: failure, into: &findings, limit: limit)
        } else if event.kind == .telemetry {
            findings.append(Finding(rule: .payloadEmpty, byteOffset: 0, expected: "a JSON object", actual: "no payload"))
        }
        if let place = event.embeddedOffset {
            // A byte of the message has none of its own in the payload.
            for index in first..<findings.count { findings[index].byteOffset = place }
        }
        if findings.count > limit { Self.foldOverflow(of: &findings, limit: limit) }
    }

    private mutating func judge(
        _ event: borrowing DecodedEvent, in document: borrowing JSONDocument, template: TemplateInForce, failure: Finding?,
        into findings: inout [Finding], limit: Int
    ) {
        if event.envelope == .none { return Self.judgeUnwrapped(document, &findings) }
        guard event.isJudged else { return }
        if let failure { return findings.append(failure) }
        if event.sections.isEmpty { return Self.judgeMissing(event, document, &findings) }
        for section in event.sections where findings.count <= limit {
            guard document.kind(section.node) == section.shape.kind else {
                let actual = document.kind(section.node).description
                findings.append(
                    Finding(
                        rule: .jsonNotObject, path: section.pointer, byteOffset: document.offset(section.node),
                        expected: Self.expected(section), actual: actual))
                continue
            }
            DuplicateNames.find(in: section, of: document, limit: limit, into: &findings)
            judge(section, of: event, in: document, template: template, into: &findings, limit: limit)
        }
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
            let subject = Subject(version: version, kind: section.kind, isPlugAndPlay: Self.isPlugAndPlay(event), limit: limit)
            switch section.shape {
            case .members: return judgeMembers(event, section, in: document, subject, into: &findings)
            case .list: return judgeList(event, section, in: document, subject, into: &findings)
            case .twin: return judgeTwin(event, section, in: document, subject, into: &findings)
            case .jsonPatch: return judgePatch(event, section, in: document, subject, into: &findings)
            }
        }
        // Rules on names that need no template.
        guard section.kind == .telemetry, section.shape == .members else { return }
        var member = document.firstMember(of: body)
        while let found = member, findings.count <= limit {
            let name = ValueName.key(found.key)
            if !Self.judge(reserved: name, at: .nowhere, document, &findings) {
                _ = Self.judge(spelling: name, at: .nowhere, document, &findings)
            }
            member = document.nextMember(after: found, in: body)
        }
    }

    /// Whether the record itself carries the model that its device says it is of.
    private static func isPlugAndPlay(_ event: borrowing DecodedEvent) -> Bool {
        event.envelope == .iotHub && !event.templateRef.isEmpty
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
}

extension Judge {
    /// What the values of a section are judged by.
    struct Subject {
        let version: PublishedTemplate
        let kind: EventKind
        let isPlugAndPlay: Bool
        /// How many findings there may be before the rest is not told apart.
        let limit: Int
    }

    /// Where values belong that an envelope or a part of it names, and where it does so.
    struct Place {
        let module: String
        let component: String
        let moduleOffset: Int
        let componentOffset: Int
        /// Whether the record is judged by the module's own model, which needs no module of that name.
        var hasOwnModel = false

        /// The place of values that no template is there to place.
        static let nowhere = Place(module: "", component: "", moduleOffset: 0, componentOffset: 0)

        /// The same in a named component.
        func inside(_ component: String, at offset: Int) -> Place {
            Place(module: module, component: component, moduleOffset: moduleOffset, componentOffset: offset, hasOwnModel: hasOwnModel)
        }
    }

    /// The name of a value: a key or a string of the document, or a part of one.
    enum ValueName {
        case key(JSONNode)
        case token(String, offset: Int)

        func text(in document: borrowing JSONDocument) -> String {
            switch self {
            case .key(let node): document.string(node)
            case .token(let text, _): text
            }
        }

        func offset(in document: borrowing JSONDocument) -> Int {
            switch self {
            case .key(let node): document.offset(node)
            case .token(_, let offset): offset
            }
        }
    }
}
