import DTDL
import JSON

extension Judge {
    /// Which kinds of capability an event of a kind may carry.
    static func kinds(of kind: EventKind) -> Set<Capability.Kind> {
        switch kind {
        case .telemetry: telemetryKinds
        case .propertyReported: reportedKinds
        case .propertyDesired: desiredKinds
        case .propertyCloud: cloudKinds
        default: []
        }
    }

    private static let telemetryKinds: Set<Capability.Kind> = [.telemetry]
    private static let reportedKinds: Set<Capability.Kind> = [.readOnlyProperty, .writableProperty]
    private static let desiredKinds: Set<Capability.Kind> = [.writableProperty]
    private static let cloudKinds: Set<Capability.Kind> = [.cloudProperty]

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
        var token = ""
        for character in name {
            switch character {
            case "~": token += "~0"
            case "/": token += "~1"
            default: token.append(character)
            }
        }
        return token
    }

    /// Defined names for people, few enough to read.
    static func list(_ names: [String]) -> String {
        if names.isEmpty { return "none is defined" }
        let shown = names.prefix(12).joined(separator: ", ")
        return names.count > 12 ? "one of \(shown), and \(names.count - 12) more" : "one of \(shown)"
    }

    /// The one name that differs in case only.
    static func nearest(_ name: String, among names: [String]) -> String? {
        let lowered = name.lowercased()
        return names.first { $0.lowercased() == lowered }
    }
}

extension Capability.Kind {
    /// The kind in words.
    var description: String {
        switch self {
        case .telemetry: "telemetry"
        case .readOnlyProperty: "a read-only property"
        case .writableProperty: "a writable property"
        case .cloudProperty: "a cloud property"
        case .command: "a command"
        }
    }
}

extension JSONKind {
    /// The JSON type's name (RFC 8259 §3).
    var description: String {
        switch self {
        case .null: "null"
        case .falseValue, .trueValue: "boolean"
        case .number: "number"
        case .string: "string"
        case .object: "object"
        case .array: "array"
        }
    }
}
