import Diagnostics
import Foundation
import JSON
import Testing

/// Our own types of CloudEvents: what the decoder knows of them, what `docs/schemas` says and what `docs/wire-formats.md` shows are one thing.
struct NativeEventTypeTests {
    private static let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "../../docs")

    private static func schema(_ name: String) throws -> JSONTree {
        try JSONTree.parse(Array(Data(contentsOf: folder.appending(path: "schemas/\(name).json"))))
    }

    /// The text between lines that open and close a block of JSON.
    private static func examples() throws -> [String] {
        let page = try String(contentsOf: folder.appending(path: "wire-formats.md"), encoding: .utf8)
        return page.components(separatedBy: "```json\n").dropFirst().compactMap { $0.components(separatedBy: "\n```").first }
    }

    private static func decoded(_ payload: String) -> EventSummary {
        SampleRecord(payload, headers: [("content-type", Array("application/cloudevents+json".utf8))]).decoded()
    }

    @Test func `every type has a schema that names it, and every schema a type`() throws {
        let names = NativeEventType.all.map { "\($0.name)" }
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.appending(path: "schemas").path)
        #expect(files.sorted() == names.map { "\($0).json" }.sorted())
        for name in names {
            let schema = try Self.schema(name)
            #expect(schema["title"]?.stringValue == name)
            #expect(schema["$id"]?.stringValue == "urn:hindcast:schema:\(name)")
            #expect(schema["properties"]?["type"]?["const"]?.stringValue == name)
        }
    }

    @Test func `schemas and the decoder agree on the members of data`() throws {
        for type in NativeEventType.all {
            let schema = try Self.schema("\(type.name)")
            let data = schema["properties"]?["data"]
            let required = schema["required"]?.elements.compactMap(\.stringValue) ?? []
            #expect(required.contains("data") == type.needsData, "\(type.name)")
            #expect(required.contains("subject") == (type.kind != .exportState), "\(type.name)")
            #expect(data?["required"]?.elements.compactMap(\.stringValue) ?? [] == (type.members ?? []).filter(\.isRequired).map(\.name))
            #expect(data?["properties"]?.members.map(\.key) ?? [] == (type.members ?? []).map(\.name))
            for member in type.members ?? [] {
                let described = data?["properties"]?[member.name]
                switch member.value {
                case .text: #expect(described?["type"]?.stringValue == "string" && described?["minLength"]?.integerValue == 1)
                case .integer: #expect(described?["type"]?.stringValue == "integer")
                case .boolean: #expect(described?["type"]?.stringValue == "boolean")
                case .time: #expect(described?["type"]?.stringValue == "string" && described?["format"]?.stringValue == "date-time")
                case .object: #expect(described?["type"]?.stringValue == "object")
                case .word(let words): #expect(described?["enum"]?.elements.compactMap(\.stringValue) == words)
                }
            }
        }
    }

    @Test func `every type has an example in the documentation, which is decoded as that type`() throws {
        var shown: Set<String> = []
        for example in try Self.examples() {
            let name = try #require(JSONTree.parse(Array(example.utf8))["type"]?.stringValue)
            let type = try #require(NativeEventType.all.first { "\($0.name)" == name }, "\(name)")
            shown.insert(name)
            let event = Self.decoded(example)
            #expect(event.kind == type.kind, "\(name)")
            #expect(event.notices.isEmpty, "\(name)")
            #expect(event.deviceID.isEmpty == (type.kind == .exportState), "\(name)")
            #expect(event.sections.count == (type.members == nil ? 1 : 0), "\(name)")
            #expect(event.serviceTime != nil, "\(name)")
            // What the schema asks for, the example has.
            let schema = try Self.schema(name)
            let members = try JSONTree.parse(Array(example.utf8))
            for key in schema["required"]?.elements.compactMap(\.stringValue) ?? [] { #expect(members[key] != nil, "\(name): \(key)") }
            for member in members["data"]?.members ?? [] where type.members != nil {
                #expect(schema["properties"]?["data"]?["properties"]?[member.key] != nil, "\(name): \(member.key)")
            }
        }
        #expect(shown == Set(NativeEventType.all.map { "\($0.name)" }))
    }

    @Test func `an example that lacks a required member, or has another value in it, is held against the event`() throws {
        for example in try Self.examples() {
            let tree = try JSONTree.parse(Array(example.utf8))
            guard let type = NativeEventType.all.first(where: { "\($0.name)" == tree["type"]?.stringValue }) else { continue }
            for member in type.members ?? [] {
                let broken = Self.decoded(example.replacing(#""\#(member.name)": "#, with: #""\#(member.name)": [],"other": "#))
                #expect(broken.notices.map(\.path) == ["/data/\(member.name)"] || tree["data"]?[member.name] == nil, "\(type.name)")
                #expect(broken.kind == type.kind)
                guard member.isRequired else { continue }
                let missing = Self.decoded(example.replacing(#""\#(member.name)": "#, with: #""other": "#))
                #expect(missing.notices.map(\.path) == ["/data/\(member.name)"], "\(type.name)")
                #expect(missing.notices.first?.actual == "nothing")
            }
        }
    }

    @Test(
        arguments: [
            ("com.example.telemetry", .telemetry, false), (".telemetry", .unsupported, false), ("telemetry", .unsupported, false),
            ("com.example.Telemetry", .unsupported, false), ("dev.hindcast.telemetry", .telemetry, false),
            ("dev.hindcast.other.telemetry", .unsupported, true), ("dev.hindcast.", .unsupported, true),
            ("dev.hindcast.telemetry ", .unsupported, true), ("dev.hindcast.device.connecte", .unsupported, true),
            ("dev.hindcasts.telemetry", .telemetry, false), ("com.example.order", .unsupported, false),
        ] as [(String, EventKind, Bool)])
    func `of types that are not ours those that end in telemetry are telemetry`(type: String, kind: EventKind, isRefused: Bool) {
        let event = Self.decoded(#"{"specversion":"1.0","id":"1","source":"s","subject":"d","type":"\#(type)","data":{}}"#)
        #expect(event.kind == kind)
        #expect(event.notices.map(\.rule) == (isRefused ? [.schemaUnsupported] : []))
        #expect(event.deviceID == "d")
    }

    @Test func `a template that was assigned is named in the data`() {
        let event = Self.decoded(
            #"{"specversion":"1.0","id":"1","source":"s","subject":"d","type":"dev.hindcast.device.template-assigned","dataschema":"dtmi:old;1","#
                + #""data":{"template":"dtmi:new;1"}}"#)
        #expect(event.templateRef == "dtmi:new;1")
        #expect(event.kind == .templateAssigned)
    }

    @Test func `the documentation's tables name every type with its kind, and every format`() throws {
        let page = try String(contentsOf: Self.folder.appending(path: "wire-formats.md"), encoding: .utf8)
        for type in NativeEventType.all {
            let row = "| `\(type.name)` | `\(type.kind.name)` |"
            #expect(page.components(separatedBy: row).count == 2, "\(row)")
            #expect(page.contains("(schemas/\(type.name).json)"))
        }
        for format in EnvelopeFormat.allCases { #expect(page.contains("`\(format.name)`"), "\(format.name)") }
        for choice in EnvelopeChoice.allCases { #expect(page.contains("`\(choice.name)`"), "\(choice.name)") }
    }

    @Test func `the headers that the documentation names are those that decoders read`() throws {
        let page = try String(contentsOf: Self.folder.appending(path: "wire-formats.md"), encoding: .utf8)
        let named = page.components(separatedBy: "`header:").dropFirst().compactMap { $0.components(separatedBy: "`").first }
        #expect(named.count > 30)
        let known = Set(HeaderName.allCases.map { "\($0.text)" })
        for name in named where !name.isEmpty { #expect(known.contains(name), "\(name)") }
    }

    @Test func `an error and a receipt name their device`() throws {
        for example in try Self.examples() where example.contains("dev.hindcast.device.error") || example.contains("dev.hindcast.delivery.") {
            let structured = Self.decoded(example.replacing(#""subject""#, with: #""other""#))
            #expect(structured.notices.map(\.path) == ["/subject"])
            let names = ["specversion", "id", "source", "type"]
            let tree = try JSONTree.parse(Array(example.utf8))
            let headers: [(String, [UInt8]?)] = names.map { ("ce_\($0)", tree[$0]?.stringValue.map { Array($0.utf8) }) }
            #expect(SampleRecord("[]", headers: headers).decoded().notices.map(\.path) == ["header:ce_subject", ""])
        }
    }
}
