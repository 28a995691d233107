import JSON
import Testing

@Suite struct WriterMisuseTests {
    @Test func `a value without its key stops the program`() async {
        await #expect(processExitsWith: .failure) {
            var writer = JSONWriter()
            writer.beginObject()
            writer.null()
        }
    }

    @Test func `a key in an array stops the program`() async {
        await #expect(processExitsWith: .failure) {
            var writer = JSONWriter()
            writer.beginArray()
            writer.key("a")
        }
    }

    @Test func `two keys in a row stop the program`() async {
        await #expect(processExitsWith: .failure) {
            var writer = JSONWriter()
            writer.beginObject()
            writer.key("a")
            writer.key("b")
        }
    }

    @Test func `an end that does not fit stops the program`() async {
        await #expect(processExitsWith: .failure) {
            var writer = JSONWriter()
            writer.beginObject()
            writer.endArray()
        }
    }

    @Test func `a second document on a line stops the program`() async {
        await #expect(processExitsWith: .failure) {
            var writer = JSONWriter()
            writer.null()
            writer.null()
        }
    }

    @Test func `a line that ends inside a document stops the program`() async {
        await #expect(processExitsWith: .failure) {
            var writer = JSONWriter()
            writer.beginArray()
            writer.newline()
        }
    }

    @Test func `a number text that is none stops the program`() async {
        await #expect(processExitsWith: .failure) { _ = JSONTree.number(text: "01") }
    }

    @Test func `a document over other bytes than were read stops the program`() async {
        await #expect(processExitsWith: .failure) {
            let bytes = Array("[1]".utf8)
            let others = Array("[1,2]".utf8)
            var reader = JSONReader()
            try reader.read(bytes.rawBytes)
            _ = reader.document(over: others.rawBytes).root
        }
    }

    @Test func `a document of a reader that refused its bytes stops the program`() async {
        await #expect(processExitsWith: .failure) {
            let whole = Array("[1]".utf8)
            let cut = Array("[1,".utf8)
            var reader = JSONReader()
            try reader.read(whole.rawBytes)
            try? reader.read(cut.rawBytes)
            _ = reader.document(over: cut.rawBytes).root
        }
    }
}
