internal import JSON

/// How a template's JSON is read: every form that DTDL allows for one thing gives the same answer here (DTDL v2 and v3, "JSON-LD syntax").
extension JSONTree {
    /// The value of a property under its short or, failing that, its absolute name; nil also for `null`. Of equal keys the last counts, as in the
    /// canonical form, and of several absolute names the greatest: so a template and its canonical form, in which keys are sorted, say the same.
    func property(_ name: String) -> JSONTree? {
        let value = self[name] ?? members.reversed().filter { TemplateTerms.short($0.key) == name }.max { $0.key < $1.key }?.value
        return value?.kind == .null ? nil : value
    }

    /// What stands where several values may: the elements of an array, or the one value itself.
    var values: [JSONTree] { kind == .array ? elements : [self] }

    /// What stands where one value must: the only element of an array, or the value itself.
    var single: JSONTree { kind == .array && elements.count == 1 ? elements[0] : self }

    /// A literal without its JSON-LD wrapping `{"@value": …}`.
    var literal: JSONTree {
        let value = single
        guard value.kind == .object, let inner = value["@value"] else { return value }
        return inner
    }

    /// The types of an element in their short form, material type and co-types alike.
    var types: [Substring] {
        guard let types = property("@type") else { return [] }
        return types.values.compactMap { $0.stringValue.map(TemplateTerms.short) }
    }

    /// `@id`, or `id` as templates before DTDL v2 wrote it.
    var identifier: String? { (property("@id") ?? property("id"))?.single.stringValue }

    /// The text of a string literal.
    func text(_ name: String) -> String? { property(name)?.literal.stringValue }

    /// A boolean literal.
    func flag(_ name: String) -> Bool {
        property(name)?.literal.kind == .trueValue
    }

    /// The default-language text of a localizable string: the string itself, else `en`, else the first.
    func localizedText(_ name: String) -> String? {
        guard let value = property(name) else { return nil }
        if let text = value.literal.stringValue { return text }
        if value.kind == .object {
            return (value.members.first { $0.key == "en" || $0.key.hasPrefix("en-") } ?? value.members.first)?.value.stringValue
        }
        let plain = value.values.first { $0.kind == .string }
        return plain?.stringValue ?? value.values.first?.literal.stringValue
    }
}
