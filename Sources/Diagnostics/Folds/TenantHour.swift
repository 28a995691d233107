import JSON

/// A tenant in an hour: what fleet sums are kept by.
package struct TenantHour: Hashable, Sendable {
    /// The namespace of the devices' ids.
    package let tenant: String
    /// The start of the UTC hour.
    package let hour: Timestamp

    /// The place of an event. Most events follow one of the same tenant: a string is made only for a change.
    init(_ event: borrowing DecodedEvent, after last: TenantHour?) {
        hour = event.eventTime.hour
        tenant = if let last, event.bytes(event.tenant).equals(last.tenant) { last.tenant } else { event.string(event.tenant) }
    }
}
