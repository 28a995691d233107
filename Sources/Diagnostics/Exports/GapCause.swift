/// Why an export did not deliver a stretch of events. Closed; the raw values are in SQL views and JSON output.
package enum GapCause: String, CaseIterable, Sendable {
    /// The export was not there yet: an export sends only what arrives while it is on.
    case notCreated = "not-created"
    /// The export was switched off.
    case disabled
    /// The export, or its destination, was removed.
    case removed
    /// The destination failed for longer than the service retries, 15 minutes.
    case destinationFailed = "destination-failed"
    /// The destination refused the export's identity, and went on to for longer than the service retries.
    case permissionMissing = "permission-missing"
    /// The service, or its quota, stopped sending.
    case throttled
    /// The message is not JSON, so the service keeps it to itself.
    case malformed
    /// Receipts leave these events out, and nothing says why.
    case notReceipted = "not-receipted"
    /// The destination does not have these events, and nothing says why.
    case notDelivered = "not-delivered"
    /// The log itself is a destination of the export and fell silent; nothing says why.
    case sourceSilent = "source-silent"
}
