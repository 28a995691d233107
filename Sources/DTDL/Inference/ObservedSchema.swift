internal import JSON

/// What observing shares: the options, and how many places may still be held.
struct Observing {
    let options: InferenceOptions
    var placesLeft: Int
    /// Room for a string with its escapes undone.
    var text: [UInt8] = []

    init(options: InferenceOptions) {
        self.options = options
        placesLeft = options.maximumPlaces
    }

    /// Takes a place, if one is left.
    mutating func takePlace() -> Bool {
        guard placesLeft > 0 else { return false }
        placesLeft -= 1
        return true
    }
}

/// All that was seen of the values in one place: of a capability, a field, the elements of an array. Observing a value widens it; nothing narrows it, and
/// the order of values does not matter as long as bounds are not met.
struct ObservedSchema: Sendable {
    /// The narrowest number schema that accepts all.
    enum Width: Int, Sendable {
        case integer, long, double
    }

    struct Field: Sendable {
        let name: String
        var schema: ObservedSchema
    }

    var nulls = 0
    var booleans = 0
    var numbers = 0
    var width = Width.integer
    /// Whether a number is larger than a double holds.
    var isBeyondDouble = false
    var text = ObservedText()
    var arrays = 0
    /// What the elements of arrays are; none or one.
    var element: [ObservedSchema] = []
    var objects = 0
    /// How many members all objects have together.
    var members = 0
    var fields: [Field] = []
    private var fieldIndices: [String: Int] = [:]
    /// What the values of further keys are, which are not held by name; none or one.
    var rest: [ObservedSchema] = []
    /// Whether objects or arrays were too deep, or too many, to be looked into.
    var isCut = false

    /// How many values there were, without null.
    var count: Int { booleans + numbers + text.count + arrays + objects }

    /// Widens it by a value.
    mutating func observe(_ value: JSONNode, in document: borrowing JSONDocument, origin: UInt64, depth: Int, _ observing: inout Observing) {
        switch document.kind(value) {
        case .null: nulls += 1
        case .trueValue, .falseValue: booleans += 1
        case .number: observe(number: value, in: document)
        case .string:
            observing.text.removeAll(keepingCapacity: true)
            document.unescape(value, into: &observing.text)
            text.observe(observing.text, origin: origin, options: observing.options)
        case .array:
            arrays += 1
            observe(elementsOf: value, in: document, origin: origin, depth: depth + 1, &observing)
        case .object:
            objects += 1
            observe(membersOf: value, in: document, origin: origin, depth: depth + 1, &observing)
        }
    }

    private mutating func observe(number: JSONNode, in document: borrowing JSONDocument) {
        numbers += 1
        switch NumberToken.integral(Span(_bytes: document.text(number))) {
        case .value(let magnitude, let isNegative):
            if IntegralRange.signed(bits: 32).contains(magnitude: magnitude, isNegative: isNegative) { return }
            widen(to: IntegralRange.signed(bits: 64).contains(magnitude: magnitude, isNegative: isNegative) ? .long : .double)
        case .notIntegral, .beyond64Bits:
            widen(to: .double)
            if document.double(number) == nil { isBeyondDouble = true }
        }
    }

    private mutating func widen(to other: Width) {
        if other.rawValue > width.rawValue { width = other }
    }

    private mutating func observe(
        elementsOf array: JSONNode, in document: borrowing JSONDocument, origin: UInt64, depth: Int, _ observing: inout Observing
    ) {
        guard var next = document.firstElement(of: array) else { return }
        if element.isEmpty {
            guard depth <= observing.options.maximumDepth, observing.takePlace() else {
                isCut = true
                return
            }
            element.append(ObservedSchema())
        }
        while true {
            element[0].observe(next, in: document, origin: origin, depth: depth, &observing)
            guard let following = document.nextElement(after: next, in: array) else { return }
            next = following
        }
    }

    private mutating func observe(
        membersOf object: JSONNode, in document: borrowing JSONDocument, origin: UInt64, depth: Int, _ observing: inout Observing
    ) {
        var next = document.firstMember(of: object)
        if next != nil, depth > observing.options.maximumDepth {
            isCut = true
            return
        }
        while let member = next {
            members += 1
            let name = document.string(member.key)
            if let index = index(of: name, &observing) {
                fields[index].schema.observe(member.value, in: document, origin: origin, depth: depth, &observing)
            } else {
                if rest.isEmpty { rest.append(ObservedSchema()) }
                rest[0].observe(member.value, in: document, origin: origin, depth: depth, &observing)
            }
            next = document.nextMember(after: member, in: object)
        }
    }

    /// Where the field of a name is, which is made where there is room; nil where there is none.
    private mutating func index(of name: String, _ observing: inout Observing) -> Int? {
        // Strings of Swift are equal where JSON's are not: a composed and a decomposed letter. Such keys are no legal names, so at worst a map has one fewer.
        if let index = fieldIndices[name] { return index }
        guard fields.count < observing.options.maximumFields, name.utf8.count <= ModelName.maximumBytes, observing.takePlace() else { return nil }
        fieldIndices[name] = fields.count
        fields.append(Field(name: name, schema: ObservedSchema()))
        return fields.count - 1
    }
}

extension ObservedSchema {
    /// Widens it by all that was seen in another place.
    mutating func merge(_ other: ObservedSchema, options: InferenceOptions) {
        nulls += other.nulls
        booleans += other.booleans
        numbers += other.numbers
        widen(to: other.width)
        isBeyondDouble = isBeyondDouble || other.isBeyondDouble
        text.merge(other.text, options: options)
        arrays += other.arrays
        Self.merge(other.element, into: &element, options: options)
        objects += other.objects
        members += other.members
        for field in other.fields {
            if let index = fieldIndices[field.name] {
                fields[index].schema.merge(field.schema, options: options)
            } else if fields.count < options.maximumFields {
                fieldIndices[field.name] = fields.count
                fields.append(field)
            } else {
                Self.merge([field.schema], into: &rest, options: options)
            }
        }
        Self.merge(other.rest, into: &rest, options: options)
        isCut = isCut || other.isCut
    }

    private static func merge(_ others: [ObservedSchema], into schemas: inout [ObservedSchema], options: InferenceOptions) {
        for other in others {
            if schemas.isEmpty {
                schemas.append(other)
            } else {
                schemas[0].merge(other, options: options)
            }
        }
    }

    /// What the values of an object's keys are, all together.
    func values(_ options: InferenceOptions) -> ObservedSchema {
        var values = ObservedSchema()
        for field in fields { values.merge(field.schema, options: options) }
        for schema in rest { values.merge(schema, options: options) }
        return values
    }
}
