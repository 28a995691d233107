/// One thing that can be wrong with an event. Raw values are the rule ids that SQL views and output show; they are never reused.
package enum Rule: String, CaseIterable, Sendable {
    /// The payload is not JSON.
    case jsonInvalid = "json-invalid"
    /// The payload, or its part that carries values, is JSON of the wrong type.
    case jsonNotObject = "json-not-object"
    /// JSON in no known wire format.
    case envelopeInvalid = "envelope-invalid"
    /// A wire format that is known, of a version or kind that is not.
    case schemaUnsupported = "schema-unsupported"
    /// No template applies to the device.
    case templateUnassigned = "template-unassigned"
    /// The template that is named was never published here.
    case templateUnknown = "template-unknown"
    /// The template has no such edge module.
    case moduleUnknown = "module-unknown"
    /// The template has no such component.
    case componentUnknown = "component-unknown"
    /// The component has no such capability.
    case capabilityUndefined = "capability-undefined"
    /// The component has a capability whose name differs in case only.
    case capabilityCase = "capability-case"
    /// The name is defined as another kind of capability.
    case capabilityKind = "capability-kind"
    /// The value has another type than its schema.
    case schemaMismatch = "schema-mismatch"
    /// A fraction or an exponent where an integer is asked for.
    case numberNotInteger = "number-not-integer"
    /// A number beyond what the schema can hold.
    case numberOutOfRange = "number-out-of-range"
    /// A date and time, or a time, without its offset from UTC.
    case datetimeWithoutOffset = "datetime-without-offset"
    /// A value that is none of the enumeration's.
    case enumUnknown = "enum-unknown"
    /// An object member that the schema has no field for.
    case fieldUndefined = "field-undefined"
    /// A required field is missing.
    case fieldRequired = "field-required"
    /// Null where a value is expected.
    case valueNull = "value-null"
    /// A value outside of a limit that the template states.
    case valueConstraint = "value-constraint"
    /// A rule could not be run.
    case ruleFailed = "rule-failed"

    /// The version of everything that rules and decoders say. Raised whenever any of them would say something else about any event.
    package static let setVersion = 1

    /// How much it matters.
    package var severity: Severity {
        switch self {
        case .jsonInvalid, .jsonNotObject, .envelopeInvalid, .templateUnknown, .moduleUnknown, .componentUnknown, .capabilityCase, .capabilityKind,
            .schemaMismatch, .numberNotInteger, .numberOutOfRange, .enumUnknown, .fieldRequired, .ruleFailed:
            .error
        case .schemaUnsupported, .templateUnassigned, .capabilityUndefined, .datetimeWithoutOffset, .fieldUndefined, .valueNull, .valueConstraint:
            .warning
        }
    }

    /// Whether the place that a finding names is a name that the device chose. Such findings are bounded per device and day.
    package var isOpen: Bool {
        switch self {
        case .moduleUnknown, .componentUnknown, .capabilityUndefined, .capabilityCase, .fieldUndefined: true
        default: false
        }
    }

    /// What is wrong, in one sentence.
    package var meaning: String {
        switch self {
        case .jsonInvalid: "The payload is not JSON (RFC 8259)."
        case .jsonNotObject: "The payload, or the part of it that carries values, is JSON of another type than the envelope defines."
        case .envelopeInvalid: "The payload is JSON, but no known wire format wraps it."
        case .schemaUnsupported: "The wire format is known, but not this version or kind of message of it; the event was kept."
        case .templateUnassigned: "The device has no template: neither its messages name one nor is one assigned to it."
        case .templateUnknown: "The message names a template that was never published here."
        case .moduleUnknown: "The message comes from an edge module that the template does not define."
        case .componentUnknown: "The message names a component that the template does not define."
        case .capabilityUndefined: "The template defines no capability of this name here."
        case .capabilityCase: "The template defines the name in another case; names are case-sensitive."
        case .capabilityKind: "The template defines the name as something else, such as a property that was sent as telemetry."
        case .schemaMismatch: "The value has another type than its schema."
        case .numberNotInteger: "The schema asks for an integer; the number is written with a fraction or an exponent."
        case .numberOutOfRange: "The number does not fit in what the schema can hold."
        case .datetimeWithoutOffset: "The date and time carry no offset from UTC, so the instant is unknown."
        case .enumUnknown: "The value is none of the enumeration's values."
        case .fieldUndefined: "The object has a member that its schema has no field for."
        case .fieldRequired: "A field that the schema requires is missing."
        case .valueNull: "The value is null."
        case .valueConstraint: "The value is outside of a limit that the template states."
        case .ruleFailed: "A rule could not be run on this event; the event was counted and kept."
        }
    }

    /// What to do about it, in one sentence.
    package var action: String {
        switch self {
        case .jsonInvalid: "Mend the device's serialiser at the byte that is named."
        case .jsonNotObject: "Send one JSON object whose members are the capabilities."
        case .envelopeInvalid: "Check that the topic carries device messages, and the topic's envelope setting."
        case .schemaUnsupported: "Upgrade Hindcast and decode the log anew, or change what the service sends."
        case .templateUnassigned: "Assign a template to the device, or publish one and `hindcast template assign` it."
        case .templateUnknown: "Publish the template with `hindcast template publish`."
        case .moduleUnknown: "Add the module to the template, or correct the module's name in the deployment."
        case .componentUnknown: "Correct the component in the message's envelope, or add it to the template."
        case .capabilityUndefined: "Add the capability to the template, or correct the name on the device."
        case .capabilityCase: "Use the template's spelling on the device, or change the template."
        case .capabilityKind: "Send the value the way the template says, or change its kind in the template."
        case .schemaMismatch, .numberNotInteger, .numberOutOfRange, .enumUnknown: "Send the value as the schema says, or change the schema."
        case .datetimeWithoutOffset: "Append `Z` or an offset on the device."
        case .fieldUndefined: "Add the field to the schema, or leave it out."
        case .fieldRequired: "Send the field."
        case .valueNull: "Leave the name out instead of sending null."
        case .valueConstraint: "Correct the device, or widen the limit in the template."
        case .ruleFailed: "Report the event's position; `hindcast events show` prints its bytes."
        }
    }
}
