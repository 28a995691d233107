/// A pattern of device ids as SQL's LIKE takes it: `*` for any run of characters, `?` for one.
enum DeviceGlob {
    /// Whether it is one id, and no pattern.
    static func isExact(_ glob: String) -> Bool { !glob.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") } }

    static func like(_ glob: String?) -> String {
        guard let glob else { return "%" }
        return glob.unicodeScalars.map { scalar in
            switch scalar {
            case "*": "%"
            case "?": "_"
            case "%", "_", "\\": "\\\(scalar)"
            default: String(scalar)
            }
        }.joined()
    }
}
