/// One thing that is wrong with a value, judged by its schema.
public struct SchemaFault: Sendable, Equatable {
    /// What is wrong. The raw values are stable and may be stored.
    public enum Kind: String, Sendable, CaseIterable {
        /// Another JSON type than the schema asks for, or text that the schema's lexical rule refuses (DTDL, "Primitive schemas" and "Complex schemas").
        case schemaMismatch = "schema-mismatch"
        /// A number written with a fraction or an exponent where an integral schema stands: `3.0`, `1e2` (DTDL, "Primitive schemas": `integer`, `long` and
        /// the further ones of v4).
        case numberNotInteger = "number-not-integer"
        /// A number outside of what the schema's width can hold (DTDL, "Primitive schemas").
        case numberOutOfRange = "number-out-of-range"
        /// A `dateTime` or `time` that is right but for the missing `Z` or `+hh:mm` (RFC 3339 §5.6, which DTDL, "Primitive schemas", refers to).
        case datetimeWithoutOffset = "datetime-without-offset"
        /// A value that is none of the enumeration's (DTDL, "Enum").
        case enumUnknown = "enum-unknown"
        /// An object member that the schema has no field for (DTDL, "Object").
        case fieldUndefined = "field-undefined"
        /// A field that the schema requires is missing (DTDL extension "Requirement", `Required`).
        case fieldRequired = "field-required"
        /// `null` where a value is expected.
        case valueNull = "value-null"
        /// A `geopoint` without `lat` or without `lon`: valid, but of no use.
        case geopointIncomplete = "geopoint-incomplete"
        /// Below IoT Central's `minValue`, or above its `maxValue`.
        case valueOutsideLimits = "value-outside-limits"
        /// Shorter than IoT Central's `minLength`, or longer than its `maxLength`, in Unicode scalars.
        case lengthOutsideLimits = "length-outside-limits"
        /// More decimal places than IoT Central's `decimalPlaces`.
        case tooManyDecimalPlaces = "too-many-decimal-places"
        /// Nested deeper than the checker follows.
        case tooDeep = "too-deep"

        /// Whether the DTDL specification refuses the value. The others are advice, or limits that IoT Central does not enforce.
        public var isViolation: Bool {
            switch self {
            case .schemaMismatch, .numberNotInteger, .numberOutOfRange, .datetimeWithoutOffset, .enumUnknown, .fieldUndefined, .fieldRequired,
                .valueNull,
                .tooDeep:
                true
            case .geopointIncomplete, .valueOutsideLimits, .lengthOutsideLimits, .tooManyDecimalPlaces:
                false
            }
        }
    }

    /// What is wrong.
    public let kind: Kind
    /// JSON Pointer (RFC 6901) from the checked value to the faulty one, with array indices and map keys; empty for the value itself. Beyond 4,096
    /// bytes it is cut and marked with a hash.
    public let pointer: String
    /// The same with `*` for every array index and map key, at most 512 bytes of UTF-8: fit for grouping and for an index.
    public let boundedPointer: String
    /// Where the faulty value starts in the source, in bytes.
    public let offset: Int
    /// What the schema asks for, in words.
    public let expected: String
    /// What is there, as written, cut to 128 bytes.
    public let actual: String

    /// A fault made of its parts.
    public init(kind: Kind, pointer: String, boundedPointer: String, offset: Int, expected: String, actual: String) {
        self.kind = kind
        self.pointer = pointer
        self.boundedPointer = boundedPointer
        self.offset = offset
        self.expected = expected
        self.actual = actual
    }
}
