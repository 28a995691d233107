/// What a topic's settings say about its records. Part of what the bytes mean, so it is stored with the source and never changes in one life of it.
package struct SourceSettings: Hashable, Sendable {
    /// The tenant of every device; empty means what the message says.
    package var tenant: String
    /// Which formats the records are offered to.
    package var envelope: EnvelopeChoice
    /// The Kafka topic that the records come from, since some formats put a tenant in its name; empty for a capture, and in settings, where topics are
    /// named elsewhere.
    package var topic: String

    /// Takes all three; the defaults are those of a topic that settings do not name.
    package init(tenant: String = "", envelope: EnvelopeChoice = .auto, topic: String = "") {
        self.tenant = tenant
        self.envelope = envelope
        self.topic = topic
    }
}
