internal import JSON

extension ModelBuilder {
    /// Reads a material property's value.
    mutating func read(_ value: JSONTree, property: MetaProperty, facts: MetaProperty.Facts, of index: Int, context: ActiveContext) {
        let name = property.name
        let maximumLength = facts.maximumLength[context.limit]
        switch property.kind {
        case .string:
            let text = string(value, property: name, of: index, context: context, maximumLength: maximumLength, pattern: facts.pattern)
            if let text { elements[index].literals[name] = .string(text) }
        case .integer:
            let number = integer(value, property: name, of: index, context: context, lowest: facts.lowest, highest: facts.highest)
            if let number { elements[index].literals[name] = .integer(number) }
        case .boolean:
            if let literal = single(value, "boolean", property: name, of: index).flatMap({
                unwrap($0, "boolean", property: name, of: index, context: context)
            }) {
                guard let flag = literal.boolValue else { return reportWrong("boolean", literal, value, property: name, of: index) }
                elements[index].literals[name] = .boolean(flag)
            }
        case .scalar: readScalar(value, property: name, of: index, context: context)
        case .langString: readLocalized(value, property: name, of: index, context: context, maximumLength: maximumLength)
        case .identifier: readIdentifier(value, property: name, facts: facts, of: index, context: context)
        case .object: readObjects(value, property: property, facts: facts, of: index, context: context)
        }
    }

    // MARK: - Kinds of literals

    mutating func string(
        _ value: JSONTree, property: String, of index: Int, context: ActiveContext, maximumLength: Int?, pattern: LexicalPattern?
    ) -> String? {
        guard let one = single(value, "string", property: property, of: index),
            let literal = unwrap(one, "string", property: property, of: index, context: context)
        else { return nil }
        guard let text = literal.stringValue else {
            reportWrong("string", literal, one, property: property, of: index)
            return nil
        }
        let identifier = elements[index].identifier
        if let maximumLength, text.utf16.count > maximumLength {
            report(
                "stringTooLong", at: literal, element: identifier, property: property, value: text,
                cause: "The \"\(property)\" has \(text.utf16.count) characters, more than \(maximumLength).", action: "Shorten it.")
        }
        if let pattern, !pattern.matches(text, version: context.version) {
            report(
                "stringInvalid", at: literal, element: identifier, property: property, value: text,
                cause: "The \"\(property)\" is \"\(text)\", which is not written as a \(pattern.rawValue) must be.",
                action: pattern == .name ? "Begin with a letter and use letters, digits and underscores, none at the end." : "Correct it.")
        }
        return text
    }

    mutating func integer(
        _ value: JSONTree, property: String, of index: Int, context: ActiveContext, lowest: Int64?, highest: Int64?
    ) -> Int64? {
        guard let one = single(value, "integer", property: property, of: index),
            let literal = unwrap(one, "integer", property: property, of: index, context: context)
        else { return nil }
        guard let number = literal.doubleValue.flatMap({ Int32(exactly: $0) }).map(Int64.init) else {
            reportWrong("integer", literal, one, property: property, of: index)
            return nil
        }
        let identifier = elements[index].identifier
        func complain(_ builder: inout ModelBuilder, _ code: String, _ what: String) {
            builder.report(
                code, at: literal, element: identifier, property: property, value: "\(number)", cause: "The \"\(property)\" is \(number), \(what).",
                action: "Change it.")
        }
        if let lowest, lowest == highest {
            if number != lowest { complain(&self, "valueNotExact", "but must be \(lowest)") }
        } else if let lowest, number < lowest {
            complain(&self, highest == nil ? "valueBelowMin" : "valueBelowRange", "less than \(lowest)")
        } else if let highest, number > highest {
            complain(&self, lowest == nil ? "valueAboveMax" : "valueAboveRange", "more than \(highest)")
        }
        return number
    }

    /// The value of an EnumValue: an integer or a string.
    private mutating func readScalar(_ value: JSONTree, property: String, of index: Int, context: ActiveContext) {
        guard let one = single(value, "literal", property: property, of: index),
            let literal = unwrap(one, "literal", property: property, of: index, context: context)
        else { return }
        if let text = literal.stringValue {
            elements[index].literals[property] = .string(text)
        } else if let number = literal.doubleValue.flatMap({ Int32(exactly: $0) }) {
            elements[index].literals[property] = .integer(Int64(number))
        } else if let flag = literal.boolValue {
            elements[index].literals[property] = .boolean(flag)
        } else {
            report(
                "literalNotValid", at: literal, element: elements[index].identifier, property: property,
                cause: "The \"\(property)\" is neither an integer nor a string.", action: "Write one of them.")
        }
    }

    private mutating func readIdentifier(_ value: JSONTree, property: String, facts: MetaProperty.Facts, of index: Int, context: ActiveContext) {
        guard let one = single(value, "identifier", property: property, of: index) else { return }
        let identifier = elements[index].identifier
        guard let text = one.stringValue else {
            return report(
                "identifierNotString", at: one, element: identifier, property: property, cause: "The \"\(property)\" is no string.",
                action: "Write a DTMI there.")
        }
        guard let target = context.identifier(text), target.hasPrefix("dtmi:") else {
            return report(
                "identifierNotDtmi", at: one, element: identifier, property: property, value: text, cause: "\"\(text)\" is not a DTMI.",
                action: "Write the identifier of an Interface.")
        }
        if let longest = facts.maximumLength[context.limit], target.utf8.count > longest {
            report(
                "identifierTooLong", at: one, element: identifier, property: property, value: text,
                cause: "The \"\(property)\" has more than \(longest) characters.", action: "Shorten the identifier.")
        }
        if let pattern = facts.pattern, !pattern.matches(target, version: context.version) {
            report(
                "identifierInvalid", at: one, element: identifier, property: property, value: text,
                cause: "\"\(text)\" is not an identifier that a model can have.", action: "Write the identifier of an Interface.")
        }
        elements[index].literals[property] = .string(target)
    }

    // MARK: - Forms of literals

    /// The one value of a property that has one, in an array or not; nil after an error.
    mutating func single(_ value: JSONTree, _ kind: String, property: String, of index: Int) -> JSONTree? {
        let values = value.values
        if values.count == 1 { return values[0] }
        let identifier = elements[index].identifier
        if values.isEmpty {
            guard isRequired(property, of: index) else { return nil }
            report(
                "\(kind)CountBelowMin", at: value, element: identifier, property: property, cause: "The \"\(property)\" has no value.",
                action: "Give it one, or remove it.")
        } else {
            report(
                "\(kind)MultipleValues", at: value, element: identifier, property: property, cause: "The \"\(property)\" has \(values.count) values.",
                action: "Leave one of them.")
        }
        return nil
    }

    /// Whether a property must have a value; one that a co-type brings is known by its term here.
    private func isRequired(_ property: String, of index: Int) -> Bool {
        let element = elements[index]
        if let (known, _) = metamodel.classes[element.className]?.property(property, version: element.version) { return !known.isOptional }
        for type in element.types {
            for known in metamodel.types[type]?.properties ?? [] where metamodel.term(known.identifier) == property { return !known.isOptional }
        }
        return true
    }

    /// A literal without its JSON-LD wrapping; nil after an error.
    mutating func unwrap(_ value: JSONTree, _ kind: String, property: String, of index: Int, context: ActiveContext) -> JSONTree? {
        guard value.kind == .object else { return value }
        let identifier = elements[index].identifier
        func complain(_ builder: inout ModelBuilder, _ code: String, _ what: String, at place: JSONTree? = nil) {
            builder.report(
                code, at: place ?? value, element: identifier, property: property, cause: "The value object of \"\(property)\" \(what).",
                action: "Write {\"@value\": …}, perhaps with an @type, or the value alone.")
        }
        for member in value.members {
            switch member.key {
            case "@value", "@type": break
            case "@context": complain(&self, "valueObjectContext", "has @context", at: member.value)
            case "@id": complain(&self, "valueObjectId", "has @id", at: member.value)
            case "@graph": complain(&self, "valueObjectGraph", "has @graph", at: member.value)
            case "@language": if context.version > 2 { complain(&self, "valueObjectLanguage", "has @language", at: member.value) }
            default:
                if !member.key.hasPrefix("@") {
                    complain(&self, "valueObjectInvalidProp", "has \"\(member.key)\"", at: member.value)
                } else if context.version > 2 {
                    complain(&self, "valueObjectKeyword", "has \(member.key)", at: member.value)
                }
            }
        }
        guard let inner = value["@value"] else {
            complain(&self, "\(kind)ObjectNoValue", "has no @value")
            return nil
        }
        guard let types = value["@type"] else { return inner }
        guard types.values.count == 1, let type = types.values[0].stringValue else {
            complain(&self, "literalTypeNotSingular", "has more or less than one @type")
            return nil
        }
        return check(inner, declared: type, kind, complain: { complain(&$0, $1, $2) })
    }

    private mutating func check(
        _ inner: JSONTree, declared type: String, _ kind: String, complain: (inout ModelBuilder, String, String) -> Void
    ) -> JSONTree? {
        var datatype = type
        for prefix in ["xsd:", "http://www.w3.org/2001/XMLSchema#"] where type.hasPrefix(prefix) { datatype = String(type.dropFirst(prefix.count)) }
        let isPrefixed = datatype != type
        let wanted = kind == "numeric" ? "decimal" : kind
        if kind == "literal" {
            switch datatype {
            case "string" where isPrefixed:
                if inner.kind == .string { return inner }
                complain(&self, "stringValueNotString", "says it is a string and is none")
            case "integer" where isPrefixed:
                if inner.kind == .number { return inner }
                complain(&self, "integerValueNotInteger", "says it is an integer and is none")
            case "boolean" where isPrefixed:
                if inner.boolValue != nil { return inner }
                complain(&self, "booleanValueNotBoolean", "says it is a boolean and is none")
            default: break
            }
            complain(&self, "literalNotValid", "is no literal of a type that it may have, xsd:integer or xsd:string")
            return nil
        }
        guard isPrefixed, datatype == wanted else {
            let title = wanted.prefix(1).uppercased() + wanted.dropFirst()
            complain(&self, "\(kind)TypeNot\(kind == "numeric" ? "Numeric" : title)", "has an @type other than xsd:\(wanted)")
            return nil
        }
        return inner
    }

    mutating func reportWrong(_ kind: String, _ literal: JSONTree, _ written: JSONTree, property: String, of index: Int) {
        let title = kind == "duration" ? "String" : String(kind.prefix(1).uppercased() + kind.dropFirst())
        let code = written.kind == .object ? "\(kind)ValueNot\(title)" : "\(kind)Not\(title)"
        report(
            code, at: written, element: elements[index].identifier, property: property, cause: "The \"\(property)\" is no \(kind).",
            action: "Write a \(kind) there.")
    }
}
