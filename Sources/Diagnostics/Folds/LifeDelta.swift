/// What was seen of one identity of a device: the change to a row of `device_life`.
package struct LifeDelta: Equatable, Sendable {
    /// The mark that separates it from other identities under the same id.
    package let generation: String
    /// The earliest event time.
    package var firstTime: Timestamp
    /// The latest event time, and at that time the greatest offset.
    package var lastTime: Timestamp
    /// The offset of the latest event.
    package var lastOffset: Int64
    /// Events that carry the mark.
    package var events: Int64

    /// Adds what somebody else saw of it.
    package mutating func add(_ other: LifeDelta) {
        firstTime = min(firstTime, other.firstTime)
        if (other.lastTime, other.lastOffset) > (lastTime, lastOffset) { (lastTime, lastOffset) = (other.lastTime, other.lastOffset) }
        events += other.events
    }
}
