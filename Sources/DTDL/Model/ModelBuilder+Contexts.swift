internal import JSON

extension ModelBuilder {
    /// The contexts in force at an element; nil after an error, since nothing in the element can then be understood.
    mutating func context(of element: JSONTree, within outer: ActiveContext) -> ActiveContext? {
        guard let value = element["@context"] else {
            if outer.language == nil {
                report(
                    "missingContext", at: element, cause: "The element has no @context.",
                    action: "Begin it with \"@context\": \"dtmi:dtdl:context;3\", or the version that the model is written in.")
                return nil
            }
            return outer
        }
        let specifiers = value.values
        if specifiers.isEmpty {
            if outer.language != nil { return outer }
            report("emptyContext", at: value, cause: "The @context is empty.", action: "Name a DTDL context, such as \"dtmi:dtdl:context;3\".")
            return nil
        }
        for specifier in specifiers where specifier.kind != .string && specifier.kind != .object {
            report(
                "invalidContext", at: specifier, cause: "A @context holds something that is neither a string nor an object.",
                action: "Remove it, or write the context's identifier.")
            return nil
        }
        return read(specifiers, within: outer)
    }

    private mutating func read(_ specifiers: [JSONTree], within outer: ActiveContext) -> ActiveContext? {
        var context = outer
        var rest = specifiers[...]
        var preface: [MetaContext] = []
        while let first = rest.first, let known = impliedContext(first) {
            preface.append(known)
            rest.removeFirst()
        }
        while let first = rest.first, let text = first.stringValue, text.hasPrefix(Metamodel.dtdlContextName + ";") {
            guard let language = language(text, at: first) else { return nil }
            rest.removeFirst()
            context.language = language
            context.limit = ""
            if text.hasSuffix("#limitless") {
                guard let next = rest.first, let limit = limit(next, version: language.majorVersion) else {
                    if rest.first?.stringValue.map({ isDisallowedLimit($0, version: language.majorVersion) }) ?? false { return nil }
                    report(
                        "missingLimitContext", at: first, value: text,
                        cause: "The context \"\(text)\" is not followed at once by one that sets limits.",
                        action: "Put \"\(Metamodel.dtdlContextName);\(language.majorVersion)#limits\" or an accepted limit extension after it.")
                    return nil
                }
                context.limit = limit
                rest.removeFirst()
            }
        }
        guard context.language != nil else {
            report(
                "missingDtdlContext", at: specifiers[0], cause: "The @context does not name a DTDL context first.",
                action: "Put \"dtmi:dtdl:context;3\", or the version that the model is written in, in its first place.")
            return nil
        }
        for known in preface { context.add(known) }
        if let last = rest.last, last.kind == .object {
            report(
                "disallowedLocalContext", at: last, cause: "The @context defines terms of its own, which DTDL v\(context.version) does not allow.",
                action: "Remove the object from the @context.")
            checkTerms(of: last)
            return nil
        }
        for specifier in rest {
            guard add(specifier, to: &context) else { return nil }
        }
        return context
    }

    /// IoT Central writes its own context before the DTDL context; that is known to mean DTDL v2.
    private func impliedContext(_ specifier: JSONTree) -> MetaContext? {
        guard let identifier = specifier.stringValue.flatMap(DTMI.init), identifier.fragment.isEmpty, identifier.minorVersion == 0,
            let context = metamodel.contexts[identifier.versionless]?[identifier.majorVersion], context.impliedVersion != nil
        else { return nil }
        return context
    }

    private mutating func language(_ text: String, at place: JSONTree) -> MetaContext? {
        guard let identifier = DTMI(text) else { return refuse("invalidContextSpecifier", text, place, "is not a DTMI") }
        let fragment = identifier.fragment
        if fragment != "", fragment != "#limitless", fragment != "#limits" {
            return refuse("invalidContextFragment", text, place, "has the fragment \(fragment), which is neither #limitless nor #limits")
        }
        if fragment != "", identifier.majorVersion != 4 {
            return refuse("disallowedContextFragment", text, place, "has a fragment, which only DTDL v4 knows")
        }
        if identifier.majorVersion == 0 { return refuse("missingContextVersion", text, place, "has no version") }
        if fragment == "#limits" { return refuse("misplacedLimitContext", text, place, "sets limits, but does not follow a #limitless context") }
        guard identifier.minorVersion == 0, let context = metamodel.contexts[Metamodel.dtdlContextName]?[identifier.majorVersion] else {
            return refuse("unrecognizedContextVersion", text, place, "has a version that is not known; known are 2, 3 and 4")
        }
        if identifier.majorVersion > options.maximumVersion {
            return refuse("disallowedContextVersion", text, place, "is above DTDL v\(options.maximumVersion), the highest that is accepted here")
        }
        return context
    }

    private mutating func add(_ specifier: JSONTree, to context: inout ActiveContext) -> Bool {
        guard let text = specifier.stringValue else {
            report(
                "localContextNotLast", at: specifier, cause: "An object in the @context stands before other contexts.", action: "Remove it.")
            report(
                "disallowedLocalContext", at: specifier,
                cause: "The @context defines terms of its own, which DTDL v\(context.version) does not allow.",
                action: "Remove the object from the @context.")
            checkTerms(of: specifier)
            return false
        }
        func refuse(_ code: String, _ why: String) -> Bool {
            _ = self.refuse(code, text, specifier, why)
            return false
        }
        if text.hasPrefix(Metamodel.dtdlContextName + ";") {
            return refuse("dtdlContextFollowsAffiliate", "stands after the context of an extension")
        }
        guard text.hasPrefix("dtmi:") else { return refuse("nonDtmiContextSpecifier", "is not a DTMI") }
        guard let identifier = DTMI(text), identifier.fragment.isEmpty else {
            return refuse("invalidContextSpecifier", "is not a DTMI for a context")
        }
        if identifier.majorVersion == 0 {
            _ = refuse("missingContextVersion", "has no version")
            return refuse("invalidContextSpecifierForVersion", "is not an identifier that a context of DTDL v\(context.version) can have")
        }
        guard DTMI.isUserIdentifier(text, version: context.version) else {
            return refuse("invalidContextSpecifierForVersion", "is not an identifier of DTDL v\(context.version)")
        }
        let allowsUnknown =
            switch options.undefinedExtensions {
            case .always: true
            case .never: false
            case .byVersion: context.version == 2
            }
        guard let versions = metamodel.contexts[identifier.versionless] else {
            if !allowsUnknown { return refuse("unresolvableContextSpecifier", "is not known") }
            context.addUnknown(text)
            return true
        }
        guard identifier.minorVersion == 0, let known = versions[identifier.majorVersion] else {
            if !allowsUnknown { return refuse("unresolvableContextVersion", "is known in other versions only") }
            context.addUnknown(text)
            return true
        }
        if known.limits != nil { return refuse("misplacedLimitContext", "sets limits, but does not follow a #limitless context") }
        context.add(known)
        return true
    }

    /// The limits that a context sets where one must; nil if it sets none.
    private mutating func limit(_ specifier: JSONTree, version: Int) -> String? {
        guard let text = specifier.stringValue, let identifier = DTMI(text) else { return nil }
        if text.hasPrefix(Metamodel.dtdlContextName + ";") {
            return identifier.fragment != "#limitless" && identifier.majorVersion == version ? "" : nil
        }
        guard isDisallowedLimit(text, version: version) || limitContext(identifier, version: version) != nil else { return nil }
        guard let context = limitContext(identifier, version: version), isAcceptable(identifier) else {
            _ = refuse("disallowedLimitContext", text, specifier, "sets limits that are not accepted here")
            return nil
        }
        return context.limits
    }

    private func limitContext(_ identifier: DTMI, version: Int) -> MetaContext? {
        guard identifier.fragment.isEmpty, identifier.minorVersion == 0,
            let context = metamodel.contexts[identifier.versionless]?[identifier.majorVersion],
            context.limitsVersion == version
        else { return nil }
        return context
    }

    private func isDisallowedLimit(_ text: String, version: Int) -> Bool {
        guard let identifier = DTMI(text) else { return false }
        return limitContext(identifier, version: version) != nil && !isAcceptable(identifier)
    }

    private func isAcceptable(_ identifier: DTMI) -> Bool {
        options.acceptableLimits.compactMap(DTMI.init).contains {
            $0.versionless == identifier.versionless && ($0.majorVersion == 0 || $0.majorVersion == identifier.majorVersion)
        }
    }

    private mutating func refuse(_ code: String, _ text: String, _ place: JSONTree, _ why: String) -> MetaContext? {
        report(
            code, at: place, value: text, cause: "The context \"\(text)\" \(why).",
            action: "Correct it or remove it; see the specification's chapter on contexts.")
        return nil
    }
}
