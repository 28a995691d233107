/// What an event says about one property.
package struct PropertyValue: Equatable, Sendable {
    /// The value as canonical JSON, bounded by ``textLimit``; nil where the property was removed.
    package let text: String?
    /// The section's version when the value was set, which is what an acknowledgement names; nil where the format carries none.
    package let version: Int64?
    /// When the value was set by the service's own account, else the event's time.
    package let changedAt: Timestamp
    /// The answer to a desired value that the device reported along with the value.
    package let acknowledgement: PropertyAcknowledgement?

    /// Longest value in bytes; longer ones are cut and marked, see ``BoundedText``.
    package static let textLimit = 4096

    /// A value of its parts.
    package init(text: String?, version: Int64? = nil, changedAt: Timestamp, acknowledgement: PropertyAcknowledgement? = nil) {
        self.text = text
        self.version = version
        self.changedAt = changedAt
        self.acknowledgement = acknowledgement
    }
}
