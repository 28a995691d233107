extension JSONWriter {
    /// Writes a string.
    public mutating func string(_ value: String) {
        beforeValue()
        appendQuoted(value.rawBytes)
    }

    /// Writes a string from bytes; what is no well-formed UTF-8 in them becomes U+FFFD, so that the document stays JSON.
    public mutating func string(utf8 bytes: RawSpan) {
        beforeValue()
        appendQuoted(bytes)
    }

    /// Writes an integer.
    public mutating func integer(_ value: Int64) { digits(String(value)) }

    /// Writes an integer.
    public mutating func integer(_ value: Int) { digits(String(value)) }

    /// Writes an unsigned integer.
    public mutating func unsigned(_ value: UInt64) { digits(String(value)) }

    /// Writes the shortest number that reads back as the same double; `null` for NaN and infinities, which JSON has not.
    public mutating func double(_ value: Double) { digits(value.isFinite ? value.description : "null") }

    /// Writes `true` or `false`.
    public mutating func bool(_ value: Bool) { digits(value ? "true" : "false") }

    /// Writes `null`.
    public mutating func null() { digits("null") }

    /// Writes bytes that are one JSON value, such as `JSONDocument.source(_:)`, as they stand. Builds with assertions check that they are.
    public mutating func raw(_ value: RawSpan) {
        assert(JSONReader.accepts(value), "Bytes are written as a JSON value and are none")
        beforeValue()
        append(value)
    }

    /// Writes a tree.
    public mutating func tree(_ tree: JSONTree) {
        switch tree.content {
        case .null: null()
        case .bool(let value): bool(value)
        case .number(let text): digits(text)
        case .string(let value): string(value)
        case .object(let members):
            beginObject()
            for member in members {
                key(member.key)
                self.tree(member.value)
            }
            endObject()
        case .array(let elements):
            beginArray()
            for element in elements { self.tree(element) }
            endArray()
        }
    }

    private mutating func digits(_ text: String) {
        beforeValue()
        append(text.rawBytes)
    }
}

extension JSONReader {
    /// Whether bytes are one JSON text, however deep.
    static func accepts(_ bytes: RawSpan) -> Bool {
        var reader = JSONReader(limits: JSONLimits(maximumDepth: .max))
        do throws(JSONSyntaxError) {
            try reader.read(bytes)
            return true
        } catch {
            return false
        }
    }
}
