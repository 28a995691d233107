/// Something that an inferred model or patch does not say, or says by a guess.
public struct InferenceRemark: Sendable, Equatable {
    /// What it is about. The raw values are stable.
    public enum Code: String, Sendable, CaseIterable {
        /// The name is none that DTDL allows: a letter, then letters, digits and underscores, a letter or digit at the end, and no longer than the version has it.
        case nameIllegal = "name-illegal"
        /// One name stands for two things in one component, which DTDL forbids; the one that was seen less often is left out.
        case nameTaken = "name-taken"
        /// Values of different types, which no schema accepts.
        case typesDiffer = "types-differ"
        /// Only null was seen.
        case onlyNull = "only-null"
        /// Only empty objects or arrays were seen, so the type of what they hold is a guess.
        case onlyEmpty = "only-empty"
        /// The value nests deeper than the version of DTDL allows.
        case nestedTooDeep = "nested-too-deep"
        /// DTDL v2 allows no arrays in properties.
        case arrayInProperty = "array-in-property"
        /// A number is larger than any schema holds.
        case numberTooLarge = "number-too-large"
        /// There are more names, keys, bytes or modules than the version of DTDL, or the inference, takes.
        case tooMany = "too-many"
        /// DTDL v3 and v4 have no terms for edge modules and cloud properties, which are IoT Central's.
        case noTerm = "no-term"
        /// The base defines the name, and values do not fit it.
        case baseDiffers = "base-differs"
        /// The base refers to an Interface that its file does not contain, so nothing can be added to that.
        case baseElsewhere = "base-elsewhere"
        /// The base is of a shape that has no place for it.
        case baseHasNoPlace = "base-has-no-place"
    }

    /// What it is about.
    public let code: Code
    /// The module; empty for the device itself.
    public let module: String
    /// The component; empty for the default one.
    public let component: String
    /// A JSON Pointer that begins with the capability's name, with `*` for elements and map values; empty where it is about the whole.
    public let path: String
    /// A sentence for people. It may quote what devices sent.
    public let message: String

    /// Whether something that was seen is not modeled.
    public var isLoss: Bool { code != .onlyEmpty && code != .baseDiffers }
}
