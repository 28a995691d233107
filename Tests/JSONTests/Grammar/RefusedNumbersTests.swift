import JSON
import Testing

@Suite struct RefusedNumbersTests {
    static let leadingZeros: [Refused] = [
        Refused("01", .leadingZero, at: 1), Refused("00", .leadingZero, at: 1), Refused("-01", .leadingZero, at: 2),
        Refused("[007]", .leadingZero, at: 2),
        Refused("{\"a\":01}", .leadingZero, at: 6), Refused("00.5", .leadingZero, at: 1), Refused("[1,02]", .leadingZero, at: 4),
    ]

    static let malformed: [Refused] = [
        Refused("+1", .badNumber, at: 0), Refused("[+1]", .badNumber, at: 1), Refused(".5", .badNumber, at: 0), Refused("-.5", .badNumber, at: 1),
        Refused("[.5]", .badNumber, at: 1), Refused("[1.]", .badNumber, at: 3), Refused("[1.e5]", .badNumber, at: 3),
        Refused("[1e]", .badNumber, at: 3),
        Refused("[1e+]", .badNumber, at: 4), Refused("[1e-]", .badNumber, at: 4), Refused("[1ee5]", .badNumber, at: 3),
        Refused("[-]", .badNumber, at: 2),
        Refused("[--1]", .badNumber, at: 2), Refused("[- 1]", .badNumber, at: 2), Refused("-a", .badNumber, at: 1),
        Refused("0x1F", .badNumber, at: 1),
        Refused("[0b1]", .badNumber, at: 2), Refused("1_000", .badNumber, at: 1), Refused("1.2.3", .badNumber, at: 3),
        Refused("[1e5.5]", .badNumber, at: 4),
        Refused("1-2", .badNumber, at: 1), Refused("1+1", .badNumber, at: 1), Refused("[12abc]", .badNumber, at: 3),
        Refused("{\"a\":1f}", .badNumber, at: 6),
        Refused("1n", .badNumber, at: 1), Refused("[1. 5]", .badNumber, at: 3), Refused("[1e 5]", .badNumber, at: 3),
        Refused("++1", .badNumber, at: 0),
        Refused("1.5e3e2", .badNumber, at: 5), Refused("[1\u{2E}\u{660}]", .badNumber, at: 3), Refused("1true", .badNumber, at: 1),
    ]

    static let notNumbers: [Refused] = [
        Refused("NaN", .notANumber, at: 0), Refused("[NaN]", .notANumber, at: 1), Refused("{\"t\":NaN}", .notANumber, at: 5),
        Refused("Infinity", .notANumber, at: 0), Refused("-Infinity", .notANumber, at: 1), Refused("+Infinity", .notANumber, at: 0),
        Refused("[-Infinity]", .notANumber, at: 2), Refused("nan", .notANumber, at: 1), Refused("-nan", .notANumber, at: 1),
        Refused("inf", .notANumber, at: 0), Refused("[-inf]", .notANumber, at: 2), Refused("INF", .notANumber, at: 0),
        Refused("-NaN", .notANumber, at: 1),
        Refused("[1,NAN]", .notANumber, at: 3), Refused("{\"a\":Inf}", .notANumber, at: 5), Refused("[nan]", .notANumber, at: 2),
    ]

    @Test(arguments: leadingZeros) func `leading zeros are named`(refused: Refused) { refused.check() }
    @Test(arguments: malformed) func `numbers that are none are named`(refused: Refused) { refused.check() }
    @Test(arguments: notNumbers) func `NaN and infinities are named`(refused: Refused) { refused.check() }
}
