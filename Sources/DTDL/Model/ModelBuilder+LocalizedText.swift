internal import JSON

extension ModelBuilder {
    /// Reads a localizable string: one text, several with their languages, or a map of languages (DTDL, "displayName" and "description").
    mutating func readLocalized(_ value: JSONTree, property: String, of index: Int, context: ActiveContext, maximumLength: Int?) {
        if value.kind == .object {
            readMap(value, property: property, of: index, maximumLength: maximumLength)
        } else {
            readTagged(value.values, property: property, of: index, context: context, maximumLength: maximumLength)
        }
    }

    // MARK: -

    private mutating func complain(_ code: String, at place: JSONTree, property: String, of index: Int, value: String? = nil, _ what: String) {
        report(
            code, at: place, element: elements[index].identifier, property: property, value: value, cause: "The \"\(property)\" \(what).",
            action: "Write a string, or {\"en\": …, \"de\": …}.")
    }

    private mutating func readMap(_ map: JSONTree, property: String, of index: Int, maximumLength: Int?) {
        let hasTag = map["@language"] != nil && map["@value"]?.stringValue != nil && map.members.count == 2
        if hasTag {
            complain("langTagValueInLangMap", at: map, property: property, of: index, "has @language and @value outside of an array")
        }
        var seen: Set<String> = []
        for member in map.members {
            if member.key.hasPrefix("@") {
                if !hasTag {
                    complain("langMapObjKeyword", at: member.value, property: property, of: index, value: member.key, "has the keyword \(member.key)")
                }
                continue
            }
            if !Self.isLanguage(member.key) {
                complain(
                    "langStringInvalidCode", at: member.value, property: property, of: index, value: member.key,
                    "has \"\(member.key)\" for a language")
            }
            if let text = member.value.stringValue {
                checkLength(text, at: member.value, property: property, of: index, maximumLength)
            } else {
                complain(
                    "langStringValueNotString", at: member.value, property: property, of: index, value: member.key, "has no string for \(member.key)")
            }
            if !seen.insert(member.key).inserted {
                complain("langStringCodeNotUnique", at: member.value, property: property, of: index, value: member.key, "has \(member.key) twice")
            }
        }
    }

    private mutating func readTagged(_ values: [JSONTree], property: String, of index: Int, context: ActiveContext, maximumLength: Int?) {
        var seen: Set<String> = []
        for value in values {
            guard value.kind == .string || value.kind == .object else {
                complain("langStringElementNotStringOrObject", at: value, property: property, of: index, "has a value that is no string")
                continue
            }
            var language = "en"
            var text = value.stringValue
            if value.kind == .object {
                if let tag = value["@language"] {
                    guard let code = tag.stringValue, !code.isEmpty else {
                        complain("langStringElementCodeNotString", at: tag, property: property, of: index, "has a @language that is no string")
                        if tag.kind != .string { complain("langStringElementInvalidCode", at: tag, property: property, of: index, "has no language") }
                        continue
                    }
                    language = code
                    if !Self.isLanguage(code) {
                        complain(
                            "langStringElementInvalidCode", at: tag, property: property, of: index, value: code, "has \"\(code)\" for a language")
                    }
                }
                if let inner = value["@value"] {
                    guard inner.kind == .string else {
                        complain("langStringElementValueNotString", at: inner, property: property, of: index, "has a @value that is no string")
                        continue
                    }
                    text = inner.stringValue
                } else {
                    complain("langStringElementNoValue", at: value, property: property, of: index, "has an object without @value")
                }
                checkMembers(of: value, property: property, of: index, context: context)
            }
            if let text { checkLength(text, at: value, property: property, of: index, maximumLength) }
            if !seen.insert(language).inserted {
                complain("langStringElementCodeNotUnique", at: value, property: property, of: index, value: language, "has \(language) twice")
            }
        }
    }

    private mutating func checkMembers(of value: JSONTree, property: String, of index: Int, context: ActiveContext) {
        let codes = ["@context": "Context", "@id": "Id", "@graph": "Graph", "@type": "Type"]
        for member in value.members where member.key != "@value" && member.key != "@language" {
            let isAlwaysWrong = ["@context", "@id", "@graph"].contains(member.key) || !member.key.hasPrefix("@")
            guard isAlwaysWrong || context.version > 2 else { continue }
            let code = codes[member.key] ?? (member.key.hasPrefix("@") ? "Keyword" : "InvalidProp")
            complain(
                "langStringElement\(code)", at: member.value, property: property, of: index, value: member.key, "has an object with \(member.key)")
        }
    }

    private mutating func checkLength(_ text: String, at place: JSONTree, property: String, of index: Int, _ maximumLength: Int?) {
        guard let maximumLength, text.utf16.count > maximumLength else { return }
        complain(
            "langStringValueTooLong", at: place, property: property, of: index, value: text,
            "has \(text.utf16.count) characters, more than \(maximumLength)")
    }

    /// Two to four letters, perhaps a script, perhaps a region: `en`, `zh-Hans-CN`, `es-419`.
    private static func isLanguage(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard let first = parts.first, (2...4).contains(first.count), first.allSatisfy(isLower) else { return false }
        var rest = parts.dropFirst()
        if let script = rest.first, script.count == 4, let initial = script.first, isUpper(initial), script.dropFirst().allSatisfy(isLower) {
            rest = rest.dropFirst()
        }
        if let region = rest.first {
            guard (region.count == 2 && region.allSatisfy(isUpper)) || (region.count == 3 && region.allSatisfy(LexicalPattern.isDigit)) else {
                return false
            }
            rest = rest.dropFirst()
        }
        return rest.isEmpty
    }

    private static func isLower(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
    private static func isUpper(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") }
}
