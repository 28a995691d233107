import JSON
import Testing

@Suite struct NavigationTests {
    private static let message = Array(#"{"id":"a\tb","n":[10,{"x":null},[]],"empty":{},"t":true,"f":false,"id":-2.5}"#.utf8)

    @Test func `members are walked in order, with their offsets`() throws {
        var reader = JSONReader()
        try reader.read(Self.message.rawBytes)
        let document = reader.document(over: Self.message.rawBytes)
        #expect(document.kind(document.root) == .object)
        #expect(document.count(document.root) == 6)
        var keys: [String] = []
        var kinds: [JSONKind] = []
        var next = document.firstMember(of: document.root)
        while let member = next {
            keys.append(document.string(member.key))
            kinds.append(document.kind(member.value))
            #expect(Self.message[document.offset(member.key)] == UInt8(ascii: "\""))
            #expect(Self.message[document.endOffset(member.key)] == UInt8(ascii: ":"))
            #expect(document.offset(member.value) == document.endOffset(member.key) + 1)
            next = document.nextMember(after: member, in: document.root)
        }
        #expect(keys == ["id", "n", "empty", "t", "f", "id"])
        #expect(kinds == [.string, .array, .object, .trueValue, .falseValue, .number])
    }

    @Test func `elements are walked past whatever they contain`() throws {
        var reader = JSONReader()
        try reader.read(Self.message.rawBytes)
        let document = reader.document(over: Self.message.rawBytes)
        let foundArray = document.member("n", of: document.root)
        let array = try #require(foundArray)
        #expect(document.count(array) == 3)
        var texts: [String] = []
        var next = document.firstElement(of: array)
        while let element = next {
            texts.append(text(document.text(element)))
            next = document.nextElement(after: element, in: array)
        }
        #expect(texts == ["10", #"{"x":null}"#, "[]"])
    }

    @Test func `text is without quotation marks, source with them`() throws {
        var reader = JSONReader()
        try reader.read(Self.message.rawBytes)
        let document = reader.document(over: Self.message.rawBytes)
        let foundMember = document.firstMember(of: document.root)
        let first = try #require(foundMember)
        #expect(text(document.text(first.key)) == "id")
        #expect(text(document.text(first.value)) == #"a\tb"#)
        #expect(text(document.source(first.value)) == #""a\tb""#)
        #expect(document.offset(first.value) == 6)
        #expect(document.endOffset(first.value) == 12)
        #expect(text(document.source(document.root)) == String(decoding: Self.message, as: UTF8.self))
    }

    @Test func `a name is found by literal and by string, and of duplicates the last counts`() throws {
        var reader = JSONReader()
        try reader.read(Self.message.rawBytes)
        let document = reader.document(over: Self.message.rawBytes)
        let name = ["i", "d"].joined()
        let foundByLiteral = document.member("id", of: document.root)
        let byLiteral = try #require(foundByLiteral)
        #expect(document.member(name, of: document.root) == byLiteral)
        #expect(document.double(byLiteral) == -2.5)
        #expect(document.member("i", of: document.root) == nil)
        #expect(document.member("idd", of: document.root) == nil)
        #expect(document.member("x", of: document.root) == nil, "a member of an inner object is none of the outer")
    }

    @Test func `a name is found under escapes and among keys of every length`() throws {
        let names = (0..<40).map { String(repeating: "k", count: $0) } + ["é", "漢字", "a\"b", "a\nb", "😀"]
        let plain = JSONTree.object(names.enumerated().map { JSONTree.Member(key: $1, value: .integer($0)) })
        var escaped = "{"
        for (index, name) in names.enumerated() {
            let units = name.utf16.map { "\\u" + String(repeating: "0", count: 4 - String($0, radix: 16).count) + String($0, radix: 16) }
            escaped += (index > 0 ? "," : "") + "\"\(units.joined())\":\(index)"
        }
        escaped += "}"
        for bytes in [Array(written(plain).utf8), Array(escaped.utf8)] {
            var reader = JSONReader()
            try reader.read(bytes.rawBytes)
            let document = reader.document(over: bytes.rawBytes)
            for (index, name) in names.enumerated() {
                let foundValue = document.member(name, of: document.root)
                let value = try #require(foundValue)
                #expect(document.integer(value) == Int64(index))
            }
            #expect(document.member("e\u{301}", of: document.root) == nil, "a decomposed letter is another key")
        }
    }

    @Test func `scalars have no members, elements or count`() throws {
        for scalar in ["1", "\"a\"", "null", "true"] {
            let bytes = Array(scalar.utf8)
            var reader = JSONReader()
            try reader.read(bytes.rawBytes)
            let document = reader.document(over: bytes.rawBytes)
            #expect(document.count(document.root) == 0)
            #expect(document.firstElement(of: document.root) == nil)
            #expect(document.firstMember(of: document.root) == nil)
            #expect(document.member("a", of: document.root) == nil)
        }
    }

    @Test func `an array has no members and an object no elements`() throws {
        for text in ["[\"a\",1]", "{\"a\":1}"] {
            let bytes = Array(text.utf8)
            var reader = JSONReader()
            try reader.read(bytes.rawBytes)
            let document = reader.document(over: bytes.rawBytes)
            #expect((document.firstElement(of: document.root) == nil) == (document.kind(document.root) == .object))
            #expect((document.firstMember(of: document.root) == nil) == (document.kind(document.root) == .array))
            #expect((document.member("a", of: document.root) == nil) == (document.kind(document.root) == .array))
        }
    }

    @Test func `one reader reads document after document, also after one that was none`() throws {
        var reader = JSONReader()
        for text in ["[1,2,3]", "{\"a\":[[[[1]]]]}", "7"] {
            do throws(JSONSyntaxError) {
                let broken = Array("[1,2,3,{\"a\":".utf8)
                try reader.read(broken.rawBytes)
                Issue.record("a truncated document was read")
            } catch {
                #expect(error.reason == .truncated)
            }
            let bytes = Array(text.utf8)
            try reader.read(bytes.rawBytes)
            let document = reader.document(over: bytes.rawBytes)
            #expect(written(document.tree(document.root)) == text)
        }
    }
}
