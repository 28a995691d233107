/// What a topic's settings say about its records. Part of what the bytes mean, so it is stored with the source and never changes in one life of it.
package struct SourceSettings: Hashable, Sendable {
    /// The tenant of every device; empty means what the message says.
    package var tenant: String
    /// Which formats the records are offered to.
    package var envelope: EnvelopeChoice

    /// Takes both; the defaults are those of a topic that settings do not name.
    package init(tenant: String = "", envelope: EnvelopeChoice = .auto) {
        self.tenant = tenant
        self.envelope = envelope
    }
}
