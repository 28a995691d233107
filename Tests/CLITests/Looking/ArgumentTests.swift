import Diagnostics
import Testing

@testable import hindcast

/// Times and spans as commands take them.
struct ArgumentTests {
    @Test(
        arguments: [
            ("90s", 90_000_000), ("15m", 900_000_000), ("2h", 7_200_000_000), ("1d12h", 129_600_000_000), ("500ms", 500_000), ("0s", 0),
            ("2w", 1_209_600_000_000), ("1h30m", 5_400_000_000),
        ] as [(String, Int64)]) func `a span is numbers with units`(text: String, microseconds: Int64)
    {
        #expect(TimeSpan(argument: text)?.microseconds == microseconds)
    }

    @Test(arguments: ["", "5", "m", "5 m", "-5m", "5M", "1.5h", "5m3", "36501d", "99999999999999999999s", "9223372036854775807w", "٣h", "5y"])
    func `everything else is no span`(text: String) { #expect(TimeSpan(argument: text) == nil) }

    @Test(
        arguments: [(0, "0s"), (999_999, "0s"), (61_000_000, "1m 1s"), (3_600_000_000, "1h"), (90_061_000_000, "1d 1h"), (3_605_000_000, "1h")]
            as [(Int64, String)])
    func `a span is told by its greatest units`(microseconds: Int64, text: String) { #expect(TimeSpan(microseconds: microseconds).text == text) }

    @Test func `a time is an instant with an offset, or how long ago`() {
        let now = Timestamp(microseconds: 1_780_315_200_000_000)
        #expect(TimePoint(argument: "2026-06-01T10:00:00+02:00")?.instant(now: now).rfc3339 == "2026-06-01T08:00:00Z")
        for text in ["2h", "-2h"] { #expect(TimePoint(argument: text)?.instant(now: now).microseconds == now.microseconds - 7_200_000_000) }
        for text in ["", "-", "yesterday", "2026-06-01", "2026-06-01T10:00:00", "--2h", "1780315200"] { #expect(TimePoint(argument: text) == nil) }
    }
}
