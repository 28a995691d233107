/// A context: the terms that `@context` brings into a document, in one version.
struct MetaContext {
    let identifier: String
    /// The identifier without its version: a context replaces another of the same name.
    let name: String
    let majorVersion: Int
    let terms: [String: String]
    /// Prefixes of identifiers that models may not define while the context is in force.
    let reservedPrefixes: [String]
    /// The version of DTDL that goes with the context where it stands before the DTDL context; IoT Central writes its own so.
    let impliedVersion: Int?
    /// The name of the limits that the context sets, and the version of DTDL that it sets them for.
    let limits: String?
    let limitsVersion: Int?
}
