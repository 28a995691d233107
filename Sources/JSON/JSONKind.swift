/// What a JSON value is (RFC 8259 §3). `true` and `false` are kinds of their own, so that no second look at the text is needed.
public enum JSONKind: UInt8, Sendable {
    /// The word `null`.
    case null
    /// The word `false`.
    case falseValue
    /// The word `true`.
    case trueValue
    /// A number; its text is kept as it was written.
    case number
    /// A string; also the kind of a member's key.
    case string
    /// An object: members in the order of the document, duplicate keys kept.
    case object
    /// An array.
    case array
}
