import DTDL
import JSON

extension EventKind {
    /// How a value of such an event was sent, in words.
    var description: String {
        switch self {
        case .telemetry: "telemetry"
        case .propertyReported: "a reported property"
        case .propertyDesired: "a desired property"
        case .propertyCloud: "a cloud property"
        default: name
        }
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
