import JSON

/// A type of CloudEvent that has a meaning here. Those under `dev.hindcast.` are ours, for what no other format can say; of everybody else's, types that
/// end in `.telemetry` are telemetry. Each has a JSON Schema in `docs/schemas`.
package struct NativeEventType: Sendable {
    /// A member of an event's data.
    package struct Member: Sendable {
        /// What a value may be.
        package enum Value: Equatable, Sendable {
            /// A text that is not empty.
            case text
            /// A number without fraction and exponent.
            case integer
            /// True or false.
            case boolean
            /// A text with a time (RFC 3339 §5.6 `date-time`).
            case time
            /// One of these texts.
            case word([String])
            /// An object, whose members are somebody else's to define.
            case object
        }

        /// The member's name.
        package let name: String
        /// What its value may be.
        package let value: Value
        /// Whether an event without it is wrong.
        package let isRequired: Bool

        init(_ name: String, _ value: Value, isRequired: Bool = true) {
            self.name = name
            self.value = value
            self.isRequired = isRequired
        }
    }

    /// The event's `type`.
    package let name: StaticString
    /// What such an event is.
    package let kind: EventKind
    /// The members that its data has by definition, others are left alone; nil where the data's members are values of capabilities.
    package let members: [Member]?

    private init(_ name: StaticString, _ kind: EventKind, _ members: [Member]?) {
        self.name = name
        self.kind = kind
        self.members = members
    }

    /// Whether an event of this type says nothing without data.
    package var needsData: Bool { members.map { $0.contains(where: \.isRequired) } ?? true }

    /// Every type of ours, in the order of the documentation.
    package static let all: [NativeEventType] = [
        telemetry,
        NativeEventType("dev.hindcast.property.reported", .propertyReported, nil),
        NativeEventType("dev.hindcast.property.desired", .propertyDesired, nil),
        NativeEventType("dev.hindcast.property.cloud", .propertyCloud, nil),
        NativeEventType("dev.hindcast.device.connected", .connected, [Member("reason", .text, isRequired: false)]),
        NativeEventType("dev.hindcast.device.disconnected", .disconnected, [Member("reason", .text, isRequired: false)]),
        NativeEventType(
            "dev.hindcast.device.registered", .registered,
            [Member("approved", .boolean, isRequired: false), Member("simulated", .boolean, isRequired: false)]),
        NativeEventType("dev.hindcast.device.deleted", .deleted, []),
        NativeEventType("dev.hindcast.device.provisioned", .provisioned, []),
        NativeEventType("dev.hindcast.device.enabled", .enabled, []),
        NativeEventType("dev.hindcast.device.disabled", .disabled, []),
        NativeEventType("dev.hindcast.device.renamed", .renamed, [Member("displayName", .text)]),
        NativeEventType("dev.hindcast.device.template-assigned", .templateAssigned, [Member("template", .text)]),
        NativeEventType(
            "dev.hindcast.device.error", .errorReport,
            [
                Member("origin", .text), Member("status", .integer), Member("subcode", .text, isRequired: false),
                Member("message", .text, isRequired: false),
            ]),
        NativeEventType("dev.hindcast.export.defined", .exportState, [Member("export", .object)]),
        NativeEventType("dev.hindcast.export.removed", .exportState, [Member("export", .text)]),
        NativeEventType("dev.hindcast.export.toggled", .exportState, [Member("export", .text), Member("enabled", .boolean)]),
        NativeEventType("dev.hindcast.export.destination-defined", .exportState, [Member("destination", .object)]),
        NativeEventType("dev.hindcast.export.destination-removed", .exportState, [Member("destination", .text)]),
        NativeEventType("dev.hindcast.export.destination-failing", .exportState, trouble),
        NativeEventType(
            "dev.hindcast.export.destination-failed", .exportState,
            [
                Member("export", .text), Member("destination", .text), Member("since", .time, isRequired: false),
                Member("code", .text, isRequired: false), Member("message", .text, isRequired: false),
            ]),
        NativeEventType("dev.hindcast.export.destination-probed", .exportState, trouble),
        NativeEventType("dev.hindcast.export.destination-recovered", .exportState, [Member("export", .text), Member("destination", .text)]),
        NativeEventType(
            "dev.hindcast.export.delivered", .exportState,
            [
                Member("export", .text), Member("destination", .text), Member("topic", .text), Member("partition", .integer),
                Member("first", .integer), Member("last", .integer), Member("events", .integer, isRequired: false),
            ]),
        NativeEventType(
            "dev.hindcast.export.backfilled", .exportState,
            [
                Member("export", .text), Member("from", .time), Member("to", .time), Member("rows", .integer),
                Member("truncated", .boolean, isRequired: false),
            ]),
        NativeEventType(
            "dev.hindcast.delivery.receipt", .deliveryReceipt,
            [
                Member("message", .text), Member("outcome", .word(["delivered", "rejected", "expired", "undeliverable", "purged"])),
                Member("description", .text, isRequired: false),
            ]),
    ]

    /// What is said of a destination that refuses.
    private static let trouble = [
        Member("export", .text), Member("destination", .text), Member("code", .text, isRequired: false), Member("message", .text, isRequired: false),
    ]

    private static let telemetry = NativeEventType("dev.hindcast.telemetry", .telemetry, nil)

    /// What a type means; nil for one that has no meaning here. Types are compared byte by byte (CloudEvents §3.1.1).
    static func meaning(of type: RawSpan) -> NativeEventType? {
        let suffix: StaticString = ".telemetry"
        let end = type.byteCount - suffix.utf8CodeUnitCount
        if end > 0, type.extracting(end..<type.byteCount).equals(suffix), !isOurs(type) || type.equals(telemetry.name) { return telemetry }
        return isOurs(type) ? all.first { type.equals($0.name) } : nil
    }

    private static func isOurs(_ type: RawSpan) -> Bool { type.starts(with: "dev.hindcast.") }
}

extension NativeEventType.Member {
    /// What a value should be, for people.
    var expected: String {
        switch value {
        case .text: "a text"
        case .integer: "an integer"
        case .boolean: "true or false"
        case .time: "a time (RFC 3339)"
        case .word(let words): "one of " + words.joined(separator: ", ")
        case .object: "an object"
        }
    }

    /// Whether a value is what the member may be.
    func admits(_ node: JSONNode, in document: JSONDocument) -> Bool {
        switch value {
        case .text: document.kind(node) == .string && document.text(node).byteCount > 0
        case .integer: document.integer(node) != nil
        case .boolean: document.kind(node) == .trueValue || document.kind(node) == .falseValue
        case .time: document.timestamp(node) != nil
        case .word(let words): words.contains { document.equals(node, $0) }
        case .object: document.kind(node) == .object
        }
    }
}
