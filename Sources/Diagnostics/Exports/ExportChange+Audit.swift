import JSON

extension ExportChange {
    /// Reads an audit message of IoT Central whose resource is an export or a destination; nil for any other, and for one that says nothing about it.
    ///
    /// The types of resources are documented nowhere, nor is what `updated` has in it, so this goes by the words: a type that has `export` in it, a destination
    /// where `destination` is in it as well; and of an update only `enabled` counts.
    init?(audit document: JSONDocument, time: Timestamp) {
        let root = document.root
        guard document.kind(root) == .object, let resource = document.member("resource", of: root), document.kind(resource) == .object else {
            return nil
        }
        let type = document.boundedText("type", of: resource, limit: BoundedText.identifierLimit).lowercased()
        let id = document.boundedText("id", of: resource, limit: BoundedText.identifierLimit)
        guard type.contains("export"), !id.isEmpty else { return nil }
        let isDestination = type.contains("destination")
        let export = isDestination ? "" : id
        let destination = isDestination ? id : ""
        switch document.boundedText("messageType", of: root, limit: BoundedText.identifierLimit) {
        case "created":
            self.init(isDestination ? .destinationDefined : .defined, time: time, exportID: export, destinationID: destination, since: time)
        case "deleted": self.init(isDestination ? .destinationRemoved : .removed, time: time, exportID: export, destinationID: destination)
        case "updated":
            guard !isDestination, let updated = document.member("updated", of: root), document.kind(updated) == .object,
                let enabled = document.member("enabled", of: updated).flatMap({ document.flag($0) })
            else { return nil }
            self.init(enabled ? .enabled : .disabled, time: time, exportID: id)
        default: return nil
        }
    }
}

extension JSONDocument {
    /// The value of true or false; nil for anything else.
    func flag(_ node: JSONNode) -> Bool? {
        switch kind(node) {
        case .trueValue: true
        case .falseValue: false
        default: nil
        }
    }
}
