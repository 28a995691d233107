/// By which counts a model is inferred, and how much may be held of what was seen.
public struct InferenceOptions: Sendable, Equatable {
    // MARK: - Rules

    /// A string becomes an Enum only where at least so many values were seen.
    public var enumMinimumSamples = 20
    /// A string becomes an Enum only where no more than so many values differ; never with one alone, which is a constant.
    public var enumMaximumValues = 10
    /// A string becomes an Enum only where each of its values was seen at least so often.
    public var enumMinimumRepeats = 2
    /// A string becomes an Enum only where no value is longer, in bytes of UTF-8.
    public var enumMaximumBytes = 64
    /// An object with more keys than this, whose values are all alike, is a Map.
    public var mapKeys = 30
    /// An object with at least so many keys, of which no more than half are there at a time, whose values are all alike, is a Map.
    public var mapChangingKeys = 8

    // MARK: - Bounds

    /// The most names that are held of one component.
    public var maximumNames = 2_000
    /// The most keys that are held of one object.
    public var maximumFields = 256
    /// The most modules and components that are held, together.
    public var maximumComponents = 256
    /// The most places that are held: names, fields, elements, in all.
    public var maximumPlaces = 20_000
    /// Objects and arrays that lie deeper in a value are not looked into. No version of DTDL has names for more levels.
    public var maximumDepth = 12
    /// The most names that are no legal ones which are held to be told.
    public var maximumIllegalNames = 64
    /// The most remarks that a model comes with; what is beyond is counted in one more.
    public var maximumRemarks = 500

    /// The defaults that each property names.
    public init() {}
}
