/// Traffic of one device in one UTC hour: the change to a row of `device_hour`.
package struct TrafficDelta: Equatable, Sendable {
    /// Events of every kind.
    package var messages: Int64 = 0
    /// Telemetry events.
    package var telemetry: Int64 = 0
    /// The sum of the payloads' lengths of events of every kind.
    package var bytes: Int64 = 0
    /// Telemetry events that an export of telemetry without a filter sends: JSON, and not what a backfill sent again.
    package var exportable: Int64 = 0
    /// The sum of their payloads' lengths.
    package var exportableBytes: Int64 = 0
    /// Events that repeat one shortly before.
    package var repeated: Int64 = 0
    /// Times that the device was said to connect, repetitions left out.
    package var connects: Int64 = 0
    /// Times that the device was said to disconnect, repetitions left out.
    package var disconnects: Int64 = 0
    /// Events whose device time is at most a day before their event time: a clock that is further off says nothing about the way.
    package var delayed: Int64 = 0
    /// Of those, the sum of event time less device time, in microseconds.
    package var delaySum: Int64 = 0
    /// Of those, the greatest; 0 where there are none.
    package var delayMax: Int64 = 0

    /// Nothing seen.
    package init() {}

    /// Takes one event in.
    mutating func add(_ event: borrowing DecodedEvent, size: Int, isExportable: Bool, isRepeated: Bool) {
        messages += 1
        telemetry += event.kind == .telemetry ? 1 : 0
        bytes += Int64(size)
        if isExportable, event.kind == .telemetry {
            exportable += 1
            exportableBytes += Int64(size)
        }
        repeated += isRepeated ? 1 : 0
        if event.module.isEmpty, !isRepeated {
            connects += event.kind == .connected ? 1 : 0
            disconnects += event.kind == .disconnected ? 1 : 0
        }
        if let delay = event.delay {
            delayed += 1
            delaySum += delay
            delayMax = max(delayMax, delay)
        }
    }

    /// Adds what somebody else saw, as the tables do it.
    package mutating func merge(_ other: TrafficDelta) {
        messages += other.messages
        telemetry += other.telemetry
        bytes += other.bytes
        exportable += other.exportable
        exportableBytes += other.exportableBytes
        repeated += other.repeated
        connects += other.connects
        disconnects += other.disconnects
        delayed += other.delayed
        delaySum += other.delaySum
        delayMax = max(delayMax, other.delayMax)
    }
}

extension DecodedEvent {
    /// From the device's clock to the service's, in microseconds, where that is 0 to a day.
    fileprivate var delay: Int64? {
        guard let deviceTime else { return nil }
        let (delay, overflow) = eventTime.microseconds.subtractingReportingOverflow(deviceTime.microseconds)
        return !overflow && (0...Timestamp.microsecondsPerDay).contains(delay) ? delay : nil
    }
}
