/// A whole document as a value that owns its parts: for templates, control bodies and settings, where convenience counts. Messages of devices
/// are read through `JSONReader` instead.
///
/// Nothing of the document is lost but white space and the spelling of escapes: members stand in order with duplicates, numbers keep their text,
/// and each value knows where it stood.
public struct JSONTree: Sendable {
    /// One member of an object.
    public struct Member: Sendable {
        /// The key, unescaped.
        public let key: String
        /// The byte at which the key's quotation mark stood; 0 if the member was built.
        public let keyOffset: Int
        /// The value.
        public let value: JSONTree

        /// Makes a member.
        public init(key: String, keyOffset: Int = 0, value: JSONTree) {
            self.key = key
            self.keyOffset = keyOffset
            self.value = value
        }
    }

    enum Content: Sendable {
        case null
        case bool(Bool)
        case number(String)
        case string(String)
        case object([Member])
        case array([JSONTree])
    }

    let content: Content

    /// The byte at which the value stood; 0 if it was built.
    public let offset: Int

    /// The line, from 1, on which the value stood; 1 if it was built.
    public let line: Int

    init(_ content: Content, offset: Int = 0, line: Int = 1) {
        self.content = content
        self.offset = offset
        self.line = line
    }

    /// What the value is.
    public var kind: JSONKind {
        switch content {
        case .null: .null
        case .bool(let value): value ? .trueValue : .falseValue
        case .number: .number
        case .string: .string
        case .object: .object
        case .array: .array
        }
    }

    /// The members in the order of the document, duplicates and all; empty for anything that is no object.
    public var members: [Member] {
        if case .object(let members) = content { members } else { [] }
    }

    /// The elements; empty for anything that is no array.
    public var elements: [JSONTree] {
        if case .array(let elements) = content { elements } else { [] }
    }

    /// The value of the member of this key, of duplicates the last; nil if there is none or this is no object. Keys compare code unit by code unit
    /// (RFC 8259 §8.3).
    public subscript(_ key: String) -> JSONTree? { members.last { $0.key.hasSameUTF8(as: key) }?.value }

    /// Whether this is `null`.
    public var isNull: Bool { kind == .null }

    /// The text of a string.
    public var stringValue: String? {
        if case .string(let value) = content { value } else { nil }
    }

    /// The text of a number, as it was written.
    public var numberText: String? {
        if case .number(let text) = content { text } else { nil }
    }

    /// The value of a number written as an integer, `-?[0-9]+`, that fits into 64 bits; nil also for `1.0` and `1e2`.
    public var integerValue: Int64? { numberText.flatMap { JSONNumber.integer(JSONBytes($0.rawBytes)) } }

    /// The closest double to a number; nil if that is not finite.
    public var doubleValue: Double? { numberText.flatMap { JSONNumber.double(JSONBytes($0.rawBytes)) } }

    /// The value of `true` or `false`.
    public var boolValue: Bool? {
        if case .bool(let value) = content { value } else { nil }
    }

    /// The first member whose key an earlier member of this object has already; nil if all differ.
    public var firstDuplicateMember: Member? {
        var seen: Set<[UInt8]> = []
        return members.first { !seen.insert(Array($0.key.utf8)).inserted }
    }
}

extension JSONTree: Equatable {
    /// Whether both have the same values in the same order, numbers in the same spelling. Where they stood does not matter. To compare what
    /// documents mean, compare `canonicalBytes()`.
    public static func == (left: JSONTree, right: JSONTree) -> Bool {
        switch (left.content, right.content) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameUTF8(as: right)
        case (.object(let left), .object(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.key.hasSameUTF8(as: $1.key) && $0.value == $1.value }
        case (.array(let left), .array(let right)): left == right
        default: false
        }
    }
}

extension String {
    /// Equality code unit by code unit; `==` takes a composed and a decomposed letter for the same, JSON does not.
    func hasSameUTF8(as other: String) -> Bool { utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8) }
}
