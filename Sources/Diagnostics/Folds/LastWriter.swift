/// A value that the last writer set: later event time wins, then the greater offset. Within one source this order is total, so any chunking agrees.
package struct LastWriter<Value: Sendable & Equatable>: Equatable, Sendable {
    /// The value.
    package let value: Value
    /// The event time of the event that set it.
    package let time: Timestamp
    /// The offset of the event that set it.
    package let offset: Int64

    /// Takes a value and the place of the event that set it.
    package init(value: Value, time: Timestamp, offset: Int64) {
        self.value = value
        self.time = time
        self.offset = offset
    }

    /// Keeps the later of the two.
    package static func merge(_ kept: inout LastWriter?, _ new: LastWriter) {
        if let old = kept, (old.time, old.offset) >= (new.time, new.offset) { return }
        kept = new
    }
}
