import JSON

extension Timestamp {
    /// Reads RFC 3339 §5.6 `date-time` from bytes, with `Z` or a numeric offset and any number of fraction digits; those beyond the sixth are cut.
    ///
    /// Refused: a missing offset, a leap second (no such microsecond exists here), and instants whose year in UTC is outside of 0001–9999.
    package init?(rfc3339 bytes: RawSpan) {
        var cursor = DigitCursor(bytes: bytes)
        guard let year = cursor.number(digits: 4), cursor.take(0x2D), let month = cursor.number(digits: 2), cursor.take(0x2D),
            let day = cursor.number(digits: 2), cursor.take(0x54) || cursor.take(0x74) || cursor.take(0x20),
            let hour = cursor.number(digits: 2), cursor.take(0x3A), let minute = cursor.number(digits: 2), cursor.take(0x3A),
            let second = cursor.number(digits: 2)
        else { return nil }
        guard year >= 1, (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, ofYear: year), hour < 24, minute < 60, second < 60
        else { return nil }
        var micros: Int64 = 0
        if cursor.take(0x2E) {
            guard let fraction = cursor.fraction() else { return nil }
            micros = fraction
        }
        var offsetMinutes: Int64 = 0
        if !(cursor.take(0x5A) || cursor.take(0x7A)) {
            let negative = cursor.take(0x2D)
            guard negative || cursor.take(0x2B), let offsetHour = cursor.number(digits: 2), cursor.take(0x3A),
                let offsetMinute = cursor.number(digits: 2),
                offsetHour < 24, offsetMinute < 60
            else { return nil }
            offsetMinutes = (negative ? -1 : 1) * (offsetHour * 60 + offsetMinute)
        }
        guard cursor.isAtEnd else { return nil }
        let seconds = Self.days(year: year, month: month, day: day) * 86_400 + hour * 3600 + (minute - offsetMinutes) * 60 + second
        let instant = Timestamp(microseconds: seconds * 1_000_000 + micros)
        guard instant >= .earliest, instant <= .latest else { return nil }
        self = instant
    }

    /// RFC 3339 in UTC with `Z`; the fraction has six digits, or none when it is zero. What lies outside of the years 0001–9999 is written as the
    /// nearest instant inside.
    package var rfc3339: String {
        let clamped = min(max(self, .earliest), .latest).microseconds
        let second = clamped.floored(to: 1_000_000) / 1_000_000
        let micros = clamped - second * 1_000_000
        let days = second.floored(to: 86_400) / 86_400
        let (year, month, day) = Self.civil(days: days)
        let time = second - days * 86_400
        var text = "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))T"
        text += "\(Self.padded(time / 3600, 2)):\(Self.padded(time / 60 % 60, 2)):\(Self.padded(time % 60, 2))"
        return micros == 0 ? text + "Z" : text + "." + Self.padded(micros, 6) + "Z"
    }

    /// The same with three digits always, cut: as IoT Central writes its times.
    package var rfc3339Milliseconds: String {
        let second = Timestamp(microseconds: min(max(self, .earliest), .latest).microseconds.floored(to: 1_000_000))
        let rest = min(max(self, .earliest), .latest).microseconds - second.microseconds
        return second.rfc3339.dropLast() + "." + Self.padded(rest / 1000, 3) + "Z"
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    private static func days(inMonth month: Int64, ofYear year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01 of a proleptic Gregorian date, counting years from March so that the leap day comes last.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.floored(to: 400) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The inverse of `days(year:month:day:)`.
    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted.floored(to: 146_097) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
