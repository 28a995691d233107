package import JSON

/// A part of a payload that carries values of capabilities.
package struct ValueSection: Equatable, Sendable {
    /// How values and their names are laid out.
    package enum Shape: Equatable, Sendable {
        /// An object whose members are the values: telemetry as devices send it.
        case members
        /// An array of objects, each with `name` (older: `fieldName`) and `value`, and where they differ `component` and `module`: IoT Central's export.
        case list
        /// A section of a device twin: an object whose members are values, or components, which carry `"__t": "c"`; names with `$` are the service's own.
        case twin
        /// A JSON Patch (RFC 6902) of a digital twin: the first reference token names a property, or a component with the property in the second.
        case jsonPatch

        /// What the JSON has to be for there to be any values.
        package var kind: JSONKind {
            switch self {
            case .members, .twin: .object
            case .list, .jsonPatch: .array
            }
        }
    }

    /// What sort of values: telemetry or one of the three sorts of properties.
    package let kind: EventKind
    /// How they are laid out.
    package let shape: Shape
    /// Where they lie. Of another type than the shape asks for where the message is wrong.
    package let node: JSONNode
    /// JSON Pointer of the node in the payload, for people: `/telemetry`; empty for the whole payload.
    package let pointer: String

    /// A section of its parts.
    package init(kind: EventKind, shape: Shape, node: JSONNode, pointer: String) {
        self.kind = kind
        self.shape = shape
        self.node = node
        self.pointer = pointer
    }
}
