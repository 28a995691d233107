package import JSON

/// Takes the secrets out of an export's or a destination's JSON, so that what is stored of it can be shown to anybody.
///
/// What is kept inside `authorization` is a list of names and addresses; everything else there is masked, known or not. Outside of it a member is masked
/// whose name announces a secret, and texts lose what is secret in connection strings, URLs, headers, and what looks like a key. The id, the filter and
/// the ids of destinations stay as they are: they say what the export is.
package enum ExportMask {
    /// What stands for a secret; IoT Central's own API answers with the same.
    package static let mark = "*****"

    /// The tree without secrets. Order and duplicates stay.
    package static func masked(_ tree: JSONTree) -> JSONTree { masked(tree, in: .root) }

    // MARK: -

    /// Where in the object a value stands.
    private enum Place {
        /// The object itself.
        case root
        /// Its list of destinations.
        case targets
        /// Its list of errors.
        case errors
        /// Anywhere without a meaning of its own.
        case plain
        /// In `authorization`.
        case authorization
        /// Where any text may be a secret: under a secret's name, and in what a webhook adds to requests.
        case secret
    }

    private static func masked(_ tree: JSONTree, in place: Place) -> JSONTree {
        switch tree.kind {
        case .object: .object(tree.members.map { JSONTree.Member(key: $0.key, value: masked($0, in: place)) })
        case .array: .array(tree.elements.map { masked($0, in: place == .root ? .plain : place) })
        case .string: scalar(tree, tree.stringValue ?? "", in: place)
        case .number: place == .secret || place == .authorization ? .string(mark) : tree
        case .null, .trueValue, .falseValue: tree
        }
    }

    private static func masked(_ member: JSONTree.Member, in place: Place) -> JSONTree {
        let (name, text) = (member.key, member.value.stringValue)
        switch place {
        case .secret: return masked(member.value, in: .secret)
        case .authorization:
            guard let text else { return masked(member.value, in: SecretName.isSecret(name) ? .secret : .authorization) }
            let normalized = SecretName.normalized(name)
            if normalized == "connectionstring" { return .string(ConnectionString.masked(text)) }
            return .string(kept.contains(normalized) ? SecretText.maskedName(text) : mark)
        case .root:
            if text != nil, name == "id" || name == "filter" { return member.value }
            if name == "destinations" { return masked(member.value, in: .targets) }
            if name == "errors" { return masked(member.value, in: .errors) }
        case .targets: if text != nil, name == "id" { return member.value }
        case .errors: if let text, name == "code" { return .string(SecretText.maskedName(text)) }
        case .plain: break
        }
        switch SecretName.normalized(name) {
        case "authorization", "auth": return masked(member.value, in: text == nil ? .authorization : .secret)
        case "connectionstring": if let text { return .string(ConnectionString.masked(text)) }
        case "querycustomizations", "headercustomizations", "headers", "query": return masked(member.value, in: .secret)
        case let normalized where kept.contains(normalized): if let text { return .string(SecretText.maskedName(text)) }
        default: break
        }
        if SecretName.isSecret(name) { return masked(member.value, in: .secret) }
        return masked(member.value, in: place == .root ? .plain : place)
    }

    private static func scalar(_ tree: JSONTree, _ text: String, in place: Place) -> JSONTree {
        switch place {
        case .secret, .authorization: .string(mark)
        case .root, .targets, .errors, .plain: .string(SecretText.masked(text))
        }
    }

    /// Members that name things and places.
    private static let kept: Set<String> = [
        "type", "endpointuri", "endpoint", "containername", "hostname", "eventhubname", "queuename", "topicname", "topic", "clusterurl",
        "databasename", "database", "tablename", "table", "tenantid", "clientid", "tokenurl", "scope", "audience", "requesttype",
    ]
}
