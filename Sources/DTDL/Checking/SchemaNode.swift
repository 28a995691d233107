/// One instruction of a compiled schema.
///
/// A schema is a few nodes in one flat array; a node names its parts by their index, so walking a schema follows integers only, and a schema that
/// refers to itself (DTDL v4) is a cycle of indices.
struct SchemaNode: Sendable {
    enum Operation: UInt8, Sendable {
        case boolean
        /// `first` is the width in bits.
        case signedInteger, unsignedInteger
        case float, double, decimal
        case string, date, time, dateTime, duration, bytes, uuid
        /// `first` is the scope of the values in the program's names.
        case stringEnum
        /// `first` and `count` bound the values in the program's sorted integers.
        case integerEnum
        /// `first` is the node of the elements.
        case array
        /// `first` is the node of the values.
        case map
        /// `first` is the scope of the fields; `count` is how many of them are required.
        case object
        /// IoT Central's `geopoint`: an object whose `lat` and `lon` are expected, though the language lets them be missing.
        case geopoint
        /// A schema that could not be read: every value passes.
        case unknown
    }

    var operation: Operation
    var first: Int32 = 0
    var count: Int32 = 0
    /// Index of the limits that IoT Central puts on the value, or -1.
    var limits: Int32 = -1
}

/// What an object's compiled schema knows of one field.
struct SchemaField: Sendable {
    let name: String
    let node: Int32
    /// Position among the required fields of its object, or -1.
    let requiredIndex: Int32
}

/// Limits that IoT Central's `NumberValue` and `StringValue` put on a value.
struct ValueLimits: Sendable, Equatable {
    var minimum: Double?
    var maximum: Double?
    var decimalPlaces: Int?
    var minimumLength: Int?
    var maximumLength: Int?

    var isEmpty: Bool { self == ValueLimits() }
}
