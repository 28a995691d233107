import DTDL
import JSON

extension Judge {
    /// Whether values of a kind may belong to a capability of a kind. A twin tells reported and desired values apart by its sections.
    static func admits(_ capability: Capability.Kind, in event: EventKind) -> Bool {
        switch capability {
        case .telemetry: event == .telemetry
        case .readOnlyProperty: event == .propertyReported || event == .twin
        case .writableProperty: event == .propertyReported || event == .propertyDesired || event == .twin
        case .cloudProperty: event == .propertyCloud
        case .command: false
        }
    }

    /// The rule that a value of a kind breaks which belongs to no capability of a kind.
    static func rule(refusing capability: Capability.Kind, in event: EventKind) -> Rule {
        switch capability {
        case .cloudProperty: .capabilityCloud
        case .readOnlyProperty where event == .propertyDesired: .propertyNotWritable
        case .telemetry, .readOnlyProperty, .writableProperty, .command: .capabilityKind
        }
    }

    /// Every kind of capability that an event of a kind may carry.
    static func kinds(of event: EventKind) -> Set<Capability.Kind> { Set(Capability.Kind.allCases.filter { admits($0, in: event) }) }

    /// The rule that a value's fault comes under.
    static func rule(for kind: SchemaFault.Kind) -> Rule {
        switch kind {
        case .schemaMismatch, .tooDeep: .schemaMismatch
        case .numberNotInteger: .numberNotInteger
        case .numberOutOfRange: .numberOutOfRange
        case .datetimeWithoutOffset: .datetimeWithoutOffset
        case .enumUnknown: .enumUnknown
        case .fieldUndefined: .fieldUndefined
        case .fieldRequired: .fieldRequired
        case .valueNull: .valueNull
        case .geopointIncomplete, .valueOutsideLimits, .lengthOutsideLimits, .tooManyDecimalPlaces: .valueConstraint
        }
    }

    /// A name as one reference token of a JSON Pointer (RFC 6901 §3).
    static func escaped(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == 0x7E || $0 == 0x2F }) else { return name }
        // By scalars: to Swift, a slash with a combining accent is another character than a slash.
        var token = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            switch scalar {
            case "~": token.append(contentsOf: "~0".unicodeScalars)
            case "/": token.append(contentsOf: "~1".unicodeScalars)
            default: token.append(scalar)
            }
        }
        return String(token)
    }

    /// Defined names for people, few enough to read, each once.
    static func list(_ all: [String]) -> String {
        var seen: Set<String> = []
        let names = all.filter { seen.insert($0).inserted }
        if names.isEmpty { return "no name, since none is defined" }
        let shown = names.prefix(12).joined(separator: ", ")
        return names.count > 12 ? "one of \(shown), and \(names.count - 12) more" : "one of \(shown)"
    }

    /// The one name that differs in case only.
    static func nearest(_ name: String, among names: [String]) -> String? {
        let lowered = name.lowercased()
        return names.first { $0.lowercased() == lowered }
    }
}

extension Judge {
    /// A text node, nil for a member that is missing or is no string.
    static func text(_ name: StaticString, of node: JSONNode, _ document: borrowing JSONDocument) -> JSONNode? {
        guard let value = document.member(name, of: node), document.kind(value) == .string else { return nil }
        return value
    }

    /// The text of a node that names a module or a component, bounded as `DecodedEvent` bounds them.
    static func identifier(_ node: JSONNode, _ document: borrowing JSONDocument) -> String {
        BoundedText.bound(document.string(node), limit: BoundedText.identifierLimit)
    }
}
