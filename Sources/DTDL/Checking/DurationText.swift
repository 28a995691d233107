/// The lexical rule for `duration`: `P`, then years and months or weeks, days, and after `T` hours, minutes and seconds, in that order.
///
/// A fraction may stand in the last component only, digits must surround its point, there is no sign, and neither `P` nor `T` may end the text.
enum DurationText {
    static func isValid(_ text: Span<UInt8>) -> Bool {
        var cursor = TextCursor(text)
        guard cursor.take(UInt8(ascii: "P")), !cursor.isAtEnd else { return false }
        var order = DateOrder.start
        var inTime = false
        var timeOrder = 0
        while !cursor.isAtEnd {
            if cursor.take(UInt8(ascii: "T")) {
                guard !inTime, !cursor.isAtEnd else { return false }
                inTime = true
                continue
            }
            guard cursor.digitRun() > 0 else { return false }
            let hasFraction = cursor.take(UInt8(ascii: "."))
            if hasFraction, cursor.digitRun() == 0 { return false }
            let designator = cursor.byte
            guard cursor.take(designator) else { return false }
            if hasFraction, !cursor.isAtEnd { return false }
            if inTime {
                guard let rank = timeRank(designator), rank > timeOrder else { return false }
                timeOrder = rank
            } else {
                guard let next = order.after(designator) else { return false }
                order = next
            }
        }
        return true
    }

    private static func timeRank(_ designator: UInt8) -> Int? {
        switch designator {
        case UInt8(ascii: "H"): 1
        case UInt8(ascii: "M"): 2
        case UInt8(ascii: "S"): 3
        default: nil
        }
    }

    /// How far the date part has come. Weeks do not go with years or months.
    private enum DateOrder {
        case start, year, month, week, day

        func after(_ designator: UInt8) -> DateOrder? {
            switch (designator, self) {
            case (UInt8(ascii: "Y"), .start): .year
            case (UInt8(ascii: "M"), .start), (UInt8(ascii: "M"), .year): .month
            case (UInt8(ascii: "W"), .start): .week
            case (UInt8(ascii: "D"), .start), (UInt8(ascii: "D"), .year), (UInt8(ascii: "D"), .month), (UInt8(ascii: "D"), .week): .day
            default: nil
            }
        }
    }
}
