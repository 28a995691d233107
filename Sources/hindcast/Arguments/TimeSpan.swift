import ArgumentParser

/// A length of time as a command takes it: numbers with the units `ms`, `s`, `m`, `h`, `d` and `w`, such as `90s`, `15m` or `1h30m`.
struct TimeSpan: ExpressibleByArgument, Hashable, Sendable {
    /// The length; never negative, at most a hundred years.
    let microseconds: Int64

    static let expectation = "expected numbers with units ms, s, m, h, d or w, such as 90s, 15m or 1h30m, of at most 36500d"

    private static let units: [String: Int64] = [
        "ms": 1000, "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000, "w": 604_800_000_000,
    ]
    private static let longest: Int64 = 36_500 * 86_400_000_000

    init(microseconds: Int64) { self.microseconds = microseconds }

    init?(argument: String) {
        var rest = argument[...]
        var sum: Int64 = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { ("a"..."z").contains($0) }
            rest = rest.dropFirst(unit.count)
            guard let number = Int64(digits), let factor = Self.units[String(unit)] else { return nil }
            let (part, overflow) = number.multipliedReportingOverflow(by: factor)
            guard !overflow, part <= Self.longest - sum else { return nil }
            sum += part
        }
        microseconds = sum
    }

    var duration: Duration { .microseconds(microseconds) }

    /// The span for people: its two greatest units, such as `3h 12m`; below a second, `0s`.
    var text: String {
        let steps: [(Int64, String)] = [(86_400_000_000, "d"), (3_600_000_000, "h"), (60_000_000, "m"), (1_000_000, "s")]
        var rest = microseconds
        var parts: [String] = []
        for (size, unit) in steps where parts.count < 2 {
            let count = rest / size
            rest -= count * size
            if count > 0 { parts.append("\(count)\(unit)") } else if !parts.isEmpty { break }
        }
        return parts.isEmpty ? "0s" : parts.joined(separator: " ")
    }
}
