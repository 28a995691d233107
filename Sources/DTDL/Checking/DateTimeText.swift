/// The lexical rules for `date`, `time` and `dateTime`: the RFC 3339 profile of ISO 8601 that the DTDL metamodel names, with real calendar dates.
enum DateTimeText {
    enum Verdict {
        case valid
        /// Right in everything, but without `Z` or `+hh:mm`. DTDL refuses it; many devices send it, so it is told apart.
        case withoutOffset
        case invalid
    }

    static func date(_ text: Span<UInt8>) -> Verdict {
        var cursor = TextCursor(text)
        return takeDate(&cursor) && cursor.isAtEnd ? .valid : .invalid
    }

    static func time(_ text: Span<UInt8>) -> Verdict {
        var cursor = TextCursor(text)
        return takeTimeAndOffset(&cursor)
    }

    static func dateTime(_ text: Span<UInt8>) -> Verdict {
        var cursor = TextCursor(text)
        guard takeDate(&cursor), cursor.take(UInt8(ascii: "T")) else { return .invalid }
        return takeTimeAndOffset(&cursor)
    }

    // MARK: -

    /// `YYYY-MM-DD` in the proleptic Gregorian calendar, years 0001 to 9999.
    private static func takeDate(_ cursor: inout TextCursor) -> Bool {
        guard let year = cursor.digits(4), year > 0, cursor.take(UInt8(ascii: "-")),
            let month = cursor.digits(2), (1...12).contains(month), cursor.take(UInt8(ascii: "-")),
            let day = cursor.digits(2)
        else { return false }
        return day >= 1 && day <= daysIn(month: month, year: year)
    }

    private static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// `hh:mm:ss[.f+]` and then `Z` or `±hh:mm`; neither 24:00 nor a leap second, which the reference implementation refuses too.
    private static func takeTimeAndOffset(_ cursor: inout TextCursor) -> Verdict {
        guard let hour = cursor.digits(2), hour < 24, cursor.take(UInt8(ascii: ":")),
            let minute = cursor.digits(2), minute < 60, cursor.take(UInt8(ascii: ":")),
            let second = cursor.digits(2), second < 60
        else { return .invalid }
        if cursor.take(UInt8(ascii: ".")), cursor.digitRun() == 0 { return .invalid }
        if cursor.isAtEnd { return .withoutOffset }
        if cursor.take(UInt8(ascii: "Z")) { return cursor.isAtEnd ? .valid : .invalid }
        guard cursor.take(UInt8(ascii: "+")) || cursor.take(UInt8(ascii: "-")),
            let offsetHours = cursor.digits(2), cursor.take(UInt8(ascii: ":")),
            let offsetMinutes = cursor.digits(2), offsetMinutes < 60,
            offsetHours * 60 + offsetMinutes <= 14 * 60, cursor.isAtEnd
        else { return .invalid }
        return .valid
    }
}
