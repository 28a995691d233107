import Diagnostics
import Testing

struct RuleCatalogueTests {
    /// Rules that no payload can fire, and why.
    private static let unfired: [Rule: String] = [
        .ruleFailed: "Every rule is total: there is no input on which one fails. It is kept for rules that may.",
        .schemaUnsupported: "It takes headers, or another decoder's payloads than the corpus has; tests of the decoders fire it.",
    ]

    @Test func `every rule is fired by the corpus, or there is a reason why not`() throws {
        let fired = Set(try FindingCorpus.judgements().flatMap(\.rules))
        for rule in Rule.allCases {
            #expect(fired.contains(rule) == (Self.unfired[rule] == nil), "\(rule.rawValue)")
        }
    }

    @Test func `rule ids are words that can be stored and searched for`() {
        #expect(Set(Rule.allCases.map(\.rawValue)).count == Rule.allCases.count)
        for rule in Rule.allCases { #expect(rule.rawValue.utf8.allSatisfy { $0 == 0x2D || (0x61...0x7A).contains($0) }) }
    }

    @Test func `every rule says in one sentence each what is wrong and what to do`() {
        for rule in Rule.allCases {
            for sentence in [rule.meaning, rule.action] {
                #expect(sentence.hasSuffix("."))
                #expect(sentence.first?.isUppercase == true)
            }
        }
        #expect(Set(Rule.allCases.map(\.meaning)).count == Rule.allCases.count)
    }

    @Test func `a rule whose place a device chooses is open`() {
        #expect(
            Rule.allCases.filter(\.isOpen) == [.moduleUnknown, .componentUnknown, .capabilityUndefined, .capabilityCase, .fieldUndefined])
    }

    @Test func `a message names the rule's meaning, the place, both values and the hint`() {
        let finding = Finding(
            rule: .capabilityCase, module: "vitals", component: "battery", path: "/Charge", byteOffset: 7, expected: "one of charge",
            actual: "number",
            suggestion: "charge")
        #expect(
            finding.message == "The template defines the name in another case; names are case-sensitive. "
                + "Found number at /Charge in component battery in module vitals, expected one of charge. Did you mean \"charge\"?")
        let plain = Finding(rule: .templateUnassigned, byteOffset: 0, expected: "a template", actual: "none")
        #expect(plain.message.hasSuffix("assigned to it. Found none, expected a template."))
    }
}
