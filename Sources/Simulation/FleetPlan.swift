package import Diagnostics

/// Which device of a simulated fleet has which trouble and what each sends: a pure function of the seed, the size and the time.
package struct FleetPlan: Hashable, Sendable {
    /// How many telemetry messages a device's history has.
    package static let telemetryRounds = 40
    /// Microseconds between two of them: together they span the 20 minutes before the plan's time.
    static let interval: Int64 = 30_000_000

    /// What decides every choice.
    package let seed: UInt64
    /// The tenant that the devices belong to.
    package let tenant: String
    /// The time that the history ends at.
    package let startedAt: Timestamp
    /// The devices in order.
    package let devices: [PlannedDevice]
    /// The id of the application that all messages name, made from the seed.
    let applicationID: String

    /// Plans a fleet.
    ///
    /// - Parameter count: how many devices; every trouble is there from 9 on.
    package init(devices count: Int, seed: UInt64, tenant: String, startedAt: Timestamp) {
        self.seed = seed
        self.tenant = tenant
        // Whole milliseconds, what the service writes.
        self.startedAt = Timestamp(microseconds: startedAt.microseconds / 1000 * 1000)
        var numbers = SeededNumbers(seed: seed)
        applicationID = Self.guid(&numbers)
        var troubles = Trouble.allCases.prefix(count).map { $0 }
        while troubles.count < count { troubles.append(Self.draw(&numbers)) }
        troubles.shuffle(using: &numbers)
        let width = max(4, String(count).utf8.count)
        devices = troubles.enumerated().map { [startedAt = self.startedAt] index, trouble in
            let number = String(index + 1)
            let phase = Int64.random(in: 0..<(Self.interval / 1000), using: &numbers) * 1000
            let quiet: Int64 = trouble == .silent ? 7_200_000_000 : 0
            return PlannedDevice(
                index: index, id: "unit-" + String(repeating: "0", count: width - number.utf8.count) + number, trouble: trouble,
                faultyEvery: trouble == .unmodeled ? 2 : Bool.random(using: &numbers) ? 1 : 8,
                end: Timestamp(microseconds: startedAt.microseconds - phase - quiet))
        }
    }

    /// How many rounds the history has; a device sends at most one message in each.
    static var rounds: Int { PlannedDevice.prologue.count + telemetryRounds }

    private static func draw(_ numbers: inout SeededNumbers) -> Trouble {
        var ticket = Int.random(in: 0..<100, using: &numbers)
        for trouble in Trouble.allCases {
            ticket -= trouble.share
            if ticket < 0 { return trouble }
        }
        return .healthy
    }

    /// 32 hexadecimal digits in groups, as application ids look.
    private static func guid(_ numbers: inout SeededNumbers) -> String {
        let digits = [numbers.next(), numbers.next()].map { number in
            let text = String(number, radix: 16)
            return String(repeating: "0", count: 16 - text.utf8.count) + text
        }.joined()
        var rest = digits[...]
        return [8, 4, 4, 4, 12].map { length in
            defer { rest = rest.dropFirst(length) }
            return String(rest.prefix(length))
        }.joined(separator: "-")
    }
}
