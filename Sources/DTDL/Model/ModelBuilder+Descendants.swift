internal import JSON

extension ModelBuilder {
    /// Applies the rules on what lies below elements: nesting, counts, excluded classes, types of values.
    mutating func checkDescendants() {
        for control in metamodel.controls {
            let roots = elements.indices.filter { applies(control, to: $0) }
            guard !roots.isEmpty else { continue }
            if let excluded = control.excludedClass { checkExclusion(control, excluded, of: roots) }
            if let datatype = control.datatypeProperty { for root in roots { checkDatatypes(datatype, at: root) } }
            if !control.maximumDepth.isEmpty, !control.isNarrow { checkDepths(control, of: roots) }
            if !control.maximumCount.isEmpty { checkCounts(control, of: roots) }
        }
    }

    /// Gives each Interface the contents of all that it extends, and checks that extending ends.
    mutating func importContents() {
        for control in metamodel.controls where !control.importedProperties.isEmpty {
            let roots = elements.indices.filter { applies(control, to: $0) }
            let measure = measure(control, .height, of: roots)
            for root in roots where isShallow(measure, root, control) { importContents(into: root, control) }
        }
    }

    // MARK: -

    private func applies(_ control: DescendantControl, to index: Int) -> Bool {
        let element = elements[index]
        return !element.isStandard && element.className == control.rootClass && element.version == control.version
    }

    private func measure(_ control: DescendantControl, _ kind: DescendantMeasure.Kind, of roots: [Int]) -> DescendantMeasure {
        DescendantMeasure(count: elements.count, roots: roots, kind: kind) { index in
            var edges: [DescendantMeasure.Edge] = []
            var properties = elements[index].objects.keys.filter { !control.isNarrow || control.properties.contains($0) }
            if elements[index].importedContents != nil, elements[index].objects["contents"] == nil, control.properties.contains("contents") {
                properties.append("contents")
            }
            for property in properties.sorted() {
                let counts = control.properties.contains(property)
                for next in children(property, of: index) { edges.append((next, counts)) }
            }
            return edges
        }
    }

    private mutating func complain(_ code: String, _ index: Int, property: String? = nil, value: String? = nil, _ cause: String, _ action: String) {
        let element = elements[index]
        report(
            code, line: element.json.line, document: element.document, element: element.identifier, property: property, value: value, cause: cause,
            action: action)
    }

    private mutating func isShallow(_ measure: DescendantMeasure, _ root: Int, _ control: DescendantControl) -> Bool {
        let identifier = elements[root].identifier
        if measure.reachesCycle[root] {
            complain("recursiveStructureNarrow", root, "\"\(identifier)\" extends itself, or something that does.", "Break the cycle.")
            return false
        }
        let height = measure.values[root]
        if let maximum = control.maximumDepth[elements[root].limit], height > maximum {
            complain(
                "excessiveDepthNarrow", root, "Below \"\(identifier)\" Interfaces extend each other \(height) deep, more than \(maximum).",
                "Flatten them.")
            return false
        }
        return true
    }

    private mutating func importContents(into root: Int, _ control: DescendantControl) {
        var contents = elements[root].objects["contents"] ?? []
        var names: [String: Int] = [:]
        for content in contents { names[elements[content].literals["name"]?.text ?? ""] = content }
        var seen: Set<Int> = [root]
        var pending = [root]
        while let source = pending.popLast() {
            if source != root {
                for content in elements[source].objects["contents"] ?? [] {
                    let name = elements[content].literals["name"]?.text ?? ""
                    guard let present = names[name] else {
                        names[name] = content
                        contents.append(content)
                        continue
                    }
                    if present == content { continue }
                    complain(
                        "nonUniqueImportedPropertyValue", root, property: "contents", value: name,
                        "\"\(name)\" is defined here or inherited, and again in \"\(elements[source].identifier)\".", "Rename one of them.")
                }
            }
            for property in control.properties {
                for next in (elements[source].objects[property] ?? []).reversed() where seen.insert(next).inserted { pending.append(next) }
            }
        }
        elements[root].importedContents = contents
    }

    /// How many of the counted properties lie on the longest path below; all properties are followed.
    private mutating func checkDepths(_ control: DescendantControl, of roots: [Int]) {
        let measure = measure(control, .height, of: roots)
        for root in roots {
            guard let maximum = control.maximumDepth[elements[root].limit] else { continue }
            let identifier = elements[root].identifier
            if measure.reachesCycle[root], !control.allowsSelf {
                complain("recursiveStructureWide", root, "The schema \"\(identifier)\" contains itself, or something that does.", "Break the cycle.")
            } else if measure.values[root] > maximum {
                complain(
                    "excessiveDepthWide", root, "The schema \"\(identifier)\" nests \(measure.values[root]) deep, more than \(maximum).",
                    "Flatten it.")
            }
        }
    }

    private mutating func checkExclusion(_ control: DescendantControl, _ excluded: String, of roots: [Int]) {
        let classNames = elements.map(\.className)
        let measure = measure(control, .search { classNames[$0] == excluded }, of: roots)
        for root in roots where measure.values[root] > 0 {
            let found = elements[measure.values[root] - 1].identifier
            complain(
                "excludedType", root, property: control.properties.sorted().joined(separator: " or "), value: found,
                "Below \"\(elements[root].identifier)\" is \"\(found)\", of type \(excluded), which may not be there.",
                "Remove it, or use another type.")
        }
    }

    private mutating func checkCounts(_ control: DescendantControl, of roots: [Int]) {
        let measure = measure(control, .count, of: roots)
        for root in roots {
            guard let maximum = control.maximumCount[elements[root].limit] else { continue }
            let identifier = elements[root].identifier
            if measure.reachesCycle[root], !control.allowsSelf {
                complain("recursiveStructureNarrow", root, "\"\(identifier)\" contains itself, or something that does.", "Break the cycle.")
            } else if measure.values[root] > maximum {
                complain(
                    "excessiveCount", root, "\(measure.values[root]) elements lie below \"\(identifier)\", more than \(maximum).",
                    "Divide the Interface.")
            }
        }
    }

    /// The values of an enumeration are all of the type that it says.
    private mutating func checkDatatypes(_ property: String, at index: Int) {
        guard let schema = elements[index].objects[property]?.first else { return }
        let isInteger = elements[schema].className == "Integer"
        guard isInteger || elements[schema].className == "String" else { return }
        for value in elements[index].objects["enumValues"] ?? [] {
            let isRight =
                switch elements[value].literals["enumValue"] {
                case .integer: isInteger
                case .string: !isInteger
                case .boolean: false
                case nil: true
                }
            if !isRight {
                complain(
                    "nonConformantDatatype", value, property: "enumValue",
                    "The enumValue is no \(isInteger ? "integer" : "string"), which the \(property) asks for.", "Change one of them.")
            }
        }
    }
}
