/// A file that holds the value of header `Authorization` on its only line: a command line can be read by every user of the machine.
enum AuthorizationFile {
    /// More than servers take.
    private static let limit = 16 << 10

    /// The value.
    ///
    /// - Throws: without any of the content.
    static func read(_ path: String) throws(OperatorError) -> String {
        let bytes: [UInt8]
        switch FileBytes.read(path, limit: limit + 2) {
        case .failure(let failure): throw OperatorError(.usage, "Cannot read the authorization file \(path): \(failure.reason).")
        case .success(let read): bytes = read
        }
        var value = bytes[...]
        if value.last == 0x0A { value.removeLast() }
        func refusal(_ what: String, _ advice: String) -> OperatorError {
            OperatorError(.usage, "The authorization file \(path) \(what); expected one line, such as \"Bearer …\". \(advice)")
        }
        if value.count > limit { throw refusal("is longer than \(limit) bytes", "Name the file that holds the header's value.") }
        if value.isEmpty { throw refusal("is empty", "Write the header's value into it.") }
        if value.contains(0x0D) { throw refusal("holds a carriage return", "Write it with line feeds alone: tr -d '\\r' takes the others out.") }
        if value.contains(0x0A) { throw refusal("holds more than one line", "Leave the header's value alone in it, without blank lines.") }
        guard value.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
            throw refusal("holds a control character or one outside ASCII", "Save it as plain text without a byte order mark.")
        }
        if value.first == 0x20 || value.last == 0x20 { throw refusal("begins or ends with a blank", "Take it out.") }
        let text = String(decoding: value, as: UTF8.self)
        if text.lowercased().hasPrefix("authorization:") {
            throw refusal("holds the header's name too", "Leave its value alone in it: what stands behind the colon.")
        }
        return text
    }
}
