/// How models are judged.
public struct ModelOptions: Sendable, Equatable {
    /// By whose rules.
    public enum Profile: String, Sendable {
        /// The specification's.
        case strict
        /// IoT Central's: what it writes and accepts beyond the specification is a warning.
        case iotCentral = "iotcentral"
    }

    /// What to make of a context that is not known (DTDL, "Context").
    public enum UndefinedExtensions: String, Sendable {
        /// As the version of DTDL has it: allowed in v2, refused later.
        case byVersion = "default"
        /// Take it for an extension that is not known here.
        case always
        /// Refuse it.
        case never
    }

    /// By whose rules. Default: strict.
    public var profile: Profile = .strict
    /// What to make of a context that is not known. Default: as the version of DTDL has it.
    public var undefinedExtensions: UndefinedExtensions = .byVersion
    /// The limit extensions (DTDL v4) that are accepted, such as `dtmi:dtdl:limits:onvif;1`; without a version, any. Default: none.
    public var acceptableLimits: [String] = []
    /// The highest version of DTDL that is accepted. Default: 4.
    public var maximumVersion = 4
    /// Whether the documents that are given may have some old faults of DTDL v2 models: reserved identifiers, `{"@id": …}` as a reference. Default: no.
    public var toleratesSolecisms = false
    /// The same for the documents of a resolver. Default: no.
    public var toleratesSolecismsOfResolver = false

    /// The defaults that each property names.
    public init() {}
}
