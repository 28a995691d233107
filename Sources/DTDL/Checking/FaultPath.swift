internal import JSON

/// One step from the checked value towards the faulty one.
enum PathStep: Sendable {
    case element(Int)
    case field(JSONNode)
    case mapKey(JSONNode)
}

/// JSON Pointers (RFC 6901) of the steps taken.
enum FaultPath {
    /// Longest bounded pointer, in bytes.
    private static let maximumBytes = 512
    /// Longest exact pointer, in bytes: a device may choose keys as long as its message.
    private static let maximumExactBytes = 4096

    static func exact(_ path: [PathStep], _ document: borrowing JSONDocument) -> String {
        var pointer = ""
        for step in path {
            switch step {
            case .element(let index): pointer += "/\(index)"
            case .field(let key), .mapKey(let key): append(document.string(key), to: &pointer)
            }
        }
        return BoundedText.cut(pointer, to: maximumExactBytes)
    }

    static func bounded(_ path: [PathStep], _ document: borrowing JSONDocument) -> String {
        var pointer = ""
        for step in path {
            switch step {
            case .element, .mapKey: pointer += "/*"
            case .field(let key): append(document.string(key), to: &pointer)
            }
        }
        return BoundedText.cut(pointer, to: maximumBytes)
    }

    /// `~` and `/` are escaped as the standard says. A NUL, which databases refuse in text, is written as the JSON escape for it.
    private static func append(_ key: String, to pointer: inout String) {
        pointer += "/"
        for scalar in key.unicodeScalars {
            switch scalar {
            case "~": pointer += "~0"
            case "/": pointer += "~1"
            case "\0": pointer += "\\u0000"
            default: pointer.unicodeScalars.append(scalar)
            }
        }
    }
}

/// Text that a device chooses, made short enough to be a key.
enum BoundedText {
    /// The text itself if it fits, else as much of its start as fits before `…#` and 16 hexadecimal digits of a hash of the whole.
    static func cut(_ text: String, to maximumBytes: Int) -> String {
        guard text.utf8.count > maximumBytes else { return text }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 16)
        let mark = "…#" + String(repeating: "0", count: 16 - digits.count) + digits
        return prefix(of: text, bytes: maximumBytes - mark.utf8.count) + mark
    }

    /// As many whole characters from the start as fit.
    static func prefix(of text: String, bytes: Int) -> Substring {
        var end = text.utf8.index(text.startIndex, offsetBy: min(bytes, text.utf8.count))
        while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return text[..<end]
    }
}
