import DTDL
import JSON

/// An identifier with its parts as the reference implementation takes it apart, or one that it refuses.
struct IdentifierCase {
    private let json: JSONTree

    init(_ json: JSONTree) { self.json = json }

    var outcome: CaseOutcome {
        let text = json["idText"]?.stringValue ?? ""
        let identifier = DTMI(text)
        let verdict = JSONTree.object(["case": .string(json["case"]?.stringValue ?? text), "valid": .bool(identifier != nil)])
        return CaseOutcome(name: json["case"]?.stringValue ?? text, verdict: verdict, mismatch: mismatch(identifier))
    }

    private func mismatch(_ identifier: DTMI?) -> String? {
        guard let isValid = json["valid"]?.boolValue as Bool? else { return nil }
        if isValid != (identifier != nil) { return "expected \(isValid ? "valid" : "not valid"), found the contrary" }
        guard let identifier, let expected = json["expect"] else { return nil }
        let parts: [(name: String, isEqual: Bool)] = [
            ("major version", identifier.majorVersion == expected["MajorVersion"]?.integerValue.map(Int.init)),
            ("minor version", identifier.minorVersion == expected["MinorVersion"]?.integerValue.map(Int.init)),
            ("complete version", identifier.completeVersion == expected["CompleteVersion"]?.doubleValue),
            ("identifier without version", identifier.versionless == expected["Versionless"]?.stringValue),
            ("labels", identifier.labels == expected["Labels"]?.elements.compactMap(\.stringValue)),
            ("whether it is reserved", identifier.isReserved == expected["IsReserved"]?.boolValue),
            ("fragment", identifier.fragment == expected["Fragment"]?.stringValue),
        ]
        let wrong = parts.filter { !$0.isEqual }.map(\.name)
        return wrong.isEmpty ? nil : "expected another \(wrong.joined(separator: ", "))"
    }
}
