/// Decides on the schema of each place by what was seen there, in the words of one version of DTDL.
struct SchemaDecision {
    let vocabulary: ModelVocabulary
    let options: InferenceOptions
    let module: String
    let component: String
    /// What is in a property follows other rules than what is in telemetry.
    let isProperty: Bool
    private(set) var remarks: [InferenceRemark] = []

    init(vocabulary: ModelVocabulary, options: InferenceOptions, module: String, component: String, isProperty: Bool) {
        self.vocabulary = vocabulary
        self.options = options
        self.module = module
        self.component = component
        self.isProperty = isProperty
    }

    /// The schema of a capability's values; nil, and a remark, where there is none.
    mutating func schema(of observed: ObservedSchema, name: String) -> InferredSchema? {
        schema(of: observed, at: "/" + name, room: vocabulary.maximumDepth)
    }

    // MARK: -

    private mutating func remark(_ code: InferenceRemark.Code, _ path: String, _ message: String) {
        remarks.append(InferenceRemark(code: code, module: module, component: component, path: path, message: message))
    }

    private mutating func schema(of observed: ObservedSchema, at path: String, room: Int) -> InferredSchema? {
        let kinds = [
            ("boolean", observed.booleans), ("number", observed.numbers), ("string", observed.text.count), ("array", observed.arrays),
            ("object", observed.objects),
        ].filter { $0.1 > 0 }
        guard kinds.count == 1 else {
            if kinds.isEmpty {
                remark(.onlyNull, path, "only null was seen, \(observed.nulls) times; it is left out.")
            } else {
                let counts = kinds.map { "\($0.0) (\($0.1))" }.joined(separator: ", ")
                remark(.typesDiffer, path, "values are of different types, which no schema accepts: \(counts); it is left out.")
            }
            return nil
        }
        if observed.booleans > 0 { return .term("boolean") }
        if observed.numbers > 0 { return number(observed, at: path) }
        if observed.text.count > 0 { return text(observed.text) }
        guard room > 0, !observed.isCut else {
            let limit = room > 0 ? "this looks" : "DTDL v\(vocabulary.version) allows"
            remark(.nestedTooDeep, path, "values nest deeper, or hold more, than \(limit); it is left out.")
            return nil
        }
        return observed.arrays > 0 ? array(observed, at: path, room: room) : object(observed, at: path, room: room)
    }

    private mutating func number(_ observed: ObservedSchema, at path: String) -> InferredSchema {
        if observed.isBeyondDouble { remark(.numberTooLarge, path, "a number is larger than double holds, and no schema accepts it.") }
        switch observed.width {
        case .integer: return .term("integer")
        case .long: return .term("long")
        case .double: return .term("double")
        }
    }

    private func text(_ observed: ObservedText) -> InferredSchema {
        let forms = observed.forms
        if forms.contains(.dateTime) { return .term("dateTime") }
        if forms.contains(.date) { return .term("date") }
        if forms.contains(.time) { return .term("time") }
        if forms.contains(.duration) { return .term("duration") }
        if forms.contains(.uuid), vocabulary.hasUUID { return .term("uuid") }
        return observed.enumeration(options).map { .enumeration($0) } ?? .term("string")
    }

    private mutating func array(_ observed: ObservedSchema, at path: String, room: Int) -> InferredSchema? {
        if isProperty, !vocabulary.hasArraysInProperties {
            remark(.arrayInProperty, path, "DTDL v2 allows no arrays in properties; it is left out.")
            return nil
        }
        guard let element = observed.element.first, element.count > 0 else {
            remark(.onlyEmpty, path, "only arrays without values were seen; that they hold strings is a guess.")
            return .array(.term("string"))
        }
        return schema(of: element, at: path + "/*", room: room - 1).map { .array($0) }
    }

    private mutating func object(_ observed: ObservedSchema, at path: String, room: Int) -> InferredSchema? {
        guard observed.members > 0 else {
            remark(.onlyEmpty, path, "only objects without members were seen; that they are maps of strings is a guess.")
            return .map(.term("string"))
        }
        if let standard = StandardShape(observed), standard.depth <= room, !isProperty || !standard.hasArrays || vocabulary.hasArraysInProperties {
            if !standard.isCentral { return .term(standard.term) }
            if vocabulary.hasCentralTerms { return .centralTerm(standard.term) }
        }
        if looksLikeData(observed), let value = map(observed, at: path, room: room) { return .map(value) }
        return fields(of: observed, at: path, room: room)
    }

    // MARK: - Maps

    /// Whether the keys of objects look like data rather than names.
    private func looksLikeData(_ observed: ObservedSchema) -> Bool {
        if !observed.rest.isEmpty || observed.fields.count > options.mapKeys { return true }
        if observed.fields.contains(where: { !ModelName.isLegal($0.name, maximumBytes: vocabulary.maximumNameBytes) }) { return true }
        return observed.fields.count >= options.mapChangingKeys && observed.members * 2 <= observed.objects * observed.fields.count
    }

    /// The schema of all values of an object, if there is one that leaves nothing out.
    private mutating func map(_ observed: ObservedSchema, at path: String, room: Int) -> InferredSchema? {
        var attempt = SchemaDecision(vocabulary: vocabulary, options: options, module: module, component: component, isProperty: isProperty)
        let value = attempt.schema(of: observed.values(options), at: path + "/*", room: room - 1)
        guard let value, !attempt.remarks.contains(where: \.isLoss) else { return nil }
        remarks += attempt.remarks
        return value
    }

    // MARK: - Objects

    private mutating func fields(of observed: ObservedSchema, at path: String, room: Int) -> InferredSchema? {
        var fields: [(name: String, schema: InferredSchema)] = []
        var leftOut = 0
        for field in observed.fields {
            let place = path + "/" + Self.escaped(field.name)
            guard ModelName.isLegal(field.name, maximumBytes: vocabulary.maximumNameBytes) else {
                remark(.nameIllegal, place, "\"\(field.name)\" is no name that DTDL v\(vocabulary.version) allows; it is left out.")
                continue
            }
            guard fields.count < vocabulary.maximumFields else {
                leftOut += 1
                continue
            }
            if let schema = schema(of: field.schema, at: place, room: room - 1) { fields.append((field.name, schema)) }
        }
        if leftOut > 0 {
            remark(.tooMany, path, "DTDL v\(vocabulary.version) allows \(vocabulary.maximumFields) fields; \(leftOut) more are left out.")
        }
        if !observed.rest.isEmpty {
            remark(
                .tooMany, path, "there are more keys than are held here, or longer ones; those after the first \(observed.fields.count) are left out."
            )
        }
        guard !fields.isEmpty else {
            remark(.typesDiffer, path, "none of its fields can be modeled; it is left out.")
            return nil
        }
        return .object(fields)
    }

    /// A name as a reference token (RFC 6901 §3).
    static func escaped(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
        return name.map { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }.joined()
    }
}

/// An object of a shape that DTDL or IoT Central has a schema for: `geopoint`, `vector` and the geometries of GeoJSON.
struct StandardShape {
    let term: String
    /// Whether the term is IoT Central's.
    let isCentral: Bool
    /// How many levels it takes.
    let depth: Int

    var hasArrays: Bool { !isCentral }

    /// The shape that every object in a place has.
    init?(_ observed: ObservedSchema) {
        guard observed.rest.isEmpty, !observed.isCut else { return nil }
        var fields: [String: ObservedSchema] = [:]
        for field in observed.fields { fields[field.name] = field.schema }
        let isEverywhere = { (name: String) in fields[name].map { $0.count + $0.nulls >= observed.objects } ?? false }
        let areNumbers = fields.values.allSatisfy { $0.numbers == $0.count && $0.nulls == 0 && !$0.isBeyondDouble }
        if areNumbers, fields.count == (fields["alt"] == nil ? 2 : 3), isEverywhere("lat"), isEverywhere("lon") {
            (term, isCentral, depth) = ("geopoint", true, 1)
        } else if areNumbers, fields.count == 3, ["x", "y", "z"].allSatisfy(isEverywhere) {
            (term, isCentral, depth) = ("vector", true, 1)
        } else if fields.count == 2, isEverywhere("type"), isEverywhere("coordinates"), let geometry = Self.geometry(fields) {
            (term, isCentral, depth) = (geometry.term, false, geometry.nesting + 1)
        } else {
            return nil
        }
    }

    private static let geometries: [String: (term: String, nesting: Int)] = [
        "Point": ("point", 1), "LineString": ("lineString", 2), "MultiPoint": ("multiPoint", 2), "Polygon": ("polygon", 3),
        "MultiLineString": ("multiLineString", 3), "MultiPolygon": ("multiPolygon", 4),
    ]

    /// RFC 7946 §3.1: one type for all, and coordinates that nest as deep as it asks for.
    private static func geometry(_ fields: [String: ObservedSchema]) -> (term: String, nesting: Int)? {
        guard let type = fields["type"], type.text.count == type.count, let name = type.text.constant, let geometry = geometries[name],
            var level = fields["coordinates"]
        else { return nil }
        for _ in 0..<geometry.nesting {
            guard level.arrays == level.count, level.nulls == 0, let element = level.element.first else { return nil }
            level = element
        }
        return level.numbers == level.count && level.nulls == 0 && !level.isBeyondDouble && level.count > 0 ? geometry : nil
    }
}
