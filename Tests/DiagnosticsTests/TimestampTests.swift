import Diagnostics
import JSON
import Testing

struct TimestampTests {
    private func read(_ text: String) -> Timestamp? { Timestamp(rfc3339: text.rawBytes) }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01T00:00:00.0Z", 0),
            ("1969-12-31T23:59:59.999999Z", -1),
            ("2020-08-05T22:26:55.455Z", 1_596_666_415_455_000),
            ("2021-03-23T19:55:56.078161Z", 1_616_529_356_078_161),
            ("2021-03-23T19:55:56.0781610Z", 1_616_529_356_078_161),
            ("2021-03-23T19:55:56.07816104Z", 1_616_529_356_078_161),
            ("2021-03-23T19:55:56.078161999Z", 1_616_529_356_078_161),
            ("2021-03-23T19:55:56.07816199999999999999999999Z", 1_616_529_356_078_161),
            ("2021-03-23T19:55:56.07816Z", 1_616_529_356_078_160),
            ("2021-03-23T19:55:56.0781Z", 1_616_529_356_078_100),
            ("2021-03-23T19:55:56.07Z", 1_616_529_356_070_000),
            ("2021-03-23t19:55:56.1z", 1_616_529_356_100_000),
            ("2021-03-23 19:55:56Z", 1_616_529_356_000_000),
            ("2024-02-29T12:00:00Z", 1_709_208_000_000_000),
            ("2000-02-29T00:00:00Z", 951_782_400_000_000),
            ("1600-02-29T00:00:00Z", -11_670_998_400_000_000),
            ("0004-02-29T00:00:00Z", -62_035_891_200_000_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
            ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
            ("2021-04-21T11:30:16-07:00", 1_619_029_816_000_000),
            ("2021-04-21T11:30:16+05:30", 1_618_984_816_000_000),
            ("2021-04-21T11:30:16-00:00", 1_619_004_616_000_000),
            ("2024-01-01T00:00:00+23:59", 1_703_980_860_000_000),
        ] as [(String, Int64)])
    func `a date and time is the microsecond it names`(text: String, microseconds: Int64) {
        #expect(read(text) == Timestamp(microseconds: microseconds))
    }

    @Test(
        arguments: [
            "", "2024", "2024-01-01", "2024-01-01T00:00", "2024-01-01T00:00:00", "2024-01-01T00:00:00.123", "2024-01-01T00:00:00.Z",
            "2024-01-01T00:00:00,5Z", "2024-01-01T00:00:00ZZ", "2024-01-01T00:00:00Z ", " 2024-01-01T00:00:00Z", "2024-01-01T00:00:00+0100",
            "2024-01-01T00:00:00+01", "2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00+01:60", "2024-01-01T00:00:00 01:00",
            "2024-00-01T00:00:00Z", "2024-13-01T00:00:00Z", "2024-01-00T00:00:00Z", "2024-01-32T00:00:00Z", "2024-04-31T00:00:00Z",
            "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2024-02-30T00:00:00Z", "2024-01-01T24:00:00Z",
            "2024-01-01T23:60:00Z", "0000-01-01T00:00:00Z", "-001-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "2024-1-01T00:00:00Z",
            "2024-01-01T0:00:00Z", "2024/01/01T00:00:00Z", "2024-01-01X00:00:00Z", "２０２４-01-01T00:00:00Z", "2024-01-01T00:00:0\u{0}Z",
        ])
    func `what is no date and time with an offset is refused`(text: String) {
        #expect(read(text) == nil)
    }

    @Test func `a leap second is refused, since no microsecond stands for it`() {
        #expect(read("2016-12-31T23:59:60Z") == nil)
        #expect(read("2016-12-31T23:59:59Z") != nil)
    }

    @Test func `an offset does not lead out of the years that can be written`() {
        #expect(read("0001-01-01T00:00:00+00:01") == nil)
        #expect(read("0001-01-01T00:01:00+00:01") == .earliest)
        #expect(read("9999-12-31T23:59:59.999999-00:01") == nil)
        #expect(read("9999-12-31T23:58:59.999999-00:01") == .latest)
    }

    @Test func `every instant reads back from its text`() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<20_000 {
            let range = Timestamp.earliest.microseconds...Timestamp.latest.microseconds
            var microseconds = Int64.random(in: range, using: &random)
            if Bool.random(using: &random) { microseconds -= microseconds % 1_000_000 }
            let instant = Timestamp(microseconds: microseconds)
            let text = instant.rfc3339
            #expect(read(text) == instant, "\(text)")
            #expect(text.utf8.count == (microseconds % 1_000_000 == 0 ? 20 : 27))
        }
    }

    @Test func `texts sort like their instants`() {
        var random = SeededRandom(seed: 2)
        let range = Timestamp.earliest.microseconds / 1_000_000...Timestamp.latest.microseconds / 1_000_000
        for _ in 0..<2_000 {
            let a = Timestamp(microseconds: Int64.random(in: range, using: &random) * 1_000_000)
            let b = Timestamp(microseconds: Int64.random(in: range, using: &random) * 1_000_000)
            #expect((a < b) == (a.rfc3339 < b.rfc3339))
        }
    }

    @Test func `text is UTC, with six fraction digits or none`() {
        #expect(Timestamp(microseconds: 1_616_529_356_078_160).rfc3339 == "2021-03-23T19:55:56.078160Z")
        #expect(Timestamp(microseconds: 1_616_529_356_000_000).rfc3339 == "2021-03-23T19:55:56Z")
        #expect(Timestamp(microseconds: -1).rfc3339 == "1969-12-31T23:59:59.999999Z")
        #expect(Timestamp(microseconds: .min).rfc3339 == "0001-01-01T00:00:00Z")
        #expect(Timestamp(microseconds: .max).rfc3339 == "9999-12-31T23:59:59.999999Z")
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"), ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:00:00Z"),
            ("1969-12-31T23:00:00Z", "1969-12-31T23:00:00Z"), ("1600-02-29T13:14:15Z", "1600-02-29T13:00:00Z"),
            ("2024-02-29T23:59:59.999999Z", "2024-02-29T23:00:00Z"),
        ])
    func `the hour is the one that has begun, before the epoch too`(text: String, hour: String) throws {
        #expect(try #require(read(text)).hour.rfc3339 == hour)
    }

    @Test(
        arguments: [
            ("2000-01-01T00:00:00Z", 0), ("2000-01-01T23:59:59.999999Z", 0), ("2000-01-02T00:00:00Z", 1), ("1999-12-31T23:59:59.999999Z", -1),
            ("1969-12-31T23:59:59.999999Z", -10_958), ("1970-01-01T00:00:00Z", -10_957), ("2024-01-02T03:04:05Z", 8767),
            ("2089-09-18T23:00:00Z", 32_767), ("9999-12-31T00:00:00Z", 32_767), ("1910-04-15T00:00:00Z", -32_768), ("0001-01-01T00:00:00Z", -32_768),
        ] as [(String, Int16)])
    func `the day counts from 2000, clamped to two bytes`(text: String, day: Int16) throws {
        #expect(try #require(read(text)).day == day)
    }

    @Test func `a day's first instant is of that day, and the one before is not`() {
        for day in stride(from: Int16.min + 1, through: Int16.max, by: 977) {
            let start = Timestamp(startOfDay: day)
            #expect(start.day == day)
            #expect(start.hour == start)
            #expect(Timestamp(microseconds: start.microseconds - 1).day == day - 1)
        }
    }

    @Test func `the ends of 64 bits have an hour and a day`() {
        for microseconds in [Int64.min, .min + 1, .max - 1, .max] {
            let instant = Timestamp(microseconds: microseconds)
            #expect(instant.hour.microseconds % 3_600_000_000 == 0)
            #expect(instant.day == (microseconds < 0 ? .min : .max))
        }
    }

    @Test func `milliseconds that Postgres cannot hold are refused`() {
        #expect(Timestamp(milliseconds: 1_704_164_645_600) == Timestamp(microseconds: 1_704_164_645_600_000))
        #expect(Timestamp(milliseconds: -1) == Timestamp(microseconds: -1000))
        #expect(Timestamp(milliseconds: -210_866_803_200_000) != nil)
        #expect(Timestamp(milliseconds: -210_866_803_200_001) == nil)
        #expect(Timestamp(milliseconds: .max) == nil)
        #expect(Timestamp(milliseconds: .min) == nil)
    }
}
