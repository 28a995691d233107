import JSON

/// Every rule, for `hindcast rules` and for the page that is made of it.
package enum RuleCatalogue {
    /// All entries, by family, in the order in which they are shown.
    package static var entries: [RuleEntry] { Rule.allCases.map(\.entry) }

    /// The entry with an id; nil where there is no such rule.
    package static func entry(id: String) -> RuleEntry? { Rule(rawValue: id)?.entry }

    /// The page `docs/rules.md`.
    package static var markdown: String {
        var page = """
            # Rules

            Made from the catalogue in `Sources/Diagnostics/Rules`; `hindcast rules` prints the same. This is version \(Rule.setVersion) of the rule set.
            Every finding has the rule's id, its severity, device, module, component, template version, a JSON Pointer, a byte offset in the payload, what
            was expected, what was found and, where there is one, the nearest defined name: first one in another case, then one a few edits away, then
            the same name elsewhere in the template.

            """
        for family in RuleFamily.allCases {
            page += "\n## \(family.title)\n"
            for entry in entries where entry.family == family { page += section(entry) }
        }
        return page + reasons
    }

    private static func section(_ entry: RuleEntry) -> String {
        """

        ### `\(entry.id)`

        \(entry.meaning)

        - Severity: \(entry.severity.name)
        - What to do: \(entry.action)
        - Example: `\(entry.example)`
        - Source: \(entry.source)

        """
    }

    private static var reasons: String {
        """

        ## Reasons of `json-invalid`

        What was found begins with one of: \(JSONFaultReason.allCases.filter { $0 != .empty }.map { "`\($0.words)`" }.joined(separator: ", ")).

        """
    }
}
