import Diagnostics
import Testing

struct DevicePatternTests {
    @Test(
        arguments: [
            ("pump-07", "pump-07", true), ("pump-07", "pump-070", false), ("pump-07", "Pump-07", false), ("", "", true), ("", "a", false),
            ("*", "", true), ("*", "anything", true), ("**", "", true), ("***", "a", true), ("?", "", false), ("?", "a", true), ("?", "ab", false),
            ("pump-*", "pump-", true), ("pump-*", "pump", false), ("*-07", "pump-07", true), ("*-07", "pump-07-07", true),
            ("*-07", "pump-070", false),
            ("p*p-?7", "pump-07", true), ("p*p-?7", "pump-7", false), ("*a*b*", "xxaxxbxx", true), ("*a*b*", "xxbxxaxx", false),
            ("a*b?c", "axbxbyc", true),
            ("?", "é", true), ("?", "🏭", true), ("??", "é", false), ("*?", "é", true), ("é*", "éa", true), ("*é", "è", false), ("a?c", "a日c", true),
            ("*日", "本日", true), ("?本", "日本", true), ("[a-z]", "a", false), ("[a-z]", "[a-z]", true), ("\\*", "*", false), ("\\*", "\\x", true),
            ("*", "with*star", true), ("with*star", "with*star", true), ("a.c", "abc", false),
        ])
    func `a pattern matches the ids it should`(pattern: String, id: String, matches: Bool) {
        #expect(DevicePattern(pattern).matches(id) == matches)
    }

    @Test func `a pattern that names one id says so`() {
        #expect(DevicePattern("pump-07").isLiteral)
        #expect(!DevicePattern("pump-*").isLiteral)
        #expect(!DevicePattern("pump-?7").isLiteral)
    }

    @Test func `a pattern agrees with a plain definition of matching`() {
        var random = SeededRandom(seed: 6)
        let letters: [Unicode.Scalar] = ["a", "b", "é", "*", "?"]
        for _ in 0..<20_000 {
            let pattern = (0..<Int.random(in: 0...7, using: &random)).map { _ in letters[Int.random(in: 0...4, using: &random)] }
            let id = (0..<Int.random(in: 0...9, using: &random)).map { _ in letters[Int.random(in: 0...2, using: &random)] }
            let expected = Self.matches(pattern[...], id[...])
            let text = String(String.UnicodeScalarView(pattern))
            let idText = String(String.UnicodeScalarView(id))
            #expect(DevicePattern(text).matches(idText) == expected, "\(text) against \(idText)")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a pattern of many stars takes no time against a long id that it does not match`() {
        // Backtracking over every star would take more steps than there are atoms.
        let id = String(repeating: "a", count: 100_000)
        #expect(!DevicePattern("*a*a*a*b").matches(id))
        #expect(!DevicePattern(String(repeating: "*a", count: 500) + "*b").matches(id))
        #expect(DevicePattern(String(repeating: "*a", count: 500) + "*").matches(id))
    }

    private static func matches(_ pattern: ArraySlice<Unicode.Scalar>, _ id: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = pattern.first else { return id.isEmpty }
        if first == "*" { return matches(pattern.dropFirst(), id) || (!id.isEmpty && matches(pattern, id.dropFirst())) }
        guard let character = id.first else { return false }
        return (first == "?" || first == character) && matches(pattern.dropFirst(), id.dropFirst())
    }
}
