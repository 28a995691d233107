import Diagnostics
import Hashing
import Testing

/// The rule set as a whole, held to its version.
struct RuleSetTests {
    /// The digest over everything that the rules say about the corpus, by `Rule.setVersion`.
    private static let digests = [
        1: "3f678aaa92f95b505cebb73b8f1152bae77d75c746d03ec89d2ae9bc4537c327",
        2: "586bd73934dc8f25476a1110f1fe3bfb4b083e364801d6998271adbf0db3c05c",
    ]

    @Test func `what decoders and rules say belongs to a version of the rule set`() throws {
        var hash = SHA256()
        for judgement in try FindingCorpus.judgements() {
            Self.add("\(judgement.event.kind.name) \(judgement.event.deviceID) \(judgement.event.eventTime.rfc3339)", to: &hash)
            for finding in judgement.findings {
                for text in [
                    finding.rule.rawValue, finding.rule.severity.name, finding.module, finding.component, finding.path, "\(finding.byteOffset)",
                    finding.expected, finding.actual, finding.suggestion ?? "(none)", finding.message,
                ] { Self.add(text, to: &hash) }
            }
        }
        let digest = hash.finish().hex
        #expect(
            Self.digests[Rule.setVersion] == digest,
            """
            Decoders or rules say something else than version \(Rule.setVersion) of the rule set did. If that is meant, raise Rule.setVersion (and \
            EventDecoder.version, if records are decoded differently), keep the line of the old version, and add \(Rule.setVersion + 1): "\(digest)". \
            Findings of different rule sets are never compared as if they were of one.
            """)
    }

    private static func add(_ text: String, to hash: inout SHA256) {
        hash.update(UInt32(text.utf8.count))
        hash.update(text)
    }
}
