/// The schemas of one template, compiled: flat arrays that the checker walks by index.
///
/// A *program* is the index of a schema's first node. One value of this type holds all programs of a template, so that schemas which the
/// template names once are compiled once.
public struct SchemaPrograms: Sendable {
    var nodes: [SchemaNode] = []
    var fields: [SchemaField] = []
    /// The required fields of each object, by the object's scope.
    var requiredFields: [Int32: [Int32]] = [:]
    /// Values of integer enumerations, sorted within each.
    var integers: [Int64] = []
    /// Field names and string enumeration values.
    var names = ScopedNames()
    /// What each enumeration offers, in words: by its first integer's position, or by -1 less the scope of its strings.
    var enumerations: [Int32: String] = [:]
    var limits: [ValueLimits] = []

    init() {}

    /// What a program asks for, in words: `double`, `string enumeration ("on", "off")`, `object`.
    public func summary(of program: Int) -> String {
        nodes.indices.contains(program) ? expectation(of: nodes[program]) : "any value"
    }

    func expectation(of node: SchemaNode) -> String {
        switch node.operation {
        case .boolean: "boolean (true or false)"
        case .signedInteger: IntegralRange.signed(bits: Int(node.first)).description
        case .unsignedInteger: IntegralRange.unsigned(bits: Int(node.first)).description
        case .float: "float (a number that 32-bit IEEE 754 can hold)"
        case .double: "double (a number that 64-bit IEEE 754 can hold)"
        case .decimal: "decimal (a string such as \"12.50\")"
        case .string: "string"
        case .date: "date (a string YYYY-MM-DD)"
        case .time: "time (a string hh:mm:ss with Z or an offset)"
        case .dateTime: "dateTime (a string YYYY-MM-DDThh:mm:ss with Z or an offset)"
        case .duration: "duration (an ISO 8601 string such as \"PT1H30M\")"
        case .bytes: "bytes (a base64 string)"
        case .uuid: "uuid (a string of 8-4-4-4-12 hexadecimal digits)"
        case .stringEnum: enumerations[-1 - node.first] ?? "a value of the enumeration"
        case .integerEnum: (node.count > 0 ? enumerations[node.first] : nil) ?? "a value of the enumeration, which has none"
        case .array: "array"
        case .map: "map (a JSON object)"
        case .object: "object"
        case .geopoint: "geopoint (an object with lat, lon and perhaps alt)"
        case .unknown: "any value"
        }
    }
}

/// The range of an integral schema (DTDL v4, "Primitive schemas"; v2 and v3 have `integer` and `long` only).
struct IntegralRange {
    let name: String
    let lowest: Int64
    let highest: UInt64

    static func signed(bits: Int) -> IntegralRange {
        switch bits {
        case 8: IntegralRange(name: "byte", lowest: Int64(Int8.min), highest: UInt64(Int8.max))
        case 16: IntegralRange(name: "short", lowest: Int64(Int16.min), highest: UInt64(Int16.max))
        case 32: IntegralRange(name: "integer", lowest: Int64(Int32.min), highest: UInt64(Int32.max))
        default: IntegralRange(name: "long", lowest: Int64.min, highest: UInt64(Int64.max))
        }
    }

    static func unsigned(bits: Int) -> IntegralRange {
        switch bits {
        case 8: IntegralRange(name: "unsignedByte", lowest: 0, highest: UInt64(UInt8.max))
        case 16: IntegralRange(name: "unsignedShort", lowest: 0, highest: UInt64(UInt16.max))
        case 32: IntegralRange(name: "unsignedInteger", lowest: 0, highest: UInt64(UInt32.max))
        default: IntegralRange(name: "unsignedLong", lowest: 0, highest: UInt64.max)
        }
    }

    func contains(magnitude: UInt64, isNegative: Bool) -> Bool {
        isNegative ? magnitude <= lowest.magnitude : magnitude <= highest
    }

    var description: String { "\(name) (a whole number from \(lowest) to \(highest))" }
}
