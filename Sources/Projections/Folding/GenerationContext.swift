package import Catalog
package import Diagnostics
import JSON
package import Postgres

/// What a generation judges a source's events by: its epochs, and the versions that they name.
///
/// Everything that an event may need is loaded before a batch is read, because a connection that streams rows can answer nothing else meanwhile.
package struct GenerationContext {
    /// What applies to one event.
    package enum Applied {
        /// Judge by this.
        case template(TemplateInForce)
        /// A version is in force that this program cannot judge by.
        case unusable(TemplateInForce, Finding)

        /// How tables name it.
        package var inForce: TemplateInForce {
            switch self {
            case .template(let template), .unusable(let template, _): template
            }
        }
    }

    private struct Answer {
        let offset: Int64
        let applied: Applied
    }

    /// How many answers are remembered. Beyond, they are asked for again: a flood of made-up devices must not take all memory.
    private static let answerLimit = 50_000

    /// The generation that the context answers for.
    package let generation: Int32
    private(set) var epochs = EpochList()
    private var templates: [Int32: StoredTemplate] = [:]
    private var byReference: [String: Answer] = [:]
    private var byDevice: [Int32: Answer] = [:]
    private var last: (reference: String, answer: Answer)?

    /// A generation without epochs.
    package init(generation: Int32) { self.generation = generation }

    /// Takes epochs in, and the versions that they put in force.
    package mutating func append(_ new: [Epoch], from store: TemplateStore, on connection: inout Connection) throws(PostgresError) {
        guard !new.isEmpty else { return }
        for epoch in new {
            switch epoch.act {
            case .publish(_, let key, isFirst: true), .activate(_, let key), .replay(_, _, let key, _):
                if templates[key] == nil { templates[key] = try store.template(key, on: &connection) }
            case .publish, .assign, .ruleSet, .other: break
            }
            epochs.append(epoch)
        }
        byReference = [:]
        byDevice = [:]
        last = nil
    }

    /// What applies to an event, by the one function that live folding, replay and explanation share: `EpochList.resolve`.
    package mutating func resolve(_ event: borrowing DecodedEvent, device: Int32, offset: Int64) -> Applied {
        if event.templateRef.isEmpty {
            if let known = byDevice[device], !epochs.changes(after: known.offset, through: offset) { return known.applied }
            let applied = ask("", event, offset)
            if byDevice.count >= Self.answerLimit { byDevice = [:] }
            byDevice[device] = Answer(offset: offset, applied: applied)
            return applied
        }
        if let last, !epochs.dependsOnDevice, event.bytes(event.templateRef).equals(last.reference),
            !epochs.changes(after: last.answer.offset, through: offset)
        {
            return last.answer.applied
        }
        let reference = event.string(event.templateRef)
        // A trial on some devices: what applies to one message says nothing about the next one.
        if epochs.dependsOnDevice { return ask(reference, event, offset) }
        if let known = byReference[reference], !epochs.changes(after: known.offset, through: offset) {
            last = (reference, known)
            return known.applied
        }
        let answer = Answer(offset: offset, applied: ask(reference, event, offset))
        if byReference.count >= Self.answerLimit { byReference = [:] }
        byReference[reference] = answer
        last = (reference, answer)
        return answer.applied
    }

    // MARK: -

    private func ask(_ reference: String, _ event: borrowing DecodedEvent, _ offset: Int64) -> Applied {
        let tenant = event.string(event.tenant)
        switch epochs.resolve(templateRef: reference, tenant: tenant, deviceID: event.string(event.deviceID), offset: offset) {
        case .unassigned: return .template(.unassigned)
        case .unknown(let templateID): return .template(.unknown(templateID: templateID))
        case .version(let key):
            switch templates[key] {
            case .ready(let template): return .template(.version(template))
            case .broken(let templateID, let version, let reason):
                return Self.unusable(templateID, "version \(version) of template \(templateID) in a form that this program reads", reason)
            case .missing, nil:
                return Self.unusable(reference, "template version number \(key) in the catalog", "no such version")
            }
        }
    }

    private static func unusable(_ templateID: String, _ expected: String, _ actual: String) -> Applied {
        .unusable(.unknown(templateID: templateID), Finding(rule: .ruleFailed, byteOffset: 0, expected: expected, actual: actual))
    }
}
