internal import JSON

/// The words of a fault.
enum FaultText {
    /// Longest quotation of a value, in bytes.
    private static let maximumBytes = 128

    static func expected(_ kind: SchemaFault.Kind, _ node: SchemaNode, _ programs: borrowing SchemaPrograms) -> String {
        switch kind {
        case .geopointIncomplete: return "geopoint with lat and lon"
        case .valueOutsideLimits, .lengthOutsideLimits, .tooManyDecimalPlaces:
            return node.limits >= 0 ? limits(programs.limits[Int(node.limits)]) : programs.expectation(of: node)
        case .tooDeep: return "a value nested at most 128 deep"
        default: return programs.expectation(of: node)
        }
    }

    /// A value as it is written, or what it is when it is an object or an array.
    static func actual(_ value: JSONNode, _ document: borrowing JSONDocument) -> String {
        switch document.kind(value) {
        case .null: return "null"
        case .trueValue: return "true"
        case .falseValue: return "false"
        case .object: return "an object with \(document.count(value)) members"
        case .array: return "an array of \(document.count(value)) elements"
        case .number: return quotation(document.text(value), quoted: false)
        case .string: return quotation(document.text(value), quoted: true)
        }
    }

    /// The source text of a token; only as much of it is turned into a string as can be shown.
    private static func quotation(_ text: RawSpan, quoted: Bool) -> String {
        let bytes = Span<UInt8>(_bytes: text)
        var shown: [UInt8] = []
        for index in 0..<min(bytes.count, maximumBytes) { shown.append(bytes[index]) }
        // A cut may fall into a character; its first bytes are dropped.
        if bytes.count > maximumBytes {
            while let last = shown.last, last & 0xC0 == 0x80 { shown.removeLast() }
            if let last = shown.last, last >= 0xC0 { shown.removeLast() }
        }
        var words = String(decoding: shown, as: UTF8.self)
        if bytes.count > maximumBytes { words += "…" }
        return quoted ? "\"\(words)\"" : words
    }

    static func limits(_ limits: ValueLimits) -> String {
        if limits.isEmpty { return "no limits" }
        var parts: [String] = []
        if let minimum = limits.minimum { parts.append("at least \(minimum)") }
        if let maximum = limits.maximum { parts.append("at most \(maximum)") }
        if let places = limits.decimalPlaces { parts.append("at most \(places) decimal places") }
        if let minimum = limits.minimumLength { parts.append("at least \(minimum) characters") }
        if let maximum = limits.maximumLength { parts.append("at most \(maximum) characters") }
        return parts.joined(separator: ", ")
    }
}
