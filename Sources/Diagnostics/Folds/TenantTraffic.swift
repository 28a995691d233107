/// Traffic of one tenant in one UTC hour: the change to a row of `source_hour`.
package struct TenantTraffic: Equatable, Sendable {
    /// Events of every kind.
    package var messages: Int64 = 0
    /// Telemetry events.
    package var telemetry: Int64 = 0
    /// The sum of their payloads' lengths.
    package var bytes: Int64 = 0
    /// Events that repeat one shortly before.
    package var repeated: Int64 = 0

    /// Takes one event in.
    mutating func add(size: Int, isTelemetry: Bool, isRepeated: Bool) {
        messages += 1
        telemetry += isTelemetry ? 1 : 0
        bytes += Int64(size)
        repeated += isRepeated ? 1 : 0
    }
}
