import JSON

/// A device's answer to a desired value (IoT Plug and Play conventions, "Acknowledgment responses").
package struct PropertyAcknowledgement: Equatable, Sendable {
    /// `ac`: like a status of HTTP; 200 to 299 accept.
    package let code: Int32
    /// `av`: the version of the desired section that is answered; 0 for a value that the device set by itself.
    package let version: Int64
    /// `ad`: what the device says about it, bounded; empty where it says nothing.
    package let description: String

    /// Longest description in bytes.
    package static let descriptionLimit = 512

    /// Takes the three parts.
    package init(code: Int32, version: Int64, description: String = "") {
        self.code = code
        self.version = version
        self.description = description
    }

    /// Reads a reported value that is an acknowledgement: an object of `value`, `ac` and `av` with an optional `ad` and nothing else but the two members
    /// that older services added. No template is at hand here, so an object property whose own fields have exactly these names reads as one.
    ///
    /// - Returns: nil for any other value.
    static func read(_ node: JSONNode, in document: borrowing JSONDocument) -> (answer: PropertyAcknowledgement, value: JSONNode)? {
        guard document.kind(node) == .object, (3...6).contains(document.count(node)) else { return nil }
        var parts: (value: JSONNode?, code: JSONNode?, version: JSONNode?, description: JSONNode?)
        var member = document.firstMember(of: node)
        while let found = member {
            member = document.nextMember(after: found, in: node)
            if document.equals(found.key, "value") {
                parts.value = found.value
            } else if document.equals(found.key, "ac") {
                parts.code = found.value
            } else if document.equals(found.key, "av") {
                parts.version = found.value
            } else if document.equals(found.key, "ad") {
                parts.description = found.value
            } else if !document.equals(found.key, "status"), !document.equals(found.key, "desiredVersion") {
                return nil
            }
        }
        guard let value = parts.value, let code = parts.code.flatMap({ document.integer($0) }),
            let version = parts.version.flatMap({ document.integer($0) })
        else { return nil }
        let description = document.string(parts.description).map { BoundedText.bound(document.string($0), limit: descriptionLimit) }
        return (PropertyAcknowledgement(code: Int32(clamping: code), version: version, description: description ?? ""), value)
    }
}
