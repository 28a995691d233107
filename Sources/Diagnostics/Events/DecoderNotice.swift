/// Something that a decoder holds against a record: what the rules about envelopes, headers and times report.
package struct DecoderNotice: Equatable, Sendable {
    /// The rule that it comes under.
    package let rule: Rule
    /// Where: a JSON Pointer into the payload, or a header as `header:` and its name.
    package let path: String
    /// Where in the payload, in bytes; 0 for what is said in headers.
    package internal(set) var byteOffset: Int
    /// What the format asks for.
    package let expected: String
    /// What is there.
    package let actual: String

    /// A notice of its parts.
    package init(rule: Rule, path: String, byteOffset: Int = 0, expected: String, actual: String) {
        self.rule = rule
        self.path = path
        self.byteOffset = byteOffset
        self.expected = expected
        self.actual = actual
    }
}
