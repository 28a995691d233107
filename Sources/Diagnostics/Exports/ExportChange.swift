/// Something that happened to an export or one of its destinations, from a native event, an audit event or an import.
package struct ExportChange: Equatable, Sendable {
    /// What happened. The raw values are in the table `export_event`.
    package enum Act: String, CaseIterable, Sendable {
        /// The export was made, or its definition changed: `body` has the definition.
        case defined
        /// A destination was made, or its definition changed: `body` has it.
        case destinationDefined = "destination-defined"
        /// The export was removed.
        case removed
        /// The destination was removed.
        case destinationRemoved = "destination-removed"
        /// The export was switched on.
        case enabled
        /// The export was switched off.
        case disabled
        /// The destination refuses, and the service tries again for up to 15 minutes.
        case failing
        /// The service gave up on the destination. `since` is the first message that was not delivered.
        case failed
        /// The service tried the failed destination again, in vain.
        case probed
        /// The destination takes messages again.
        case recovered
        /// The destination has a range of a source's events: a receipt.
        case delivered
        /// Events were sent again.
        case backfilled
    }

    /// What happened.
    package var act: Act
    /// When, by the event's time; a definition is in force from then.
    package var time: Timestamp
    /// The export; empty for an act on a destination of whatever export.
    package var exportID: String
    /// The destination; empty for an act on the whole export.
    package var destinationID: String
    /// Since when, where the act says so; of a definition, when its object was made.
    package var since: Timestamp?
    /// The service's code; empty where there is none.
    package var code: String
    /// What the service said in words; empty where it said nothing.
    package var message: String
    /// What a receipt covers: offsets of one partition of one topic, both ends included.
    package var range: ReceiptRange?
    /// How many events a receipt counts, or were sent again; nil where it does not say.
    package var events: Int64?
    /// A definition, masked: canonical JSON in the shape of IoT Central's REST API; empty for other acts.
    package var body: String

    /// Whether an operator's import says so, of which the time only says since when we know: it is no evidence that something was made then, save where
    /// `since` has the time of its making.
    package var isImported: Bool

    /// Takes what there is to say; the rest is empty.
    package init(
        _ act: Act, time: Timestamp, exportID: String, destinationID: String = "", since: Timestamp? = nil, code: String = "",
        message: String = "", range: ReceiptRange? = nil, events: Int64? = nil, body: String = "", isImported: Bool = false
    ) {
        self.act = act
        self.time = time
        self.exportID = exportID
        self.destinationID = destinationID
        self.since = since
        self.code = code
        self.message = message
        self.range = range
        self.events = events
        self.body = body
        self.isImported = isImported
    }
}

/// A stretch of one partition that a receipt is about.
package struct ReceiptRange: Hashable, Sendable {
    /// The topic that the export read: one of the log's.
    package let topic: String
    /// Its partition.
    package let partition: Int32
    /// The first offset.
    package let firstOffset: Int64
    /// The last offset, included.
    package let lastOffset: Int64

    /// Takes all of it.
    package init(topic: String, partition: Int32, firstOffset: Int64, lastOffset: Int64) {
        self.topic = topic
        self.partition = partition
        self.firstOffset = firstOffset
        self.lastOffset = lastOffset
    }

    /// Whether an offset lies in it.
    package func holds(topic: String, partition: Int32, offset: Int64) -> Bool {
        self.partition == partition && (firstOffset...max(firstOffset, lastOffset)).contains(offset) && self.topic == topic
    }
}
