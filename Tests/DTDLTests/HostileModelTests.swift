import DTDL
import Testing

/// Documents that are made to be expensive. Each is so large that work which grows with the square of its size would not end within the limit, which says
/// nothing about speed otherwise.
@Suite(.timeLimit(.minutes(2)))
struct HostileModelTests {
    /// Answers every question with one document, which asks the next.
    private struct EndlessChain: ModelResolver {
        let length: Int

        func documents(for identifiers: [String]) -> [[UInt8]]? {
            guard let number = identifiers.first?.dropFirst("dtmi:example:i".count).prefix(while: \.isNumber), let number = Int(number) else {
                return nil
            }
            return [Array(HostileModelTests.link(number, last: number == length).utf8)]
        }
    }

    private static func link(_ number: Int, last: Bool) -> String {
        let base = last ? "" : #","extends":"dtmi:example:i\#(number + 1);1""#
        return #"{"@context":"dtmi:dtdl:context;3","@id":"dtmi:example:i\#(number);1","@type":"Interface"\#(base)}"#
    }

    private static func interface(_ contents: String, contexts: String = "", version: Int = 3, rest: String = "") -> String {
        """
        {"@context":["dtmi:dtdl:context;\(version)"\(contexts)],"@id":"dtmi:example:a;1","@type":"Interface","contents":[\(contents)]\(rest)}
        """
    }

    private static func list(_ count: Int, _ element: (Int) -> String) -> String { (0..<count).map(element).joined(separator: ",") }

    private func result(_ text: String, resolver: some ModelResolver = NoModelResolver()) -> ModelResult {
        ModelParser().parse([Array(text.utf8)], resolver: resolver)
    }

    @Test(arguments: ["[", #"{"a":"#])
    func `nesting as deep as a mebibyte allows is refused by the reader`(opening: String) {
        let text = String(repeating: opening, count: (1 << 20) / opening.utf8.count)
        #expect(result(text).errors.map(\.code) == ["invalidJson"])
        #expect(throws: TemplateError.self) { _ = try DeviceTemplate(bytes: Array(text.utf8)) }
    }

    @Test func `schemas nested as deep as the reader takes them are refused for their depth`() {
        let schema = String(repeating: #"{"@type":"Array","elementSchema":"#, count: 400) + "\"double\"" + String(repeating: "}", count: 400)
        let errors = result(Self.interface(#"{"@type":"Telemetry","name":"t","schema":\#(schema)}"#)).errors
        #expect(Set(errors.map(\.code)) == ["excessiveDepthWide"])
    }

    @Test func `100,000 contexts are read, and those of an element do not copy those around it`() {
        let outer = Self.list(50_000) { #""dtmi:example:outer\#($0);1""# }
        let contents = Self.list(300) { number in
            let own = Self.list(165) { #""dtmi:example:inner\#(number)x\#($0);1""# }
            return #"{"@context":[\#(own)],"@type":"Telemetry","name":"t\#(number)","schema":"double"}"#
        }
        // They are more than the mebibyte of an Interface, which v2 does not know.
        #expect(result(Self.interface(contents, contexts: "," + outer, version: 2)).outcome == .valid)
    }

    @Test func `10,000 contents that name each other are looked up, not searched for`() {
        let contents = Self.list(5000) { #"{"@type":"Telemetry","name":"t\#($0)","schema":"double"}"# }
        let notes = Self.list(5000) { #"{"@type":["Telemetry","ValueAnnotation"],"name":"n\#($0)","annotates":"t\#($0)","schema":"string"}"# }
        let contexts = #","dtmi:dtdl:extension:annotation;2""#
        let found = result(Self.interface(contents + "," + notes, contexts: contexts))
        #expect(found.outcome == .valid, "\(found.errors.first.map(String.init(describing:)) ?? "")")
    }

    @Test func `100,000 contents are counted`() {
        let contents = Self.list(100_000) { #"{"@type":"Command","name":"c\#($0)"}"# }
        #expect(Set(result(Self.interface(contents, version: 2)).errors.map(\.code)) == ["objectCountAboveMax"])
    }

    @Test func `an Interface that is behind a thousand others is asked for once`() {
        let found = result(Self.link(0, last: false), resolver: EndlessChain(length: 1000))
        #expect(found.elements.count == 1001)
        #expect(found.errors.contains { $0.code == "excessiveDepthNarrow" })
    }

    @Test func `schemas that refer to each other in a ring end`() {
        let schemas = Self.list(5000) {
            #"{"@id":"dtmi:example:s\#($0);1","@type":"Array","elementSchema":"dtmi:example:s\#(($0 + 1) % 5000);1"}"#
        }
        let found = result(Self.interface("", rest: #","schemas":[\#(schemas)]"#))
        #expect(Set(found.errors.map(\.code)) == ["recursiveStructureWide"])
    }

    @Test func `many layers of one element are held against what was said first`() {
        let layers = Self.list(3000) {
            """
            {"@context":["dtmi:dtdl:context;2","dtmi:dtdl:extension:layering;1"],"@id":"dtmi:example:a;1#l\($0)","@type":["Interface","Layer"],\
            "contents":{"@type":"Telemetry","name":"t","schema":"double"}}
            """
        }
        #expect(Set(result("[\(layers)]").errors.map(\.code)) == ["invalidId"])
    }
}
