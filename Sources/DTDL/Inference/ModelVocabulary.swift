/// What a version of DTDL has words and room for, as far as inference uses it.
struct ModelVocabulary: Sendable {
    /// 2, 3 or 4.
    let version: Int
    /// Whether the rules are those of the specification; else IoT Central's, which allow arrays in properties, any depth and any number of contents.
    let isStrict: Bool

    init(version: Int, isStrict: Bool = true) {
        self.version = version
        self.isStrict = isStrict
    }

    static let versions = 2...4
    static let centralContext = "dtmi:iotcentral:context;2"

    var context: String { "dtmi:dtdl:context;\(version)" }
    var maximumNameBytes: Int { version == 2 ? 64 : ModelName.maximumBytes }
    /// The most contents of an Interface.
    var maximumContents: Int { version == 2 && isStrict ? 300 : .max }
    /// The most fields of an Object.
    var maximumFields: Int { version == 2 ? 30 : .max }
    /// How many `schema` and `elementSchema` there may be on a path down from an Object, a Map or an Array.
    var maximumDepth: Int { !isStrict ? 8 : version == 4 ? 8 : 5 }
    /// The largest Interface, less room for what stands around contents.
    var maximumBytes: Int { version == 2 ? .max : 1_000_000 }
    /// The most elements below the contents of an Interface, less some.
    var maximumElements: Int { version == 2 ? .max : 90_000 }
    var hasArraysInProperties: Bool { version > 2 || !isStrict }
    var hasUUID: Bool { version > 3 }
    /// `geopoint` and `vector`, the co-types `Cloud` and `EdgeModule`: IoT Central's, which it has for v2 alone. Later versions refuse undefined co-types.
    var hasCentralTerms: Bool { version == 2 }
}
