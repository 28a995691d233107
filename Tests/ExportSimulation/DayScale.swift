package import Diagnostics
import Glibc

/// How large a simulated day of exports is, and when it begins. The layout of the day is the same at every size.
package struct DayScale: Hashable, Sendable {
    /// How many devices the upstream tenant has.
    package var devices: Int
    /// How long the day is; at least 6, so that each of six slots holds an incident that outlasts the service's 15 minutes.
    package var hours: Int
    /// What decides every choice.
    package var seed: UInt64
    /// The day's first instant, in whole minutes. The clock is simulated: nothing waits.
    package var start: Timestamp

    /// Takes what there is to say.
    package init(devices: Int = 200, hours: Int = 6, seed: UInt64 = 7, start: Timestamp) {
        precondition(hours >= 6 && devices >= 20, "Cannot plan a day of fewer than 6 hours or 20 devices")
        self.devices = devices
        self.hours = hours
        self.seed = seed
        self.start = Timestamp(microseconds: start.microseconds / 60_000_000 * 60_000_000)
    }

    /// The size that the environment asks for: `HINDCAST_EXPORT_DAY=2000x24` for 2,000 devices and 24 hours, `HINDCAST_EXPORT_SEED` for the seed.
    ///
    /// - Parameter end: the day's last instant.
    package static func fromEnvironment(endingAt end: Timestamp) -> DayScale {
        let size = (environment("HINDCAST_EXPORT_DAY") ?? "").split(separator: "x").compactMap { Int($0) }
        let (devices, hours) = size.count == 2 ? (size[0], size[1]) : (200, 6)
        let seed = environment("HINDCAST_EXPORT_SEED").flatMap { UInt64($0) } ?? 7
        return DayScale(
            devices: devices, hours: hours, seed: seed, start: Timestamp(microseconds: end.microseconds - Int64(hours) * 3_600_000_000))
    }

    /// The first instant after the day.
    package var end: Timestamp { start.after(minutes: Int64(hours) * 60) }

    /// The six parts that the day is planned in.
    package static let slots = 6

    /// The length of a slot in minutes.
    package var slotMinutes: Int64 { Int64(hours) * 60 / Int64(Self.slots) }

    private static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name), unsafe value.pointee != 0 else { return nil }
        return unsafe String(cString: value)
    }
}

extension Timestamp {
    /// So many minutes later.
    package func after(minutes: Int64) -> Timestamp { Timestamp(microseconds: microseconds + minutes * 60_000_000) }

    /// So many milliseconds later.
    package func after(milliseconds: Int64) -> Timestamp { Timestamp(microseconds: microseconds + milliseconds * 1000) }
}
