import DTDL
import JSON
import Testing

/// Whatever devices send, the model is valid by the specification, and accepts what it does not remark on.
struct InferenceHostilityTests {
    /// SplitMix64: the same values in every run.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private static let names = [
        "a", "b", "temperature", "lat", "lon", "x", "y", "z", "type", "coordinates", "_a", "a_", "a-b", "", "2", "ä", "a/b~c", "$version", "__t",
        "value", "ac",
        "av", String(repeating: "n", count: 64), String(repeating: "n", count: 65), String(repeating: "n", count: 512),
        String(repeating: "n", count: 513), "\\u0000", "contents", "@id", "@type",
    ]

    private static let scalars = [
        "null", "true", "false", "0", "-0", "1.5", "1e400", "9223372036854775808", "123456789012345678901234567890", #""""#, #""on""#, #""off""#,
        #""On""#,
        #""2026-01-01""#, #""2026-01-01T00:00:00Z""#, #""P1D""#, #""Point""#, #""\ud83d\ude00""#, #""a b""#, #""a_b""#, #""\u00e9""#, #""e\u0301""#,
    ]

    private static func value(depth: Int, _ numbers: inout Numbers) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &numbers) {
        case 4:
            let count = Int.random(in: 0..<4, using: &numbers)
            return "[\((0..<count).map { _ in value(depth: depth - 1, &numbers) }.joined(separator: ","))]"
        case 5:
            let count = Int.random(in: 0..<5, using: &numbers)
            return object(count, depth: depth - 1, &numbers)
        default: return scalars.randomElement(using: &numbers) ?? "null"
        }
    }

    private static func object(_ count: Int, depth: Int, _ numbers: inout Numbers) -> String {
        let members = (0..<count).map { _ in "\"\(names.randomElement(using: &numbers) ?? "a")\":\(value(depth: depth, &numbers))" }
        return "{\(members.joined(separator: ","))}"
    }

    @Test(arguments: 1...40) func `random values give valid models, which accept what they do not remark on`(seed: UInt64) throws {
        var numbers = Numbers(state: seed)
        var feed = ModelInferenceTests.Feed()
        var sent: [(json: String, component: String)] = []
        for _ in 0..<Int.random(in: 1...60, using: &numbers) {
            let json = Self.object(Int.random(in: 1...4, using: &numbers), depth: Int.random(in: 0...10, using: &numbers), &numbers)
            let component = ["", "", "part", "bad name"].randomElement(using: &numbers) ?? ""
            let kind = ModelInference.Kind.allCases.randomElement(using: &numbers) ?? .telemetry
            let module = ["", "", "", "module", "part", "$edgeAgent"].randomElement(using: &numbers) ?? ""
            try feed.send(json, as: kind, module: module, component: component, origin: "\(seed % 3)")
            if kind == .telemetry, module.isEmpty { sent.append((json, component)) }
        }
        for version in 2...4 {
            let model = try feed.model(version).model
            try Self.check(sent, against: model)
        }
        _ = try feed.model()
    }

    /// Values under names without a remark fit the model.
    private static func check(_ sent: [(json: String, component: String)], against model: InferredModel) throws {
        let template = try DeviceTemplate(bytes: model.bytes).compiled
        var options = CheckOptions()
        options.nullValue = .accept
        options.incompleteGeopoint = .accept
        var checker = SchemaChecker(options: options)
        for (json, component) in sent {
            let bytes = Array(json.utf8)
            var reader = JSONReader()
            try reader.read(bytes.rawBytes)
            let document = reader.document(over: bytes.rawBytes)
            let number = component.isEmpty ? 0 : template.component(named: component.rawBytes, inModule: 0)
            var next = document.firstMember(of: document.root)
            while let member = next {
                next = document.nextMember(after: member, in: document.root)
                let name = document.string(member.key)
                guard let number, let capability = template.capability(named: name.rawBytes, inComponent: number),
                    let program = template.capabilities[capability].program, template.capabilities[capability].kind == .telemetry,
                    !model.remarks.contains(where: {
                        $0.isLoss && $0.module.isEmpty && $0.component == component && ($0.path == "/\(name)" || $0.path.hasPrefix("/\(name)/"))
                    })
                else { continue }
                var faults: [SchemaFault] = []
                checker.check(member.value, in: document, program: program, of: template.programs, into: &faults)
                #expect(faults.isEmpty, "\(name): \(faults)")
            }
        }
    }

    @Test func `a model takes no more contents than its version allows, those seen most often`() throws {
        var feed = ModelInferenceTests.Feed()
        let many = (0..<400).map { "\"n\($0)\":1" }.joined(separator: ",")
        try feed.send("{\(many)}")
        try feed.send(#"{"n399":1}"#)
        let (tree, model) = try feed.model(2)
        #expect(tree["contents"]?.elements.count == 300)
        #expect(tree["contents"]?.elements.last?["name"]?.stringValue == "n399")
        #expect(model.remarks.map(\.code) == [.tooMany])
        #expect(try feed.model().tree["contents"]?.elements.count == 400)
    }

    @Test func `names, keys, strings, components and depth are bounded`() throws {
        var options = InferenceOptions()
        options.maximumPlaces = 500
        options.maximumRemarks = 20
        var feed = ModelInferenceTests.Feed(options: options)
        for round in 0..<3_000 {
            let nested = String(repeating: #"{"k\#(round)":"#, count: 20) + "1" + String(repeating: "}", count: 20)
            try feed.send(#"{"n\#(round)":\#(nested),"same":{"k\#(round)":[[["t\#(round)"]]]},"bad name \#(round)":1}"#, component: "c\(round % 300)")
        }
        let model = try feed.model().model
        #expect(model.remarks.count == 21)
        #expect(model.capabilityCount < 500)
        #expect(model.bytes.count < 1_000_000)
    }

    @Test func `an Interface of v3 and v4 stays below its limits of bytes and elements`() throws {
        var feed = ModelInferenceTests.Feed()
        let fields = (0..<200).map { "\"field\($0)\":{\"a\":1,\"b\":{\"c\":1,\"d\":[true]}}" }.joined(separator: ",")
        // One value of another type keeps it from being a map.
        for round in 0..<20 { try feed.send("{\"o\(round)\":{\(fields),\"other\":1}}") }
        for version in 3...4 {
            let model = try feed.model(version).model
            #expect(model.bytes.count < 1_600_000)
        }
    }
}
