/// One thing that can be wrong with an event. Raw values are the rule ids that SQL views and output show; they are never reused.
package enum Rule: String, CaseIterable, Sendable {
    /// See `PayloadRules.jsonInvalid`.
    case jsonInvalid = "json-invalid"
    /// See `PayloadRules.jsonNotObject`.
    case jsonNotObject = "json-not-object"
    /// See `PayloadRules.jsonDuplicateKey`.
    case jsonDuplicateKey = "json-duplicate-key"
    /// See `PayloadRules.payloadEmpty`.
    case payloadEmpty = "payload-empty"
    /// See `PayloadRules.payloadTooLarge`.
    case payloadTooLarge = "payload-too-large"
    /// See `PayloadRules.contentTypeUnexpected`.
    case contentTypeUnexpected = "content-type-unexpected"
    /// See `PayloadRules.contentEncodingUnexpected`.
    case contentEncodingUnexpected = "content-encoding-unexpected"
    /// See `EnvelopeRules.envelopeInvalid`.
    case envelopeInvalid = "envelope-invalid"
    /// See `EnvelopeRules.schemaUnsupported`.
    case schemaUnsupported = "schema-unsupported"
    /// See `EnvelopeRules.deviceIDMissing`.
    case deviceIDMissing = "device-id-missing"
    /// See `EnvelopeRules.eventTimeImplausible`.
    case eventTimeImplausible = "event-time-implausible"
    /// See `EnvelopeRules.clockSkew`.
    case clockSkew = "clock-skew"
    /// See `TemplateRules.templateUnassigned`.
    case templateUnassigned = "template-unassigned"
    /// See `TemplateRules.templateUnknown`.
    case templateUnknown = "template-unknown"
    /// See `TemplateRules.ruleFailed`.
    case ruleFailed = "rule-failed"
    /// See `ComponentRules.moduleUnknown`.
    case moduleUnknown = "module-unknown"
    /// See `ComponentRules.componentUnknown`.
    case componentUnknown = "component-unknown"
    /// See `ComponentRules.componentMissing`.
    case componentMissing = "component-missing"
    /// See `ComponentRules.componentWrapped`.
    case componentWrapped = "component-wrapped"
    /// See `ComponentRules.edgeRuntimeOutdated`.
    case edgeRuntimeOutdated = "edge-runtime-outdated"
    /// See `CapabilityRules.capabilityUndefined`.
    case capabilityUndefined = "capability-undefined"
    /// See `CapabilityRules.capabilityCase`.
    case capabilityCase = "capability-case"
    /// See `CapabilityRules.capabilityKind`.
    case capabilityKind = "capability-kind"
    /// See `CapabilityRules.capabilityCloud`.
    case capabilityCloud = "capability-cloud"
    /// See `CapabilityRules.capabilityAmbiguous`.
    case capabilityAmbiguous = "capability-ambiguous"
    /// See `CapabilityRules.nameInvalid`.
    case nameInvalid = "name-invalid"
    /// See `CapabilityRules.nameReserved`.
    case nameReserved = "name-reserved"
    /// See `ValueRules.schemaMismatch`.
    case schemaMismatch = "schema-mismatch"
    /// See `ValueRules.numberNotInteger`.
    case numberNotInteger = "number-not-integer"
    /// See `ValueRules.numberOutOfRange`.
    case numberOutOfRange = "number-out-of-range"
    /// See `ValueRules.datetimeWithoutOffset`.
    case datetimeWithoutOffset = "datetime-without-offset"
    /// See `ValueRules.enumUnknown`.
    case enumUnknown = "enum-unknown"
    /// See `ValueRules.fieldUndefined`.
    case fieldUndefined = "field-undefined"
    /// See `ValueRules.fieldRequired`.
    case fieldRequired = "field-required"
    /// See `ValueRules.valueNull`.
    case valueNull = "value-null"
    /// See `ValueRules.valueConstraint`.
    case valueConstraint = "value-constraint"
    /// See `PropertyRules.propertyNotWritable`.
    case propertyNotWritable = "property-not-writable"
    /// See `PropertyRules.ackMalformed`.
    case ackMalformed = "ack-malformed"

    /// The version of everything that rules and decoders say. Raised whenever any of them would say something else about any event.
    package static let setVersion = 2

    /// What the catalogue says about the rule.
    package var entry: RuleEntry {
        switch self {
        case .jsonInvalid: PayloadRules.jsonInvalid
        case .jsonNotObject: PayloadRules.jsonNotObject
        case .jsonDuplicateKey: PayloadRules.jsonDuplicateKey
        case .payloadEmpty: PayloadRules.payloadEmpty
        case .payloadTooLarge: PayloadRules.payloadTooLarge
        case .contentTypeUnexpected: PayloadRules.contentTypeUnexpected
        case .contentEncodingUnexpected: PayloadRules.contentEncodingUnexpected
        case .envelopeInvalid: EnvelopeRules.envelopeInvalid
        case .schemaUnsupported: EnvelopeRules.schemaUnsupported
        case .deviceIDMissing: EnvelopeRules.deviceIDMissing
        case .eventTimeImplausible: EnvelopeRules.eventTimeImplausible
        case .clockSkew: EnvelopeRules.clockSkew
        case .templateUnassigned: TemplateRules.templateUnassigned
        case .templateUnknown: TemplateRules.templateUnknown
        case .ruleFailed: TemplateRules.ruleFailed
        case .moduleUnknown: ComponentRules.moduleUnknown
        case .componentUnknown: ComponentRules.componentUnknown
        case .componentMissing: ComponentRules.componentMissing
        case .componentWrapped: ComponentRules.componentWrapped
        case .edgeRuntimeOutdated: ComponentRules.edgeRuntimeOutdated
        case .capabilityUndefined: CapabilityRules.capabilityUndefined
        case .capabilityCase: CapabilityRules.capabilityCase
        case .capabilityKind: CapabilityRules.capabilityKind
        case .capabilityCloud: CapabilityRules.capabilityCloud
        case .capabilityAmbiguous: CapabilityRules.capabilityAmbiguous
        case .nameInvalid: CapabilityRules.nameInvalid
        case .nameReserved: CapabilityRules.nameReserved
        case .schemaMismatch: ValueRules.schemaMismatch
        case .numberNotInteger: ValueRules.numberNotInteger
        case .numberOutOfRange: ValueRules.numberOutOfRange
        case .datetimeWithoutOffset: ValueRules.datetimeWithoutOffset
        case .enumUnknown: ValueRules.enumUnknown
        case .fieldUndefined: ValueRules.fieldUndefined
        case .fieldRequired: ValueRules.fieldRequired
        case .valueNull: ValueRules.valueNull
        case .valueConstraint: ValueRules.valueConstraint
        case .propertyNotWritable: PropertyRules.propertyNotWritable
        case .ackMalformed: PropertyRules.ackMalformed
        }
    }

    /// How much it matters.
    package var severity: Severity { entry.severity }

    /// Whether the place that a finding names is a name that the device chose. Such findings are bounded per device and day.
    package var isOpen: Bool { entry.isOpen }

    /// What is wrong, in one sentence.
    package var meaning: String { entry.meaning }

    /// What to do about it, in one sentence.
    package var action: String { entry.action }
}
