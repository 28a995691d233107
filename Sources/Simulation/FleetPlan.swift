package import Diagnostics

/// Which device of a simulated fleet has which trouble and what each sends: a pure function of the seed, the size and the time.
package struct FleetPlan: Hashable, Sendable {
    /// How many telemetry messages a device's history has.
    package static let telemetryRounds = 40
    /// Microseconds between two of them: together they span the 20 minutes before the plan's time.
    static let interval: Int64 = 30_000_000
    /// Microseconds between a telemetry message and what comes beside it.
    static let beside: Int64 = 5_000_000

    /// Microseconds between the plan's time and the last telemetry of devices that have ended theirs. An export that was switched off explains all silence
    /// that began before, so it comes first.
    static func quiet(_ trouble: Trouble) -> Int64 { trouble.profile.goesOn ? 0 : trouble == .exportOff ? 14_400_000_000 : 7_200_000_000 }

    /// Since when the fleet's exports are what they are: before the first message of the history.
    package var exportsSince: Timestamp { Timestamp(microseconds: startedAt.microseconds - 43_200_000_000) }

    /// What decides every choice.
    package let seed: UInt64
    /// The tenant that the devices belong to.
    package let tenant: String
    /// The time that the history ends at.
    package let startedAt: Timestamp
    /// The devices in order.
    package let devices: [PlannedDevice]
    /// The exports of the service that the devices belong to, each with its outage.
    package let exports: [PlannedExport]
    /// The id of the application that all messages name, made from the seed.
    let applicationID: String

    /// Plans a fleet.
    ///
    /// - Parameter count: how many devices; every trouble is there from `Trouble.allCases.count` on.
    package init(devices count: Int, seed: UInt64, tenant: String, startedAt: Timestamp) {
        self.seed = seed
        self.tenant = tenant
        // Whole milliseconds, what the service writes.
        self.startedAt = Timestamp(microseconds: startedAt.microseconds / 1000 * 1000)
        exports = PlannedExport.all(endingAt: self.startedAt)
        var numbers = SeededNumbers(seed: seed)
        applicationID = Self.guid(&numbers)
        var troubles = Trouble.allCases.prefix(count).map { $0 }
        let shares = Trouble.allCases.map { ($0, $0.profile.share) }
        while troubles.count < count { troubles.append(Self.draw(shares, &numbers)) }
        troubles.shuffle(using: &numbers)
        let width = max(4, String(count).utf8.count)
        devices = troubles.enumerated().map { [startedAt = self.startedAt] index, trouble in
            let number = String(index + 1)
            let phase = Int64.random(in: (2 * Self.beside / 1000)..<(Self.interval / 1000), using: &numbers) * 1000
            let profile = trouble.profile
            return PlannedDevice(
                index: index, id: "unit-" + String(repeating: "0", count: width - number.utf8.count) + number, trouble: trouble,
                format: profile.formats.randomElement(using: &numbers) ?? .central,
                faultyEvery: trouble == .unmodeled ? 2 : Bool.random(using: &numbers) ? 1 : 8,
                end: Timestamp(microseconds: startedAt.microseconds - phase - Self.quiet(trouble)))
        }
    }

    private static func draw(_ shares: [(trouble: Trouble, share: Int)], _ numbers: inout SeededNumbers) -> Trouble {
        var ticket = Int.random(in: 0..<shares.reduce(0) { $0 + $1.share }, using: &numbers)
        for (trouble, share) in shares {
            ticket -= share
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
