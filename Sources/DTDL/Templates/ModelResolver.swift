/// Where models come from that a document refers to but does not contain.
///
/// It is asked for all identifiers that are missing at once; what it returns is read in turn and may lead to another question.
public protocol ModelResolver {
    /// JSON documents that hold the models with these DTMIs; an identifier it does not know is simply not among them. Nil: nothing is known.
    func documents(for identifiers: [String]) -> [[UInt8]]?
}

/// A resolver that knows nothing.
public struct NoModelResolver: ModelResolver, Sendable {
    /// The resolver.
    public init() {}

    /// Nil, whatever is asked.
    public func documents(for identifiers: [String]) -> [[UInt8]]? { nil }
}
