package import Diagnostics

/// One message that is sent again.
package struct BackfillMessage: Sendable {
    /// The same whenever the event is sent for the route.
    package let id: String
    /// Where the event stands in its source.
    package let offset: Int64
    /// The event's time.
    package let time: Timestamp
    /// The device's id.
    package let device: String
    /// Where its bytes lie among those of the chunk.
    package let bytes: Range<Int>
}

/// Messages that are delivered and counted together.
package struct BackfillChunk: Sendable {
    /// The partition of the source that the events come from.
    package let partition: Int32
    /// The source.
    package let source: Int32
    /// The offsets that are done with when it is delivered.
    package internal(set) var offsets: Range<Int64>
    /// The messages, in the order of offsets.
    package internal(set) var messages: [BackfillMessage] = []
    /// Their bytes.
    package internal(set) var content: [UInt8] = []
    /// How many events of the log they are of: some make two.
    package internal(set) var events = 0
    /// How many of each gap's events they are, for gaps that an operator did not name.
    package internal(set) var gaps: [String: Int64] = [:]

    init(source: Int32, partition: Int32, offsets: Range<Int64>) {
        self.source = source
        self.partition = partition
        self.offsets = offsets
    }
}

/// Takes chunks to where they are to go.
package protocol BackfillDelivery: ~Copyable {
    /// How many messages a chunk should have at most.
    var chunkLimit: Int { get }

    /// Delivers every message of a chunk, or throws: then the whole chunk is sent again, under the same ids.
    ///
    /// - Parameter isGoingOn: asked now and then; false ends a long delivery early, with ``ExportJobError/Code/interrupted``.
    mutating func deliver(_ chunk: borrowing BackfillChunk, isGoingOn: () -> Bool) throws(ExportJobError)
}
