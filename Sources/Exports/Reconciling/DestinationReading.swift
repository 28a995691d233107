package import Diagnostics

/// What a destination has: a Kafka topic, or a capture of it.
package protocol DestinationReading: ~Copyable {
    /// About how many messages there are to be read, for planning memory.
    mutating func estimate() throws(ExportJobError) -> Int64

    /// Hands out every message, each time it is called: a destination that is larger than memory is read more than once. What was added since ``estimate()``
    /// is not handed out, where the destination can tell.
    mutating func read(_ body: (borrowing RecordView) -> Void) throws(ExportJobError)
}
