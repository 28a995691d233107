import Hashing
import JSON

/// Turns bytes that a device may choose into text that may be indexed: valid UTF-8, no NUL, bounded in length.
///
/// Text within the limit and free of NUL stays as it is. A NUL becomes the six characters `\u0000`, which Postgres's `text` can hold. Text that is too long,
/// or that is not UTF-8, is cut (or mended) and marked with `#` and the first 16 hexadecimal digits of the SHA-256 of the original bytes, so that
/// two different originals stay different. The bytes in the log stay whole.
package enum BoundedText {
    /// Longest device, module, component and template id in bytes; limits have to leave room for a mark, 17 bytes.
    package static let identifierLimit = 128
    /// Longest path in bytes.
    package static let pathLimit = 512

    /// Appends the bounded form of `bytes` to `text` and says how many bytes that were.
    @discardableResult
    package static func append(_ bytes: RawSpan, limit: Int, to text: inout [UInt8]) -> Int {
        let start = text.count
        let isPlain = bytes.byteCount <= limit && isPlainASCII(bytes)
        if isPlain {
            bytes.append(to: &text)
        } else {
            text.append(contentsOf: bounded(bytes, limit: limit).utf8)
        }
        return text.count - start
    }

    /// The bounded form of text.
    package static func bound(_ text: String, limit: Int) -> String {
        bounded(text.rawBytes, limit: limit)
    }

    private static func isPlainASCII(_ bytes: RawSpan) -> Bool {
        for offset in 0..<bytes.byteCount {
            let byte = bytes[byte: offset]
            if byte == 0 || byte >= 0x80 { return false }
        }
        return true
    }

    private static func bounded(_ bytes: RawSpan, limit: Int) -> String {
        var copy: [UInt8] = []
        bytes.append(to: &copy)
        let mended = String(decoding: copy, as: UTF8.self)
        let isIntact = mended.utf8.elementsEqual(copy)
        var escaped = mended
        if copy.contains(0) {
            escaped = ""
            for scalar in mended.unicodeScalars {
                if scalar == "\0" { escaped += "\\u0000" } else { escaped.unicodeScalars.append(scalar) }
            }
        }
        if isIntact && escaped.utf8.count <= limit { return escaped }
        let mark = "#" + SHA256.hash(copy).description.prefix(16)
        var kept = 0
        var text = String.UnicodeScalarView()
        for scalar in escaped.unicodeScalars {
            let width = UTF8.width(scalar)
            if kept + width > limit - mark.utf8.count { break }
            text.append(scalar)
            kept += width
        }
        return String(text) + mark
    }
}
