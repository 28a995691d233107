/// A place in a text of ASCII bytes, moved forward by the lexical rules; it never allocates.
struct TextCursor: ~Escapable {
    private let text: Span<UInt8>
    private(set) var index = 0

    @_lifetime(copy text)
    init(_ text: Span<UInt8>) {
        self.text = text
    }

    var isAtEnd: Bool { index == text.count }

    /// The byte here, 0 at the end: no rule below matches a NUL.
    var byte: UInt8 { index < text.count ? text[index] : 0 }

    /// Steps over `expected` if it is here.
    @_lifetime(self: copy self)
    mutating func take(_ expected: UInt8) -> Bool {
        guard index < text.count, text[index] == expected else { return false }
        index += 1
        return true
    }

    /// Steps over exactly `count` decimal digits and gives their value.
    @_lifetime(self: copy self)
    mutating func digits(_ count: Int) -> Int? {
        guard index + count <= text.count else { return nil }
        var value = 0
        for offset in 0..<count {
            let digit = text[index + offset] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = value * 10 + Int(digit)
        }
        index += count
        return value
    }

    /// Steps over all decimal digits here and gives how many there were.
    @_lifetime(self: copy self)
    mutating func digitRun() -> Int {
        let start = index
        while index < text.count, text[index] &- UInt8(ascii: "0") <= 9 { index += 1 }
        return index - start
    }
}
