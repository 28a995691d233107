/// A pattern of device ids as SQL's LIKE takes it: `*` for any run of characters, `?` for one.
enum DeviceGlob {
    static func like(_ glob: String?) -> String {
        guard let glob else { return "%" }
        return glob.map { character in
            switch character {
            case "*": "%"
            case "?": "_"
            case "%", "_", "\\": "\\\(character)"
            default: String(character)
            }
        }.joined()
    }
}
