import JSON

extension BoundedText {
    /// Bytes of a record as a text to show, bounded like an identifier.
    static func text(_ bytes: RawSpan) -> String {
        var text: [UInt8] = []
        append(bytes, limit: identifierLimit, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
