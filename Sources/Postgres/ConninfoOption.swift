import CLibPQ

/// One keyword of a connection string, as libpq understands it.
struct ConninfoOption {
    var keyword: String
    var value: String
    /// Whether the value must not be shown; libpq marks these for display as `*`.
    var isSecret: Bool

    /// The keywords that a connection string sets.
    static func parse(_ conninfo: String) throws(PostgresError) -> [ConninfoOption] {
        var complaint: UnsafeMutablePointer<CChar>?
        guard let options = unsafe PQconninfoParse(conninfo, &complaint) else {
            let reason = unsafe complaint.map { unsafe mask(String(cString: $0)) } ?? "out of memory"
            unsafe PQfreemem(complaint)
            throw PostgresError(
                .invalidSettings, "the connection string is not valid: \(reason)",
                advice: "write it as 'host=… port=… dbname=… user=…' or as 'postgresql://user@host:port/dbname'")
        }
        defer { unsafe PQconninfoFree(options) }
        var parsed: [ConninfoOption] = []
        var next = unsafe options
        while let keyword = unsafe next.pointee.keyword {
            if let value = unsafe next.pointee.val {
                let isSecret = unsafe next.pointee.dispchar.map { unsafe $0.pointee == CChar(UInt8(ascii: "*")) } ?? false
                parsed.append(unsafe ConninfoOption(keyword: String(cString: keyword), value: String(cString: value), isSecret: isSecret))
            }
            unsafe next += 1
        }
        return parsed
    }

    /// libpq quotes the part of the string that it does not understand, and that part may be of a password.
    private static func mask(_ complaint: String) -> String {
        var text = ""
        for (index, part) in complaint.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
            let isQuoted = index % 2 == 1
            text += isQuoted && part != "=" ? "(hidden)" : part
        }
        return String(text.drop { $0.isNewline }.prefix { !$0.isNewline })
    }
}
