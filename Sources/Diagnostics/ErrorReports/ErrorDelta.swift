/// What a run of events adds to one row of `device_error`. The first and the last are by (time, offset).
package struct ErrorDelta: Equatable, Sendable {
    /// How often it was reported.
    package private(set) var count: Int64 = 1
    /// The event time of the first report.
    package private(set) var firstTime: Timestamp
    /// The offset of the first report.
    package private(set) var firstOffset: Int64
    /// The event time of the last report.
    package private(set) var lastTime: Timestamp
    /// The offset of the last report.
    package private(set) var lastOffset: Int64
    /// What the last report said.
    package private(set) var message: String
    /// Orders codes that the catalogue does not know; see `ErrorFold.unknownPerDevice`. 0 for those that it knows.
    package let nameHash: Int64

    init(_ message: String, time: Timestamp, offset: Int64, nameHash: Int64) {
        (firstTime, firstOffset, lastTime, lastOffset) = (time, offset, time, offset)
        self.message = message
        self.nameHash = nameHash
    }

    /// Takes another run in. The name stays.
    mutating func add(_ other: ErrorDelta) {
        count += other.count
        if (other.firstTime, other.firstOffset) < (firstTime, firstOffset) { (firstTime, firstOffset) = (other.firstTime, other.firstOffset) }
        if (other.lastTime, other.lastOffset) > (lastTime, lastOffset) {
            (lastTime, lastOffset, message) = (other.lastTime, other.lastOffset, other.message)
        }
    }

    /// The same under another name.
    func moved(nameHash: Int64) -> ErrorDelta {
        var copy = ErrorDelta(message, time: lastTime, offset: lastOffset, nameHash: nameHash)
        copy.count = count
        (copy.firstTime, copy.firstOffset) = (firstTime, firstOffset)
        return copy
    }
}
