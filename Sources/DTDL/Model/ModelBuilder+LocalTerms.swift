internal import JSON

extension ModelBuilder {
    /// What is wrong with the terms of a context that a document writes itself, besides that it may not (JSON-LD 1.1, section 4.1, which older versions
    /// of DTDL took such contexts from).
    mutating func checkTerms(of context: JSONTree) {
        for member in context.members {
            if let (code, what) = fault(inTerm: member.key) {
                report(
                    code, at: member.value, property: member.key, cause: "The local term \"\(member.key)\" \(what).",
                    action: "Remove the object from the @context.")
            }
            if let (code, what) = fault(inDefinition: member.value) {
                report(
                    code, at: member.value, property: member.key, value: member.value.stringValue,
                    cause: "The definition of the local term \"\(member.key)\" \(what).", action: "Remove the object from the @context.")
            }
        }
    }

    private func fault(inTerm term: String) -> (code: String, what: String)? {
        if term.isEmpty { return ("localTermEmpty", "is empty") }
        if term == "dtmi" { return ("localTermSchemePrefix", "is the scheme of identifiers") }
        if term.contains(":") || term.hasPrefix("@") { return ("localTermInvalid", "is not written as a term") }
        let versions = metamodel.contexts[Metamodel.dtdlContextName]?.values
        if versions?.contains(where: { $0.terms[term] != nil }) ?? false { return ("localTermReserved", "is a term of the language") }
        return nil
    }

    private func fault(inDefinition definition: JSONTree) -> (code: String, what: String)? {
        switch definition.kind {
        case .null: return nil
        case .string: return fault(inIdentifier: definition.stringValue ?? "")
        case .object:
            guard let identifier = definition["@id"] else { return ("termDefinitionMissingIdProperty", "has no @id") }
            guard let text = identifier.stringValue else { return ("termDefinitionIdPropertyNotString", "has an @id that is no string") }
            return fault(inIdentifier: text)
        default: return ("termDefinitionNotStringOrObject", "is neither a string nor an object")
        }
    }

    /// A term may stand for an identifier or for the beginning of identifiers, up to a colon.
    private func fault(inIdentifier text: String) -> (code: String, what: String)? {
        guard text.hasPrefix("dtmi:"), DTMI(text.hasSuffix(":") ? String(text.dropLast()) : text) == nil else { return nil }
        return ("localTermDefinitionInvalidDtmi", "is not a DTMI")
    }
}
