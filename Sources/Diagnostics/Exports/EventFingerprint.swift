package import Hashing
import JSON

/// What an event says, in 128 bits: by it a message at an export's destination is found again in the log.
///
/// Made of kind, device, the service's time cut to milliseconds, module, component and the values in canonical form, so it is the same for a record of
/// IoT Hub and for the message that IoT Central's export makes of it, whatever the order of members and the spelling of numbers. Not of the tenant, nor
/// of what an export adds: the template, enrichments, message properties.
package struct EventFingerprint: Hashable, Sendable {
    /// The first eight bytes of the hash.
    package let high: UInt64
    /// The next eight.
    package let low: UInt64

    /// Takes both halves.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The fingerprint of the event that `decoder` decoded last from `record`. `hash` is between messages, and is so again afterwards.
    ///
    /// - Parameter part: which of the messages that the event makes, see `ExportMessage.parts(of:)`.
    package static func of(
        _ event: borrowing DecodedEvent, _ record: borrowing RecordView, decoder: borrowing EventDecoder, part: Int = 0, _ hash: inout SHA256
    ) -> EventFingerprint {
        let section = part < event.sections.count ? event.sections[part] : nil
        let kind = section.map { event.kind == .twin ? $0.kind : event.kind } ?? event.kind
        hash.update(kind.rawValue)
        hash.take(event.bytes(event.deviceID))
        hash.update(ExportMessage.time(of: event).microseconds.floored(to: 1000) / 1000)
        if event.syntaxError == nil, event.hasDocument, let payload = record.payload {
            let document = decoder.document(over: payload)
            take(section, kind, event, document, &hash)
        } else if event.syntaxError != nil || kind.isJudged {
            // Nothing is known of it but its bytes.
            hash.update(0xFF as UInt8)
            if let payload = record.payload { hash.take(payload) }
        } else {
            hash.take(event.bytes(event.module))
        }
        let digest = hash.finish()
        return EventFingerprint(high: word(digest, 0), low: word(digest, 8))
    }

    private static func take(
        _ section: ValueSection?, _ kind: EventKind, _ event: borrowing DecodedEvent, _ document: borrowing JSONDocument, _ hash: inout SHA256
    ) {
        switch kind {
        case .telemetry:
            hash.take(event.bytes(event.module))
            hash.take(event.bytes(event.component))
            if let section { hash.take(document.telemetry(of: section).canonicalBytes().rawBytes) }
        case .propertyReported, .propertyDesired, .propertyCloud, .twin:
            guard let section else { return }
            let properties = ExportedProperty.all(in: section, of: event, document).map { (order: $0.order, property: $0) }
            for (_, property) in properties.sorted(by: { $0.order.lexicographicallyPrecedes($1.order) }) {
                hash.take(property.module.rawBytes)
                hash.take(property.component.rawBytes)
                hash.take(property.name.rawBytes)
                hash.take((property.value.map { document.tree($0) } ?? .null).canonicalBytes().rawBytes)
            }
        case .templateLifecycle, .audit:
            hash.take(event.bytes(event.templateRef))
            hash.take(ExportMessage.change(in: document, of: event).rawBytes)
            for name in ExportMessage.auditMembers {
                hash.take((document.member(name, of: document.root).map { document.tree($0) } ?? .null).canonicalBytes().rawBytes)
            }
        default: hash.take(event.bytes(event.module))
        }
    }

    private static func word(_ digest: SHA256Digest, _ start: Int) -> UInt64 {
        (start..<start + 8).reduce(0) { $0 << 8 | UInt64(digest[$1]) }
    }
}

extension SHA256 {
    /// Takes bytes with their number before them, so that no two lists of them are one run.
    fileprivate mutating func take(_ bytes: RawSpan) {
        update(UInt32(truncatingIfNeeded: bytes.byteCount))
        update(bytes)
    }
}

extension JSONDocument {
    /// A message's values: as they are, and where a transform was given them as a list, put back into an object by name.
    func telemetry(of section: ValueSection) -> JSONTree {
        guard section.shape == .list, kind(section.node) == .array else { return tree(section.node) }
        var members: [JSONTree.Member] = []
        var element = firstElement(of: section.node)
        while let next = element {
            element = nextElement(after: next, in: section.node)
            guard let name = string(member("name", of: next)) ?? string(member("fieldName", of: next)), let value = member("value", of: next) else {
                continue
            }
            members.append(JSONTree.Member(key: string(name), value: tree(value)))
        }
        return .object(members)
    }
}
