import JSON
import Kafka

/// `kafka.*`: the cluster.
struct KafkaArea: Sendable {
    var bootstrapServers: String
    let groupID: String
    var properties: [String: String]
    private let eventHubs: String?

    init(_ reader: SettingsReader) throws(OperatorError) {
        bootstrapServers = reader.value(.kafkaBootstrapServers)?.text ?? ""
        groupID = reader.value(.kafkaGroupID)?.text ?? "hindcast"
        properties = if let value = reader.value(.kafkaProperties) { try Self.map(value) } else { [:] }
        eventHubs = reader.value(.kafkaEventHubs)?.text
    }

    /// How to reach the cluster.
    ///
    /// - Throws: where no setting says which cluster that is.
    func settings() throws(OperatorError) -> KafkaSettings {
        if let eventHubs {
            let host = bootstrapServers.isEmpty ? Self.endpoint(of: eventHubs) : bootstrapServers
            guard let host else {
                throw OperatorError(
                    .usage,
                    "kafka.event-hubs-connection-string has no part \"Endpoint=sb://…\"; copy the whole connection string of a shared access policy.")
            }
            return KafkaSettings.eventHubs(namespace: host, connectionString: eventHubs, properties: properties)
        }
        guard !bootstrapServers.isEmpty else {
            throw OperatorError(
                .usage,
                "kafka.bootstrap-servers is not set, so there is no cluster to read; set it (\(SettingKey.kafkaBootstrapServers.environmentName)=host:9092) or use `hindcast up --embedded DIR`."
            )
        }
        return KafkaSettings(bootstrapServers: bootstrapServers, properties: properties)
    }

    /// The host in `Endpoint=sb://host/;…`.
    private static func endpoint(of connectionString: String) -> String? {
        let prefix = "endpoint=sb://"
        guard let part = connectionString.split(separator: ";").first(where: { $0.lowercased().hasPrefix(prefix) }) else { return nil }
        let host = part.dropFirst(prefix.count).prefix { $0 != "/" }
        return host.isEmpty ? nil : String(host)
    }

    /// A JSON object, or `name=value` separated by commas; a piece without `=` belongs to the value before it, since lists have commas.
    private static func map(_ value: SettingValue) throws(OperatorError) -> [String: String] {
        if value.text.hasPrefix("{") {
            guard let tree = try? JSONTree.parse(Array(value.text.utf8)) else { throw SettingsError.invalid(value, expected: "a JSON object") }
            var map: [String: String] = [:]
            for member in tree.members {
                guard let text = member.value.scalarText else {
                    throw SettingsError.invalid(value, expected: "texts as values; \(member.key) is none")
                }
                map[member.key] = text
            }
            return map
        }
        var pairs: [(name: String, value: String)] = []
        for piece in value.text.split(separator: ",") {
            if let equals = piece.firstIndex(of: "=") {
                pairs.append((piece[..<equals].trimmed, piece[piece.index(after: equals)...].trimmed))
            } else if !pairs.isEmpty {
                pairs[pairs.count - 1].value += ",\(piece.trimmed)"
            } else {
                throw SettingsError.invalid(value, expected: "name=value, separated by commas")
            }
        }
        return Dictionary(pairs.map { ($0.name, $0.value) }) { _, last in last }
    }
}

extension Substring {
    /// Without blanks at both ends.
    var trimmed: String {
        let rest = drop { $0 == " " }
        return String(rest.reversed().drop { $0 == " " }.reversed())
    }
}

extension JSONTree {
    /// A single value as text.
    var scalarText: String? {
        switch kind {
        case .string: stringValue
        case .number: numberText
        case .trueValue: "true"
        case .falseValue: "false"
        case .null, .object, .array: nil
        }
    }
}
