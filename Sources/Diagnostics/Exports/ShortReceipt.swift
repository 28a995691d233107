/// A receipt that counts fewer events than the log has, at its offsets, that the export should have sent. It does not say which of them are missing.
package struct ShortReceipt: Hashable, Sendable {
    /// What the receipt covers.
    package var range: ReceiptRange
    /// How many events it counts.
    package var events: Int64
    /// How many the export should have sent; more than `events`.
    package var expected: Int64
    /// The event time of the earliest of those.
    package var start: Timestamp
    /// The event time of the latest, included.
    package var end: Timestamp

    /// Takes all of it.
    package init(range: ReceiptRange, events: Int64, expected: Int64, start: Timestamp, end: Timestamp) {
        self.range = range
        self.events = events
        self.expected = expected
        self.start = start
        self.end = end
    }
}
