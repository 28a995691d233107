import JSON

extension RawSpan {
    /// Whether the bytes begin with those of a literal in lower case, letters compared without regard to case.
    func startsIgnoringCase(with literal: StaticString) -> Bool {
        guard byteCount >= literal.utf8CodeUnitCount else { return false }
        return extracting(0..<literal.utf8CodeUnitCount).equalsIgnoringCase(literal)
    }

    /// Whether the bytes name a media type, parameters aside (RFC 9110 §8.3.1). The literal is in lower case.
    func isMediaType(_ literal: StaticString) -> Bool {
        startsIgnoringCase(with: literal) && endsMediaType(at: literal.utf8CodeUnitCount)
    }

    /// Whether a media type ends here: parameters follow, or nothing.
    func endsMediaType(at place: Int) -> Bool {
        place == byteCount || self[byte: place] == 0x3B || self[byte: place] == 0x20 || self[byte: place] == 0x09
    }

    /// Whether the bytes name a media type of JSON: `application/json`, or one with the suffix `+json` (RFC 6839 §3.1).
    var isJSONMediaType: Bool {
        var end = 0
        while end < byteCount, !endsMediaType(at: end) { end += 1 }
        return end >= 5 && (extracting(end - 5..<end).equalsIgnoringCase("/json") || extracting(end - 5..<end).equalsIgnoringCase("+json"))
    }

    private func equalsIgnoringCase(_ literal: StaticString) -> Bool {
        guard byteCount == literal.utf8CodeUnitCount else { return false }
        if equals(literal) { return true }
        var lowered: [UInt8] = []
        for offset in 0..<byteCount {
            let byte = self[byte: offset]
            lowered.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
        }
        return lowered.rawBytes.equals(literal)
    }
}
