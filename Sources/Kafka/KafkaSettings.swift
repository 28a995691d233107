/// How to reach a Kafka cluster: the brokers to ask first, and any of librdkafka's properties by its own name.
///
/// Properties are handed to librdkafka as they are and win over every default of this module, so whatever a cluster needs (TLS, SASL, rack, quotas) can be said
/// without this program knowing of it. A property that librdkafka does not know, or a value it does not take, is refused when the client is made.
package struct KafkaSettings: Hashable, Sendable {
    /// `host:port` of one broker or several, comma-separated.
    package var bootstrapServers: String
    /// librdkafka's properties, for example `security.protocol` or `sasl.password`.
    package var properties: [String: String]

    package init(bootstrapServers: String, properties: [String: String] = [:]) {
        self.bootstrapServers = bootstrapServers
        self.properties = properties
    }

    /// Whether a property's value must not be shown.
    ///
    /// Told by the name, so that a secret of a newer librdkafka is masked too: passwords, secrets, private keys in PEM form, OAuth settings, and user info in URLs.
    package static func isSecret(_ property: String) -> Bool {
        let name = property.lowercased()
        if ["sasl.jaas.config", "ssl.key.pem", "ssl_key", "ssl.certificate.pem"].contains(name) { return true }
        if name.hasPrefix("sasl.oauthbearer.") { return name != "sasl.oauthbearer.method" }
        return ["password", "secret", "token", "credential"].contains { name.containsText($0) }
    }
}

extension KafkaSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// All settings on one line, in the order of their names, secrets as `***`.
    package var description: String {
        let shown = properties.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.isSecret($0.key) ? "***" : $0.value)" }
        return (["bootstrap.servers=\(bootstrapServers)"] + shown).joined(separator: " ")
    }

    /// The same as `description`: a debugger's or a test's dump shows no secret either.
    package var debugDescription: String { description }

    /// Hides the stored values from `dump` and from string interpolation of what holds these settings.
    package var customMirror: Mirror { Mirror(self, children: ["settings": description]) }
}

extension String {
    /// Whether `text` occurs; the standard library has this only in Foundation.
    func containsText(_ text: String) -> Bool {
        let bytes = Array(utf8)
        let wanted = Array(text.utf8)
        guard wanted.count <= bytes.count else { return false }
        return (0...(bytes.count - wanted.count)).contains { bytes[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }
}
