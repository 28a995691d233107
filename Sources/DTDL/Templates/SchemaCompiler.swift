internal import JSON

/// Turns the schemas of a template into programs, each once.
struct SchemaCompiler {
    private(set) var programs = SchemaPrograms()
    var issues: [TemplateIssue] = []
    /// Everything in the template that has an `@id`, so that a schema may be named instead of written out.
    let elements: [String: JSONTree]
    private var compiledByID: [String: Int32] = [:]
    private var compiledByTerm: [Substring: Int32] = [:]
    /// Elements that were named and have a node each, but are not compiled yet: a chain of them, however long, is no chain of calls.
    private var pending: [(node: Int32, element: JSONTree)] = []

    init(elements: [String: JSONTree]) {
        self.elements = elements
    }

    /// The program of what stands under `schema`, `elementSchema` and the like; `owner` is what has it.
    mutating func compile(_ schema: JSONTree?, of owner: JSONTree) -> Int32 {
        let program = node(of: schema, in: owner)
        while let (node, element) = pending.popLast() { programs.nodes[Int(node)] = body(of: element) }
        return program
    }

    private mutating func node(of schema: JSONTree?, in owner: JSONTree) -> Int32 {
        guard let schema = schema?.single else {
            report(owner, "\(describe(owner)) has no schema, so every value passes; give it one.")
            return unknown()
        }
        if let text = schema.stringValue { return compile(reference: text, at: schema) }
        guard schema.kind == .object else {
            report(schema, "The schema of \(describe(owner)) is neither a name nor an object, so every value passes.")
            return unknown()
        }
        return compile(element: schema)
    }

    /// The program of the same schema with IoT Central's limits on its values, if `owner` has any.
    mutating func limit(_ node: Int32, by owner: JSONTree) -> Int32 {
        var limits = ValueLimits()
        switch programs.nodes[Int(node)].operation {
        case .float, .double, .signedInteger, .unsignedInteger:
            limits.minimum = owner.property("minValue")?.literal.doubleValue
            limits.maximum = owner.property("maxValue")?.literal.doubleValue
            limits.decimalPlaces = owner.property("decimalPlaces")?.literal.integerValue.map(Int.init)
        case .string:
            limits.minimumLength = owner.property("minLength")?.literal.integerValue.map(Int.init)
            limits.maximumLength = owner.property("maxLength")?.literal.integerValue.map(Int.init)
        default: break
        }
        guard !limits.isEmpty else { return node }
        var limited = programs.nodes[Int(node)]
        limited.limits = Int32(programs.limits.count)
        programs.limits.append(limits)
        return append(limited)
    }

    // MARK: -

    private mutating func compile(reference text: String, at place: JSONTree) -> Int32 {
        if let element = elements[text] { return compile(element: element) }
        let term = TemplateTerms.short(text)
        if let known = compiledByTerm[term] { return known }
        guard let node = primitive(term) ?? standardObject(term) else {
            report(
                place,
                "The schema \"\(text)\" is neither a term of DTDL nor an element of the template, so every value passes; define it or correct it.")
            return unknown()
        }
        compiledByTerm[term] = node
        return node
    }

    private mutating func compile(element: JSONTree) -> Int32 {
        guard let identifier = element.identifier else {
            let index = append(SchemaNode(operation: .unknown))
            programs.nodes[Int(index)] = body(of: element)
            return index
        }
        if let known = compiledByID[identifier] { return known }
        // The place is taken first, so that a schema that contains itself finds it.
        let index = append(SchemaNode(operation: .unknown))
        compiledByID[identifier] = index
        pending.append((index, element))
        return index
    }

    private mutating func body(of element: JSONTree) -> SchemaNode {
        let types = element.types
        if types.contains("Enum") || element.property("enumValues") != nil { return enumeration(element) }
        if types.contains("Array") || element.property("elementSchema") != nil {
            return SchemaNode(operation: .array, first: node(of: element.property("elementSchema"), in: element))
        }
        if types.contains("Map") || element.property("mapValue") != nil {
            let value = element.property("mapValue")?.single
            return SchemaNode(operation: .map, first: node(of: value?.property("schema"), in: value ?? element))
        }
        if types.contains("Object") || element.property("fields") != nil { return object(element) }
        report(element, "The schema element \(describe(element)) is no Array, Enum, Map or Object, so every value passes.")
        return SchemaNode(operation: .unknown)
    }

    private mutating func object(_ element: JSONTree) -> SchemaNode {
        var fields: [(name: String, node: Int32, isRequired: Bool)] = []
        for field in element.property("fields")?.values ?? [] {
            guard let name = field.text("name") else {
                report(field, code: .nameMissing, "A field of \(describe(element)) has no name and is left out.")
                continue
            }
            fields.append((name, node(of: field.property("schema"), in: field), field.types.contains("Required")))
        }
        return object(fields)
    }

    private mutating func object(_ fields: [(name: String, node: Int32, isRequired: Bool)]) -> SchemaNode {
        let scope = programs.names.makeScope()
        var required: [Int32] = []
        for field in fields {
            let index = Int32(programs.fields.count)
            guard programs.names.insert(field.name, scope: scope, value: index) == index else { continue }
            programs.fields.append(
                SchemaField(name: field.name, node: field.node, requiredIndex: field.isRequired ? Int32(required.count) : -1))
            if field.isRequired { required.append(index) }
        }
        if !required.isEmpty { programs.requiredFields[scope] = required }
        return SchemaNode(operation: .object, first: scope, count: Int32(required.count))
    }

    private mutating func enumeration(_ element: JSONTree) -> SchemaNode {
        let values = (element.property("enumValues")?.values ?? []).compactMap { $0.property("enumValue")?.literal }
        let valueSchema = element.property("valueSchema")?.single.stringValue.map(TemplateTerms.short)
        let isInteger = valueSchema.map { $0 != "string" } ?? values.allSatisfy { $0.kind == .number }
        if isInteger {
            let first = Int32(programs.integers.count)
            let integers = values.compactMap(\.integerValue).sorted()
            programs.integers.append(contentsOf: integers)
            // An empty enumeration shares its start with the next one; its words would be wrong there, so it has none.
            if !integers.isEmpty { programs.enumerations[first] = Self.words("integer", integers.map { "\($0)" }) }
            return SchemaNode(operation: .integerEnum, first: first, count: Int32(integers.count))
        }
        let texts = values.compactMap(\.stringValue)
        return stringEnumeration(texts)
    }

    private mutating func stringEnumeration(_ texts: [String]) -> SchemaNode {
        let scope = programs.names.makeScope()
        for text in texts { programs.names.insert(text, scope: scope, value: 0) }
        // Scopes and integer positions share the table of words: scopes count from -1 downwards there.
        programs.enumerations[-1 - scope] = Self.words("string", texts.map { "\"\($0)\"" })
        return SchemaNode(operation: .stringEnum, first: scope, count: Int32(texts.count))
    }

    /// The first values of an enumeration, enough to recognise it by.
    private static func words(_ kind: String, _ values: [String]) -> String {
        var text = "\(kind) enumeration ("
        for (index, value) in values.enumerated() {
            if text.utf8.count + value.utf8.count > 160 { return text + "… \(values.count) values)" }
            text += index == 0 ? value : ", \(value)"
        }
        return text + ")"
    }

    private mutating func primitive(_ term: Substring) -> Int32? {
        let node: SchemaNode
        switch term {
        case "boolean": node = SchemaNode(operation: .boolean)
        case "byte": node = SchemaNode(operation: .signedInteger, first: 8)
        case "short": node = SchemaNode(operation: .signedInteger, first: 16)
        case "integer": node = SchemaNode(operation: .signedInteger, first: 32)
        case "long": node = SchemaNode(operation: .signedInteger, first: 64)
        case "unsignedByte": node = SchemaNode(operation: .unsignedInteger, first: 8)
        case "unsignedShort": node = SchemaNode(operation: .unsignedInteger, first: 16)
        case "unsignedInteger": node = SchemaNode(operation: .unsignedInteger, first: 32)
        case "unsignedLong": node = SchemaNode(operation: .unsignedInteger, first: 64)
        case "float": node = SchemaNode(operation: .float)
        case "double": node = SchemaNode(operation: .double)
        case "decimal": node = SchemaNode(operation: .decimal)
        case "string": node = SchemaNode(operation: .string)
        case "date": node = SchemaNode(operation: .date)
        case "time": node = SchemaNode(operation: .time)
        case "dateTime": node = SchemaNode(operation: .dateTime)
        case "duration": node = SchemaNode(operation: .duration)
        case "bytes": node = SchemaNode(operation: .bytes)
        case "uuid": node = SchemaNode(operation: .uuid)
        default: return nil
        }
        return append(node)
    }

    /// The objects that DTDL and IoT Central define: geospatial ones after GeoJSON, `geopoint`, `vector` and `scaledDecimal`.
    private mutating func standardObject(_ term: Substring) -> Int32? {
        switch term {
        case "point": return geospatial("Point", nesting: 1)
        case "lineString": return geospatial("LineString", nesting: 2)
        case "multiPoint": return geospatial("MultiPoint", nesting: 2)
        case "polygon": return geospatial("Polygon", nesting: 3)
        case "multiLineString": return geospatial("MultiLineString", nesting: 3)
        case "multiPolygon": return geospatial("MultiPolygon", nesting: 4)
        case "geopoint":
            var node = standard(["lat", "lon", "alt"], of: append(SchemaNode(operation: .double)))
            node.operation = .geopoint
            return append(node)
        case "vector": return append(standard(["x", "y", "z"], of: append(SchemaNode(operation: .double))))
        case "scaledDecimal":
            let value = append(SchemaNode(operation: .decimal))
            let scale = append(SchemaNode(operation: .signedInteger, first: 16))
            return append(object([("value", value, false), ("scale", scale, false)]))
        default: return nil
        }
    }

    private mutating func standard(_ names: [String], of node: Int32) -> SchemaNode {
        object(names.map { ($0, node, false) })
    }

    private mutating func geospatial(_ name: String, nesting: Int) -> Int32 {
        let type = append(stringEnumeration([name]))
        var coordinates = append(SchemaNode(operation: .double))
        for _ in 0..<nesting { coordinates = append(SchemaNode(operation: .array, first: coordinates)) }
        return append(object([("type", type, false), ("coordinates", coordinates, false)]))
    }

    private mutating func unknown() -> Int32 { append(SchemaNode(operation: .unknown)) }

    private mutating func append(_ node: SchemaNode) -> Int32 {
        programs.nodes.append(node)
        return Int32(programs.nodes.count - 1)
    }

    private mutating func report(_ element: JSONTree, code: TemplateIssue.Code = .schemaUnknown, _ message: String) {
        issues.append(TemplateIssue(code: code, message: message, line: element.line, identifier: nil))
    }

    private func describe(_ element: JSONTree) -> String {
        (element.text("name") ?? element.identifier).map { "\"\($0)\"" } ?? "the element on line \(element.line)"
    }
}
