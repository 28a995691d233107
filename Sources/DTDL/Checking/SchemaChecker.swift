public import JSON

/// Checks values against compiled schemas: a walk over the JSON tape that allocates nothing while values are right.
///
/// Keep one for many checks, so that its small stacks are reused. The verdicts are those of the DTDL metamodel's instance criteria, on the lexical
/// token: `3.0` and `1e2` are no integers, `"1"` is not `1`, a `dateTime` has an offset.
public struct SchemaChecker: Sendable {
    /// The choices that hold for this checker.
    public var options: CheckOptions
    /// Deeper values are a fault instead of more stack.
    private static let maximumDepth = 128

    private var path: [PathStep] = []
    /// One bit for each required field seen, for the objects that are open.
    private var seen: [UInt64] = []
    /// Room for a string with its escapes undone.
    private var unescaped: [UInt8] = []

    /// A checker with these choices.
    public init(options: CheckOptions = CheckOptions()) {
        self.options = options
    }

    /// Checks one value.
    ///
    /// - Parameters:
    ///   - value: the value, in `document`.
    ///   - document: the tape it is on.
    ///   - program: the schema's number in `programs`.
    ///   - programs: the schemas of a template.
    ///   - faults: what is wrong is appended, at most `options.maximumFaults`.
    /// - Returns: whether nothing was appended.
    @discardableResult
    public mutating func check(
        _ value: JSONNode, in document: borrowing JSONDocument, program: Int, of programs: borrowing SchemaPrograms, into faults: inout [SchemaFault]
    ) -> Bool {
        // Both are empty already but after a check that ended early; asking costs less than making sure that nobody else holds them.
        if !path.isEmpty { path.removeAll(keepingCapacity: true) }
        if !seen.isEmpty { seen.removeAll(keepingCapacity: true) }
        let before = faults.count
        walk(value, document, Int32(program), programs, &faults, limit: before + options.maximumFaults)
        return faults.count == before
    }

    // MARK: - One value

    private mutating func walk(
        _ value: JSONNode, _ document: borrowing JSONDocument, _ index: Int32, _ programs: borrowing SchemaPrograms, _ faults: inout [SchemaFault],
        limit: Int
    ) {
        let node = programs.nodes[Int(index)]
        if faults.count >= limit || node.operation == .unknown { return }
        guard path.count < Self.maximumDepth else { return report(.tooDeep, value, document, node, programs, &faults) }
        let kind = document.kind(value)
        if kind == .null {
            if options.nullValue == .report { report(.valueNull, value, document, node, programs, &faults) }
            return
        }
        guard node.operation.accepts(kind) else { return report(.schemaMismatch, value, document, node, programs, &faults) }
        switch node.operation {
        case .boolean, .unknown: break
        case .array: walkElements(of: value, document, node.first, programs, &faults, limit: limit)
        case .map: walkMap(value, document, node.first, programs, &faults, limit: limit)
        case .object, .geopoint: walkObject(value, document, node, programs, &faults, limit: limit)
        default:
            if let fault = scalarFault(of: value, document, node, programs) {
                report(fault, value, document, node, programs, &faults)
            } else if node.limits >= 0, options.limits == .report,
                let fault = limitFault(of: value, document, programs.limits[Int(node.limits)])
            {
                report(fault, value, document, node, programs, &faults)
            }
        }
    }

    private mutating func scalarFault(
        of value: JSONNode, _ document: borrowing JSONDocument, _ node: SchemaNode, _ programs: borrowing SchemaPrograms
    ) -> SchemaFault.Kind? {
        switch node.operation {
        case .signedInteger, .unsignedInteger, .integerEnum:
            return integralFault(document.text(value), node, programs)
        case .double: return document.double(value) == nil ? .numberOutOfRange : nil
        case .float: return document.double(value).map { Float($0).isFinite } ?? false ? nil : .numberOutOfRange
        case .string: return nil
        default: break
        }
        if document.hasEscapes(value) {
            unescaped.removeAll(keepingCapacity: true)
            document.unescape(value, into: &unescaped)
            return Self.textFault(unescaped.span, node, programs, options)
        }
        return Self.textFault(Span(_bytes: document.text(value)), node, programs, options)
    }

    private func integralFault(_ text: RawSpan, _ node: SchemaNode, _ programs: borrowing SchemaPrograms) -> SchemaFault.Kind? {
        switch NumberToken.integral(Span(_bytes: text)) {
        case .notIntegral: return .numberNotInteger
        case .beyond64Bits: return node.operation == .integerEnum ? .enumUnknown : .numberOutOfRange
        case .value(let magnitude, let isNegative):
            if node.operation == .integerEnum {
                return programs.contains(magnitude: magnitude, isNegative: isNegative, in: node) ? nil : .enumUnknown
            }
            if node.operation == .unsignedInteger {
                if isNegative { return magnitude == 0 ? .numberNotInteger : .numberOutOfRange }
                return IntegralRange.unsigned(bits: Int(node.first)).contains(magnitude: magnitude, isNegative: false) ? nil : .numberOutOfRange
            }
            return IntegralRange.signed(bits: Int(node.first)).contains(magnitude: magnitude, isNegative: isNegative) ? nil : .numberOutOfRange
        }
    }

    private static func textFault(
        _ text: Span<UInt8>, _ node: SchemaNode, _ programs: borrowing SchemaPrograms, _ options: CheckOptions
    ) -> SchemaFault.Kind? {
        switch node.operation {
        case .stringEnum: programs.names.find(text, scope: node.first) == nil ? .enumUnknown : nil
        case .date: fault(DateTimeText.date(text), options)
        case .time: fault(DateTimeText.time(text), options)
        case .dateTime: fault(DateTimeText.dateTime(text), options)
        case .duration: DurationText.isValid(text) ? nil : .schemaMismatch
        case .decimal: EncodedText.isDecimal(text) ? nil : .schemaMismatch
        case .bytes: EncodedText.isBase64(text) ? nil : .schemaMismatch
        case .uuid: EncodedText.isUUID(text) ? nil : .schemaMismatch
        default: nil
        }
    }

    private static func fault(_ verdict: DateTimeText.Verdict, _ options: CheckOptions) -> SchemaFault.Kind? {
        switch verdict {
        case .valid: nil
        case .withoutOffset: options.datetimeWithoutOffset == .report ? .datetimeWithoutOffset : nil
        case .invalid: .schemaMismatch
        }
    }

    private func limitFault(of value: JSONNode, _ document: borrowing JSONDocument, _ limits: ValueLimits) -> SchemaFault.Kind? {
        if let number = document.double(value) {
            if let minimum = limits.minimum, number < minimum { return .valueOutsideLimits }
            if let maximum = limits.maximum, number > maximum { return .valueOutsideLimits }
            if let places = limits.decimalPlaces, NumberToken.decimalPlaces(Span(_bytes: document.text(value))) > places {
                return .tooManyDecimalPlaces
            }
            return nil
        }
        guard limits.minimumLength != nil || limits.maximumLength != nil else { return nil }
        let length = document.string(value).unicodeScalars.count
        if let minimum = limits.minimumLength, length < minimum { return .lengthOutsideLimits }
        if let maximum = limits.maximumLength, length > maximum { return .lengthOutsideLimits }
        return nil
    }

    // MARK: - Containers

    private mutating func walkElements(
        of value: JSONNode, _ document: borrowing JSONDocument, _ element: Int32, _ programs: borrowing SchemaPrograms, _ faults: inout [SchemaFault],
        limit: Int
    ) {
        var index = 0
        var next = document.firstElement(of: value)
        while let current = next, faults.count < limit {
            path.append(.element(index))
            walk(current, document, element, programs, &faults, limit: limit)
            path.removeLast()
            next = document.nextElement(after: current, in: value)
            index += 1
        }
    }

    private mutating func walkMap(
        _ value: JSONNode, _ document: borrowing JSONDocument, _ valueNode: Int32, _ programs: borrowing SchemaPrograms,
        _ faults: inout [SchemaFault],
        limit: Int
    ) {
        var next = document.firstMember(of: value)
        while let member = next, faults.count < limit {
            path.append(.mapKey(member.key))
            walk(member.value, document, valueNode, programs, &faults, limit: limit)
            path.removeLast()
            next = document.nextMember(after: member, in: value)
        }
    }

    private mutating func walkObject(
        _ value: JSONNode, _ document: borrowing JSONDocument, _ node: SchemaNode, _ programs: borrowing SchemaPrograms,
        _ faults: inout [SchemaFault],
        limit: Int
    ) {
        let base = seen.count
        if node.count > 0 { seen.append(contentsOf: repeatElement(0, count: (Int(node.count) + 63) / 64)) }
        var foundFields = 0
        var next = document.firstMember(of: value)
        while let member = next, faults.count < limit {
            path.append(.field(member.key))
            if let index = field(member.key, document, node.first, programs) {
                let field = programs.fields[Int(index)]
                if field.requiredIndex >= 0 { seen[base + Int(field.requiredIndex) / 64] |= 1 << UInt64(field.requiredIndex % 64) }
                if node.operation == .geopoint, programs.isCoordinate(field: index, of: node) { foundFields += 1 }
                walk(member.value, document, field.node, programs, &faults, limit: limit)
            } else if options.undefinedField == .report {
                reportUndefined(member, document, &faults)
            }
            path.removeLast()
            next = document.nextMember(after: member, in: value)
        }
        if node.count > 0 { reportMissing(value, document, node, programs, &faults, base: base, limit: limit) }
        if node.operation == .geopoint, foundFields < 2, options.incompleteGeopoint == .report, faults.count < limit {
            report(.geopointIncomplete, value, document, node, programs, &faults)
        }
        if node.count > 0 { seen.removeLast(seen.count - base) }
    }

    private mutating func field(
        _ key: JSONNode, _ document: borrowing JSONDocument, _ scope: Int32, _ programs: borrowing SchemaPrograms
    ) -> Int32? {
        guard document.hasEscapes(key) else { return programs.names.find(Span(_bytes: document.text(key)), scope: scope) }
        unescaped.removeAll(keepingCapacity: true)
        document.unescape(key, into: &unescaped)
        return programs.names.find(unescaped.span, scope: scope)
    }

    // MARK: - Faults

    private func report(
        _ kind: SchemaFault.Kind, _ value: JSONNode, _ document: borrowing JSONDocument, _ node: SchemaNode, _ programs: borrowing SchemaPrograms,
        _ faults: inout [SchemaFault]
    ) {
        let expected = FaultText.expected(kind, node, programs)
        let actual = FaultText.actual(value, document)
        faults.append(fault(kind, at: value, document, expected: expected, actual: actual))
    }

    private func reportUndefined(_ member: JSONMember, _ document: borrowing JSONDocument, _ faults: inout [SchemaFault]) {
        faults.append(
            fault(
                .fieldUndefined, at: member.key, document, expected: "a field that the schema defines", actual: FaultText.actual(member.key, document)
            ))
    }

    private mutating func reportMissing(
        _ value: JSONNode, _ document: borrowing JSONDocument, _ node: SchemaNode, _ programs: borrowing SchemaPrograms,
        _ faults: inout [SchemaFault],
        base: Int, limit: Int
    ) {
        for (position, index) in (programs.requiredFields[node.first] ?? []).enumerated() where faults.count < limit {
            guard seen[base + position / 64] & 1 << UInt64(position % 64) == 0 else { continue }
            let name = programs.fields[Int(index)].name
            faults.append(
                fault(.fieldRequired, at: value, document, expected: "the field \"\(name)\", which is required", actual: "an object without it"))
        }
    }

    private func fault(
        _ kind: SchemaFault.Kind, at node: JSONNode, _ document: borrowing JSONDocument, expected: String, actual: String
    ) -> SchemaFault {
        SchemaFault(
            kind: kind, pointer: FaultPath.exact(path, document), boundedPointer: FaultPath.bounded(path, document), offset: document.offset(node),
            expected: expected, actual: actual)
    }
}

extension SchemaNode.Operation {
    /// Whether a value of this JSON kind can satisfy the schema at all.
    @inline(__always)
    fileprivate func accepts(_ kind: JSONKind) -> Bool {
        switch self {
        case .boolean: kind == .trueValue || kind == .falseValue
        case .signedInteger, .unsignedInteger, .float, .double, .integerEnum: kind == .number
        case .decimal, .string, .date, .time, .dateTime, .duration, .bytes, .uuid, .stringEnum: kind == .string
        case .array: kind == .array
        case .map, .object, .geopoint: kind == .object
        case .unknown: true
        }
    }
}

extension SchemaPrograms {
    /// Whether an integer is one of an enumeration's values.
    fileprivate func contains(magnitude: UInt64, isNegative: Bool, in node: SchemaNode) -> Bool {
        guard IntegralRange.signed(bits: 64).contains(magnitude: magnitude, isNegative: isNegative) else { return false }
        let value = isNegative ? Int64(truncatingIfNeeded: 0 &- magnitude) : Int64(magnitude)
        var low = Int(node.first)
        var high = low + Int(node.count)
        while low < high {
            let middle = low + (high - low) / 2
            if integers[middle] == value { return true }
            if integers[middle] < value { low = middle + 1 } else { high = middle }
        }
        return false
    }

    /// Whether a field of a geopoint is `lat` or `lon`: they are compiled first, `alt` third.
    fileprivate func isCoordinate(field index: Int32, of node: SchemaNode) -> Bool {
        fields[Int(index)].name != "alt"
    }
}
