import DTDL
import JSON

/// A value with its schema and a verdict: of the reference implementation, of the Azure CLI, or of IoT Central's documentation.
struct InstanceCase {
    private let json: JSONTree

    init(_ json: JSONTree) { self.json = json }

    private var name: String { json["case"]?.stringValue ?? "" }

    var outcome: CaseOutcome {
        let isValid = isAccepted
        var mismatch: String?
        if let expected = json["valid"]?.boolValue as Bool?, expected != isValid {
            let known = CentralDifference.reason(for: json, theirs: expected).map { "; known: \($0)" } ?? ""
            mismatch = "expected \(expected ? "valid" : "not valid"), found the contrary\(known)"
        }
        return CaseOutcome(name: name, verdict: .object(["case": .string(name), "valid": .bool(isValid)]), mismatch: mismatch)
    }

    /// The verdict. By something that is no schema, or is not in the model, no value is right.
    private var isAccepted: Bool {
        if json["payload"] != nil { return isPayloadAccepted }
        if let text = json["instanceText"]?.stringValue {
            guard let template else { return false }
            return (try? ValueCheck(text, template: template).violations.isEmpty) ?? false
        }
        // The Azure CLI finds nothing to check in null.
        var options = CheckOptions()
        options.nullValue = .accept
        guard let schema = json["schema"] else { return false }
        return (try? ValueCheck(Self.text(json["instance"] ?? .null), schema: Self.text(schema), version: 2, options: options).violations.isEmpty)
            ?? false
    }

    /// Telemetry or a property, perhaps as an acknowledgement or a desired value, which wrap it.
    private var isPayloadAccepted: Bool {
        guard let capability = json["capability"], let name = capability["name"]?.stringValue, var value = json["payload"]?[name],
            let schema = capability["schema"]
        else { return false }
        if let inner = value["value"], value["ac"] != nil || value.members.count == 1 { value = inner }
        return (try? ValueCheck(Self.text(value), schema: Self.text(schema), version: 2).faults.isEmpty) ?? false
    }

    /// A template with one telemetry of the schema under test: a term, or an element of the case's model.
    private var template: DeviceTemplate? {
        let model = json["model"].flatMap { $0.isNull ? nil : $0 }
        let documents = model.map { $0.kind == .array ? $0.elements : [$0] } ?? []
        guard let schema = json["schema"]?.stringValue ?? subject(in: documents) else { return nil }
        let probe = JSONTree.object([
            "@context": .string("dtmi:dtdl:context;\(json["version"]?.integerValue ?? 4)"), "@id": .string("dtmi:conformance:probe;1"),
            "@type": .string("Interface"),
            "contents": .array([.object(["@type": .string("Telemetry"), "name": .string("probe"), "schema": .string(schema)])]),
        ])
        return try? DeviceTemplate(bytes: JSONTree.array([probe] + documents).canonicalBytes())
    }

    /// The case's subject, if it is a schema: Interfaces and their contents can be subjects too, and have no values.
    private func subject(in documents: [JSONTree]) -> String? {
        guard let subject = json["subject"]?.stringValue, let element = documents.lazy.compactMap({ Self.find(subject, in: $0) }).first else {
            return nil
        }
        let types = element["@type"].map { $0.kind == .array ? $0.elements : [$0] } ?? []
        return types.contains { ["Array", "Enum", "Map", "Object"].contains($0.stringValue) } ? subject : nil
    }

    private static func find(_ id: String, in tree: JSONTree) -> JSONTree? {
        if tree["@id"]?.stringValue == id { return tree }
        for child in tree.elements + tree.members.map(\.value) {
            if let found = find(id, in: child) { return found }
        }
        return nil
    }

    private static func text(_ tree: JSONTree) -> String { String(decoding: tree.canonicalBytes(), as: UTF8.self) }
}
