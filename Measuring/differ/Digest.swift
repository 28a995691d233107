import JSON

/// The same digest of a document's content that the shim computes over simdjson's document.
struct Digest {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325
    private var text: [UInt8] = []

    init(_ document: borrowing JSONDocument) { walk(document.root, document) }

    private mutating func walk(_ node: JSONNode, _ document: borrowing JSONDocument) {
        switch document.kind(node) {
        case .null: byte("n")
        case .trueValue: byte("t")
        case .falseValue: byte("f")
        case .string:
            byte("s")
            string(node, document)
        case .number:
            if let integer = document.integer(node) {
                byte("i")
                word(UInt64(bitPattern: integer))
            } else {
                byte("d")
                word((document.double(node) ?? .nan).bitPattern)
            }
        case .array:
            byte("[")
            var next = document.firstElement(of: node)
            while let element = next {
                walk(element, document)
                next = document.nextElement(after: element, in: node)
            }
            byte("]")
        case .object:
            byte("{")
            var next = document.firstMember(of: node)
            while let member = next {
                string(member.key, document)
                walk(member.value, document)
                next = document.nextMember(after: member, in: node)
            }
            byte("}")
        }
    }

    private mutating func string(_ node: JSONNode, _ document: borrowing JSONDocument) {
        text.removeAll(keepingCapacity: true)
        document.unescape(node, into: &text)
        word(UInt64(text.count))
        for byte in text { add(byte) }
    }

    private mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    private mutating func byte(_ letter: Unicode.Scalar) { add(UInt8(ascii: letter)) }
    private mutating func word(_ word: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { add(UInt8(truncatingIfNeeded: word >> shift)) }
    }
}
