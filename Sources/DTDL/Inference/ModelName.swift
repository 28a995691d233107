/// The rule for names in a model (DTDL v2 to v4, "name"): a letter, then letters, digits and underscores, not ending with an underscore, all ASCII.
enum ModelName {
    /// The longest name of any version.
    static let maximumBytes = 512

    static func isLegal(_ name: String, maximumBytes: Int = maximumBytes) -> Bool {
        let bytes = name.utf8
        guard let first = bytes.first, let last = bytes.last, bytes.count <= maximumBytes else { return false }
        return isLetter(first) && last != UInt8(ascii: "_") && bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    /// A legal name made of any text: what is not allowed becomes an underscore, none stands at the ends.
    static func made(of text: String, orElse other: String, maximumBytes: Int) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if bytes.count == maximumBytes { break }
            let isAllowed = isLetter(byte) || (isDigit(byte) && !bytes.isEmpty)
            if isAllowed {
                bytes.append(byte)
            } else if let last = bytes.last, last != UInt8(ascii: "_") {
                bytes.append(UInt8(ascii: "_"))
            }
        }
        while bytes.last == UInt8(ascii: "_") { bytes.removeLast() }
        return bytes.isEmpty ? other : String(decoding: bytes, as: UTF8.self)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
