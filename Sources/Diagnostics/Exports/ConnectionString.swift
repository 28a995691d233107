/// Azure's connection strings: `Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…;EntityPath=…`.
enum ConnectionString {
    /// One part. A part without `=` has an empty name.
    struct Part {
        var name: String
        var value: String
    }

    /// The parts in order. A value may have `=` in it, as base64 does.
    static func parts(of text: String) -> [Part] {
        text.split(separator: ";").map { part in
            guard let equals = part.firstIndex(of: "=") else { return Part(name: "", value: String(part)) }
            return Part(name: trimmed(part[..<equals]), value: String(part[part.index(after: equals)...]))
        }
    }

    /// What may be kept of a connection string: names, not keys. Everything else is masked, known or not.
    static func masked(_ text: String) -> String {
        parts(of: text).map { part in
            if part.name.isEmpty { return ExportMask.mark }
            let isPlain = plainNames.contains(SecretName.normalized(part.name))
            return "\(part.name)=\(isPlain ? SecretText.maskedName(part.value) : ExportMask.mark)"
        }.joined(separator: ";")
    }

    private static let plainNames: Set<String> = [
        "endpoint", "hostname", "sharedaccesskeyname", "entitypath", "defaultendpointsprotocol", "accountname", "endpointsuffix", "blobendpoint",
        "queueendpoint", "tableendpoint", "fileendpoint", "datasource", "initialcatalog", "transporttype", "deviceid",
    ]

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
