extension SourceText {
    /// The lines of the file with every comment blanked and every string kept: SQL is in strings, and prose about a table is no use of it.
    var linesWithoutComments: [Substring] {
        var scanner = CommentScanner(bytes: Array(text.utf8))
        return String(decoding: scanner.scan(), as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    }
}

/// Copies Swift source, with comments replaced by spaces. Strings are followed so that `"//"` in one starts no comment.
private struct CommentScanner {
    let bytes: [UInt8]
    var position = 0
    var output: [UInt8] = []

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func scan() -> [UInt8] {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "/") where starts(with: "//"):
                while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { blank() }
            case UInt8(ascii: "/") where starts(with: "/*"):
                skipBlockComment()
            case UInt8(ascii: "#"), UInt8(ascii: "\""):
                copyStringOrHashes()
            default:
                copy(1)
            }
        }
        return output
    }

    private func starts(with text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

    private mutating func copy(_ count: Int) {
        output.append(contentsOf: bytes[position..<min(position + count, bytes.count)])
        position = min(position + count, bytes.count)
    }

    private mutating func blank() {
        output.append(bytes[position] == UInt8(ascii: "\n") ? UInt8(ascii: "\n") : UInt8(ascii: " "))
        position += 1
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if starts(with: "/*") { depth += 1 } else if starts(with: "*/") { depth -= 1 } else { blank(); continue }
            blank()
            blank()
        } while depth > 0 && position < bytes.count
    }

    /// A string with its delimiters: `"…"`, `"""…"""`, and either within the same number of `#` on both sides.
    private mutating func copyStringOrHashes() {
        var hashes = 0
        while position < bytes.count, bytes[position] == UInt8(ascii: "#") {
            hashes += 1
            copy(1)
        }
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return }
        let quotes = starts(with: "\"\"\"") ? 3 : 1
        copy(quotes)
        let end = Array(repeating: UInt8(ascii: "\""), count: quotes) + Array(repeating: UInt8(ascii: "#"), count: hashes)
        while position < bytes.count {
            if bytes[position...].starts(with: end) { return copy(end.count) }
            let escapes = hashes == 0 && bytes[position] == UInt8(ascii: "\\")
            copy(escapes ? 2 : 1)
        }
    }
}
