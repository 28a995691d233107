import Diagnostics
import Foundation
import Testing

struct RuleCatalogueTests {
    @Test func `every rule has a fixture that breaks it and one that keeps it`() throws {
        let fixtures = RuleFixture.all
        for rule in Rule.allCases { #expect(fixtures.contains { $0.rule == rule }, "\(rule.rawValue)") }
        for fixture in fixtures {
            let bad = try fixture.judgement(of: fixture.bad)
            #expect(bad.rules.contains(fixture.rule), "\(fixture.rule.rawValue): \(bad.findings)")
            let good = try fixture.judgement(of: fixture.good)
            #expect(!good.rules.contains(fixture.rule), "\(fixture.rule.rawValue): \(good.findings)")
        }
    }

    @Test func `docs/rules.md is the catalogue`() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/rules.md").standardizedFileURL
        if ProcessInfo.processInfo.environment["HINDCAST_RENEW_PAGES"] != nil {
            try RuleCatalogue.markdown.write(to: page, atomically: true, encoding: .utf8)
        }
        #expect(
            try String(contentsOf: page, encoding: .utf8) == RuleCatalogue.markdown,
            "docs/rules.md is made of the catalogue. Renew it: HINDCAST_RENEW_PAGES=1 swift test --filter RuleCatalogueTests")
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
            Rule.allCases.filter(\.isOpen) == [
                .moduleUnknown, .componentUnknown, .componentWrapped, .capabilityUndefined, .capabilityCase, .nameInvalid, .fieldUndefined,
            ])
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
