/// One difference between two versions of a template.
public struct TemplateChange: Sendable, Equatable {
    /// What it means to devices that were built for the older version.
    public enum Effect: String, Sendable, CaseIterable {
        /// What they send is as right as before.
        case additive
        /// Something they send or accept may not fit, or has another meaning.
        case breaking
        /// Only people see it.
        case cosmetic
    }

    /// What differs. The raw values are stable and may be stored.
    public enum Kind: String, Sendable, CaseIterable {
        /// The template has another id.
        case templateID = "template-id"
        /// An edge module is new.
        case moduleAdded = "module-added"
        /// An edge module is gone.
        case moduleRemoved = "module-removed"
        /// A component is new.
        case componentAdded = "component-added"
        /// A component is gone.
        case componentRemoved = "component-removed"
        /// A capability is new.
        case capabilityAdded = "capability-added"
        /// A capability is gone: what devices still send becomes unmodeled.
        case capabilityRemoved = "capability-removed"
        /// A capability is gone and a like one is there under another name.
        case capabilityRenamed = "capability-renamed"
        /// A capability is gone and is there in another component.
        case capabilityMoved = "capability-moved"
        /// A capability is of another kind: telemetry, property, command.
        case kindChanged = "kind-changed"
        /// A property can be set from outside now, or no more.
        case writableChanged = "writable-changed"
        /// The schema accepts all it did, and more.
        case schemaWidened = "schema-widened"
        /// The schema accepts less than it did.
        case schemaNarrowed = "schema-narrowed"
        /// The schema accepts other values.
        case schemaChanged = "schema-changed"
        /// The unit is another one.
        case unitChanged = "unit-changed"
        /// The name for people is another one.
        case displayNameChanged = "display-name-changed"
    }

    /// What differs.
    public let kind: Kind
    /// What it means.
    public let effect: Effect
    /// The module it is in; empty for the device itself.
    public let module: String
    /// The component it is in; empty for the default component.
    public let component: String
    /// The capability that has it, by its newer name where it has two; empty where the change is not one of a capability.
    public let capability: String
    /// Where in the value the schemas differ, as a JSON Pointer with `*` for elements and map values; empty for the value itself.
    public let pointer: String
    /// What was there before, in words.
    public let before: String
    /// What is there now, in words.
    public let after: String
}
