extension JSONTree {
    /// No tree is deeper, whatever the limits say: unlike the reader, code that walks (or frees) a tree goes down one call for each level.
    public static let maximumSupportedDepth = 1024

    /// Reads a document.
    /// - Throws: why and where the bytes are no JSON.
    public static func parse(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) -> JSONTree {
        try parse(bytes.rawBytes, limits: limits)
    }

    /// Reads a document.
    /// - Throws: why and where the bytes are no JSON.
    public static func parse(_ bytes: RawSpan, limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) -> JSONTree {
        var limits = limits
        limits.maximumDepth = min(limits.maximumDepth, maximumSupportedDepth)
        var reader = JSONReader(limits: limits)
        try reader.read(bytes)
        let document = reader.document(over: bytes)
        var lines = JSONLineCounter(JSONBytes(bytes))
        return document.tree(document.root, lines: &lines)
    }
}

extension JSONDocument {
    /// A value as a tree that outlives the document. Lines are counted in the bytes that were read.
    ///
    /// - Important: values deeper than `JSONTree.maximumSupportedDepth` are not to be made a tree; a reader with greater limits has to check.
    public func tree(_ node: JSONNode) -> JSONTree {
        var lines = JSONLineCounter(JSONBytes(bytes))
        return tree(node, lines: &lines)
    }

    /// Nodes are visited in the order of the document, so that lines are counted once.
    fileprivate func tree(_ node: JSONNode, lines: inout JSONLineCounter) -> JSONTree {
        let offset = offset(node)
        let line = lines.line(ofByte: offset)
        switch kind(node) {
        case .null: return JSONTree(.null, offset: offset, line: line)
        case .falseValue: return JSONTree(.bool(false), offset: offset, line: line)
        case .trueValue: return JSONTree(.bool(true), offset: offset, line: line)
        case .number: return JSONTree(.number(string(node)), offset: offset, line: line)
        case .string: return JSONTree(.string(string(node)), offset: offset, line: line)
        case .array:
            var elements: [JSONTree] = []
            elements.reserveCapacity(count(node))
            var next = firstElement(of: node)
            while let element = next {
                elements.append(tree(element, lines: &lines))
                next = nextElement(after: element, in: node)
            }
            return JSONTree(.array(elements), offset: offset, line: line)
        case .object:
            var members: [JSONTree.Member] = []
            members.reserveCapacity(count(node))
            var next = firstMember(of: node)
            while let member = next {
                let value = tree(member.value, lines: &lines)
                members.append(JSONTree.Member(key: string(member.key), keyOffset: self.offset(member.key), value: value))
                next = nextMember(after: member, in: node)
            }
            return JSONTree(.object(members), offset: offset, line: line)
        }
    }
}

/// Counts lines for offsets that only grow.
struct JSONLineCounter: ~Escapable {
    private let bytes: JSONBytes
    private var position = 0
    private var line = 1

    @_lifetime(copy bytes)
    init(_ bytes: JSONBytes) { self.bytes = bytes }

    mutating func line(ofByte offset: Int) -> Int {
        while position < offset {
            if bytes.endsLine(at: position) { line += 1 }
            position += 1
        }
        return line
    }
}
