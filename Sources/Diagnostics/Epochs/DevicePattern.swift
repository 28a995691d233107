/// A pattern over device ids: `*` stands for any run of characters, `?` for one, everything else for itself. Case-sensitive. A character is a Unicode
/// scalar. There is no escape: an id that holds one of the two signs is matched by the sign itself, among others.
package struct DevicePattern: Hashable, Sendable {
    private let pattern: [UInt8]
    /// Whether the pattern names exactly one id.
    package let isLiteral: Bool

    /// Takes a pattern; every text is one.
    package init(_ text: String) {
        pattern = Array(text.utf8)
        isLiteral = !pattern.contains(0x2A) && !pattern.contains(0x3F)
    }

    /// Whether an id matches. At worst as many steps as the product of both lengths, without recursion: only the last star is ever tried again.
    package func matches(_ id: String) -> Bool {
        let text = Array(id.utf8)
        var p = 0
        var t = 0
        var star: Int?
        var resume = 0
        while t < text.count {
            if p < pattern.count, pattern[p] == 0x2A {
                star = p
                resume = t
                p += 1
            } else if p < pattern.count, pattern[p] == 0x3F {
                p += 1
                t += Self.width(text, at: t)
            } else if p < pattern.count, pattern[p] == text[t] {
                p += 1
                t += 1
            } else if let mark = star {
                p = mark + 1
                resume += 1
                t = resume
            } else {
                return false
            }
        }
        while p < pattern.count, pattern[p] == 0x2A { p += 1 }
        return p == pattern.count
    }

    /// Bytes of the UTF-8 character that starts at an index.
    private static func width(_ text: [UInt8], at index: Int) -> Int {
        var width = 1
        while index + width < text.count, text[index + width] & 0xC0 == 0x80 { width += 1 }
        return width
    }
}
