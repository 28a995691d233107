/// A word on a connection that carries a number. Within one source the number says which is the last, whatever the clocks say; at one number the later
/// time, then the greater offset.
package struct NumberedConnection: Equatable, Sendable {
    /// What was said.
    package let value: DeviceDelta.Connection
    /// The hub's number.
    package let sequence: HubSequence
    /// The event time of the event that said it.
    package let time: Timestamp
    /// Its offset.
    package let offset: Int64

    /// Takes a word, its number and its place.
    package init(value: DeviceDelta.Connection, sequence: HubSequence, time: Timestamp, offset: Int64) {
        self.value = value
        self.sequence = sequence
        self.time = time
        self.offset = offset
    }

    /// Keeps the later of the two.
    package static func merge(_ kept: inout NumberedConnection?, _ new: NumberedConnection) {
        if let old = kept, (old.sequence, old.time, old.offset) >= (new.sequence, new.time, new.offset) { return }
        kept = new
    }
}
