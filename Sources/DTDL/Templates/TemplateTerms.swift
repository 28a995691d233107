/// DTDL terms as templates really write them: short, or absolute as IoT Central exports some (`dtmi:dtdl:property:schema;2`).
enum TemplateTerms {
    /// The short form of a property name, a type or a schema name; the text itself when it is not an absolute DTDL name.
    static func short(_ text: String) -> Substring {
        let bytes = text.utf8
        guard bytes.starts(with: "dtmi:".utf8) else { return legacy(text) }
        for prefix in ["dtmi:dtdl:", "dtmi:standard:", "dtmi:iotcentral:"] where bytes.starts(with: prefix.utf8) {
            let end = bytes.lastIndex(of: UInt8(ascii: ";")) ?? bytes.endIndex
            let path = text[..<end]
            guard let colon = path.utf8.lastIndex(of: UInt8(ascii: ":")) else { return path }
            return path[path.utf8.index(after: colon)...]
        }
        return text[...]
    }

    /// `SemanticType/Temperature` and `Units/Temperature/celsius`, as templates before DTDL v2 have them.
    private static func legacy(_ text: String) -> Substring {
        guard text.utf8.starts(with: "SemanticType/".utf8) || text.utf8.starts(with: "Units/".utf8),
            let slash = text.utf8.lastIndex(of: UInt8(ascii: "/"))
        else { return text[...] }
        return text[text.utf8.index(after: slash)...]
    }
}
