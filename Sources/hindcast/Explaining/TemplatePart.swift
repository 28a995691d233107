import Diagnostics
import JSON

/// Finds what of a template's own JSON a finding is about.
enum TemplatePart {
    /// The definition of the capability that the finding's path begins with, else the one that the suggestion names, else the component's.
    ///
    /// The search is by name: a name that several Interfaces define gives the first. Nil where the template has none of them.
    static func find(for finding: Finding, in document: JSONTree) -> JSONTree? {
        let token = finding.path.split(separator: "/").first.map { unescaped(String($0)) }
        let names = [token, finding.suggestion, finding.component.isEmpty ? nil : finding.component].compactMap { $0 }
        for name in names {
            if let found = definition(named: name, in: document) { return found }
        }
        return nil
    }

    /// The first object with a `name` and a `@type` that has this name, parents before children.
    private static func definition(named name: String, in tree: JSONTree) -> JSONTree? {
        if tree["name"]?.stringValue == name, tree["@type"] != nil { return tree }
        for child in tree.elements + tree.members.map(\.value) {
            if let found = definition(named: name, in: child) { return found }
        }
        return nil
    }

    /// A reference token of a JSON Pointer as the name that it stands for (RFC 6901 §4).
    private static func unescaped(_ token: String) -> String {
        var name = String.UnicodeScalarView()
        var isEscape = false
        for scalar in token.unicodeScalars {
            if isEscape {
                name.append(scalar == "1" ? "/" : "~")
                isEscape = false
            } else if scalar == "~" {
                isEscape = true
            } else {
                name.append(scalar)
            }
        }
        return String(name)
    }
}
