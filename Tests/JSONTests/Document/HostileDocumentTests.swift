import JSON
import Testing

@Suite struct HostileDocumentTests {
    @Test func `nesting is allowed to the limit and refused at the bracket beyond it`() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let inner = open == "[" ? "" : "1"
            for depth in [1, 2, 511, 512] {
                let text = String(repeating: open, count: depth) + inner + String(repeating: close, count: depth)
                #expect(fault(in: text) == nil, "\(depth)")
            }
            let text = String(repeating: open, count: 513) + inner + String(repeating: close, count: 513)
            #expect(fault(in: text)?.reason == .tooDeep)
            #expect(fault(in: text)?.offset == 512 * open.utf8.count)
            #expect(fault(in: text)?.expected == "at most 512 levels of nesting")
        }
    }

    @Test func `depth counts what is open at once, not what was opened`() {
        let text = "[" + Array(repeating: "[[]]", count: 1_000).joined(separator: ",") + "]"
        #expect(fault(in: text, limits: JSONLimits(maximumDepth: 3)) == nil)
        #expect(fault(in: text, limits: JSONLimits(maximumDepth: 2))?.offset == 2)
    }

    @Test func `a depth of 0 allows scalars only`() {
        #expect(fault(in: "1", limits: JSONLimits(maximumDepth: 0)) == nil)
        #expect(fault(in: "[]", limits: JSONLimits(maximumDepth: 0))?.reason == .tooDeep)
        #expect(fault(in: "[]", limits: JSONLimits(maximumDepth: -1))?.reason == .tooDeep)
    }

    @Test func `a hundred thousand levels are refused, or read where that is allowed`() throws {
        let open = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        #expect(fault(in: open)?.reason == .tooDeep)
        #expect(fault(in: open)?.offset == 512)
        let whole = open + [UInt8](repeating: UInt8(ascii: "]"), count: 100_000)
        #expect(fault(in: whole, limits: JSONLimits(maximumDepth: 100_000)) == nil)
        #expect(fault(in: whole, limits: JSONLimits(maximumDepth: 99_999))?.offset == 99_999)
        #expect(fault(in: open, limits: JSONLimits(maximumDepth: .max))?.reason == .truncated)
    }

    @Test func `a tree has a limit of its own`() throws {
        let limits = JSONLimits(maximumDepth: .max)
        for depth in [1_024, 1_025] {
            let bytes = Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
            do throws(JSONSyntaxError) {
                let tree = try JSONTree.parse(bytes, limits: limits)
                #expect(depth == 1_024)
                #expect(tree.canonicalBytes() == bytes)
                #expect(written(tree).utf8.count == bytes.count)
                #expect(tree == tree)
            } catch {
                #expect(depth == 1_025)
                #expect(error.reason == .tooDeep)
                #expect(error.expected == "at most 1024 levels of nesting")
            }
        }
    }

    @Test func `documents over the limit of bytes are refused before they are looked at`() {
        let limits = JSONLimits(maximumBytes: 4)
        #expect(fault(in: "[12]", limits: limits) == nil)
        #expect(fault(in: "[123]", limits: limits) == JSONSyntaxError(reason: .tooLarge, offset: 4, expected: "at most 4 bytes", actual: "5 bytes"))
        #expect(fault(in: "@@@@@", limits: limits)?.reason == .tooLarge)
    }

    @Test func `a reader whose tape has to grow many times reads the same`() throws {
        var reader = JSONReader()
        for size in [0, 1, 30, 31, 32, 33, 61, 62, 63, 64, 65, 1_000, 100_000] {
            let array = Array(("[" + Array(repeating: "0", count: size).joined(separator: ",") + "]").utf8)
            try reader.read(array.rawBytes)
            let document = reader.document(over: array.rawBytes)
            #expect(document.count(document.root) == size)
            #expect(document.endOffset(document.root) == array.count)
            var walked = 0
            var next = document.firstElement(of: document.root)
            while let element = next {
                walked += 1
                next = document.nextElement(after: element, in: document.root)
            }
            #expect(walked == size)
        }
    }

    @Test func `wide objects, long strings and long numbers are read`() throws {
        let members = (0..<20_000).map { "\"\($0)\":{}" }
        let wide = try tree("{" + members.joined(separator: ",") + "}")
        #expect(wide.members.count == 20_000)
        #expect(wide.members.last?.key == "19999")
        let long = String(repeating: "é", count: 200_000)
        #expect(try tree("\"\(long)\"").stringValue == long)
        let digits = String(repeating: "9", count: 200_000)
        #expect(try tree(digits).numberText == digits)
        #expect(try tree(digits).integerValue == nil)
        #expect(try tree(digits).doubleValue == nil)
    }

    @Test func `no prefix of commas, colons or brackets makes the reader lose its place`() {
        var generator = SplitMix64(seed: 3)
        let pieces = ["[", "]", "{", "}", ",", ":", "\"a\"", "1", " ", "null"]
        for _ in 0..<30_000 {
            let text = (0..<Int.random(in: 1...12, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            #expect((fault(in: text) == nil) == PlainRecogniser.accepts(Array(text.utf8)), "\(text)")
        }
    }
}
