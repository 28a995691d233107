/// The patterns that the metamodel puts on strings.
enum LexicalPattern: String {
    /// A letter, then letters, digits and underscores, ending with a letter or digit.
    case name
    /// A DTMI as a user may write it.
    case dtmi
    /// Printable ASCII without the characters that structure an MQTT topic (extension `mqtt`, service group identifiers).
    case label
    /// Labels and braced tokens between slashes (extension `mqtt`, topic patterns).
    case topic

    func matches(_ text: String, version: Int) -> Bool {
        let bytes = Array(text.utf8)
        switch self {
        case .name: return Self.isName(bytes[...])
        case .dtmi: return DTMI.isUserIdentifier(text, version: version)
        case .label: return !bytes.isEmpty && bytes.allSatisfy(Self.isLabelByte)
        case .topic:
            guard bytes.first != UInt8(ascii: "$") else { return false }
            return bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy(Self.isTopicLevel)
        }
    }

    static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, let last = bytes.last, isLetter(first), last != UInt8(ascii: "_") else { return false }
        return bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z") }
    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "$")...UInt8(ascii: "*"), UInt8(ascii: ",")...UInt8(ascii: "."), UInt8(ascii: "0")...UInt8(ascii: "z"),
            UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func isTopicLevel(_ level: ArraySlice<UInt8>) -> Bool {
        guard level.first == UInt8(ascii: "{") else { return !level.isEmpty && level.allSatisfy(isLabelByte) }
        guard level.last == UInt8(ascii: "}") else { return false }
        let token = level.dropFirst().dropLast().split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        return (1...2).contains(token.count) && token.allSatisfy { !$0.isEmpty && $0.allSatisfy(isLetter) }
    }
}
