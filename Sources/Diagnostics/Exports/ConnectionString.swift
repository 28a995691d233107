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
            if plainNames.contains(SecretName.normalized(part.name)) { return "\(part.name)=\(SecretText.maskedName(part.value))" }
            // What stands before the sign may be a key itself: base64 ends in one. So only a name that is known to announce a secret is kept.
            return isName(part.name) && SecretName.isSecret(part.name) ? "\(part.name)=\(ExportMask.mark)" : ExportMask.mark
        }.joined(separator: ";")
    }

    private static func isName(_ text: String) -> Bool {
        text.utf8.count <= 40 && text.utf8.allSatisfy { (0x41...0x5A).contains($0 & 0xDF) || [0x20, 0x2D, 0x5F].contains($0) }
    }

    private static let plainNames: Set<String> = [
        "endpoint", "hostname", "sharedaccesskeyname", "entitypath", "defaultendpointsprotocol", "accountname", "endpointsuffix", "blobendpoint",
        "queueendpoint", "tableendpoint", "fileendpoint", "datasource", "initialcatalog", "transporttype", "deviceid",
    ]

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
