/// A pattern of device ids as SQL's LIKE takes it: `*` for any run of characters, `?` for one.
enum DeviceGlob {
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
