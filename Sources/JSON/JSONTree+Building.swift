extension JSONTree {
    /// `null`.
    public static let null = JSONTree(.null)

    /// `true` or `false`.
    public static func bool(_ value: Bool) -> JSONTree { JSONTree(.bool(value)) }

    /// A string.
    public static func string(_ value: String) -> JSONTree { JSONTree(.string(value)) }

    /// A number with the digits of an integer of any width.
    public static func integer(_ value: some FixedWidthInteger) -> JSONTree { JSONTree(.number(String(value))) }

    /// A number that reads back as the same double; `null` for NaN and infinities, which JSON has not.
    public static func double(_ value: Double) -> JSONTree { value.isFinite ? JSONTree(.number(value.description)) : .null }

    /// A number in the given spelling, which has to follow RFC 8259 §6: taken from a document, or written in the program.
    public static func number(text: String) -> JSONTree {
        precondition(JSONNumber.isNumber(JSONBytes(text.rawBytes)), "A JSON number is made of a text that is none")
        return JSONTree(.number(text))
    }

    /// An array.
    public static func array(_ elements: [JSONTree]) -> JSONTree { JSONTree(.array(elements)) }

    /// An object, written as a dictionary literal, whose order and duplicates it keeps.
    public static func object(_ members: KeyValuePairs<String, JSONTree>) -> JSONTree {
        JSONTree(.object(members.map { Member(key: $0.key, value: $0.value) }))
    }

    /// An object of members in order.
    public static func object(_ members: [Member]) -> JSONTree { JSONTree(.object(members)) }
}
