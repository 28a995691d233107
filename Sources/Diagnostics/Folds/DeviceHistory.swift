/// Folds the events of one device, from all of its sources, into what was known of it at a point of the log: the state as of a time is the state after
/// the events up to then.
///
/// Events of one source come in the order of their offsets; how the sources are interleaved makes no difference. The folds are those that fill
/// `device_state` and `device_life`, so the two agree wherever the projections stand at the same place.
package struct DeviceHistory: Sendable {
    private var sources: [Int32: DeviceDelta] = [:]

    /// Starts with no events.
    package init() {}

    /// Takes one event of the device in.
    ///
    /// - Parameters:
    ///   - event: the event, as the decoder left it.
    ///   - source: the source that it stands in.
    ///   - offset: its offset there.
    ///   - size: the payload's length in bytes.
    ///   - isRepeated: whether it repeats one shortly before. What stands between a device's own events decides that too (see `RepeatWindow`); who reads
    ///     only those cannot say, and leaves the count of repetitions at 0. No label depends on it.
    package mutating func apply(_ event: borrowing DecodedEvent, source: Int32, offset: Int64, size: Int, isRepeated: Bool = false) {
        let time = event.eventTime
        sources[source, default: DeviceDelta(at: time)].apply(event, offset: offset, size: size, isRepeated: isRepeated)
    }

    /// What is known after the events so far; nil before the first.
    package var state: DeviceState? { DeviceState(sources) }
}
