import Foundation
import JSON
import Testing

@testable import dtdl_conformance

/// What the conformance program makes of cases of our own.
struct ConformanceProgramTests {
    private static let context = #""@context":"dtmi:dtdl:context;3""#
    private static let base = #"{\#(context),"@id":"dtmi:example:base;1","@type":"Interface"}"#
    private static let own = #"{\#(context),"@id":"dtmi:example:own;1","@type":"Interface","extends":"dtmi:example:base;1"}"#
    private static let bad = #"{\#(context),"@id":"dtmi:example:bad","@type":"Interface","contents":{"@type":"Telemetry","schema":"double"}}"#

    private func outcome(_ text: String) throws -> CaseOutcome { ModelCase(try JSONTree.parse(Array(text.utf8))).outcome }

    private func text(_ tree: JSONTree) -> String { String(decoding: tree.canonicalBytes(), as: UTF8.self) }

    @Test func `a resolver answers as the case says, and to no other question`() throws {
        let answered = #""resolution":[{"request":["dtmi:example:base;1"],"response":[\#(Self.base)]}]"#
        let valid = try outcome(#"{"case":"a","valid":true,"input":[\#(Self.own)],\#(answered)}"#)
        #expect(valid.mismatch == nil)
        #expect(text(valid.verdict) == #"{"case":"a","errors":[],"unresolved":[],"valid":true}"#)

        let unresolved = #""unresolvedIdentifiers":["dtmi:example:base;1"]"#
        let other = #""resolution":[{"request":["dtmi:example:other;1"],"response":[\#(Self.base)]}]"#
        let missing = try outcome(#"{"case":"b","valid":false,"input":[\#(Self.own)],\#(unresolved),\#(other)}"#)
        #expect(missing.mismatch == nil)
        #expect(text(missing.verdict) == #"{"case":"b","errors":[],"unresolved":["dtmi:example:base;1"],"valid":false}"#)
        #expect(try outcome(#"{"case":"c","valid":true,"input":[\#(Self.own)]}"#).mismatch?.contains("dtmi:example:base;1") == true)
        let others = #""unresolvedIdentifiers":["dtmi:example:else;1"]"#
        #expect(try outcome(#"{"case":"d","valid":false,"input":[\#(Self.own)],\#(others)}"#).mismatch != nil)
    }

    @Test(arguments: [
        (#"["dtmi:dtdl:parsingError:missingDtmiSegPropertyValue"]"#, CaseOutcome.ErrorIDs.equal),
        (#"["dtmi:dtdl:parsingError:missingDtmiSegPropertyValue","dtmi:dtdl:parsingError:badType"]"#, .among),
        (#"["dtmi:dtdl:parsingError:badType"]"#, .other), ("[]", .notNamed),
    ])
    func `error ids are compared as sets`(expected: String, relation: CaseOutcome.ErrorIDs) throws {
        let outcome = try outcome(#"{"case":"a","valid":false,"input":[\#(Self.bad)],"expectedErrorIds":\#(expected)}"#)
        #expect(outcome.mismatch == nil)
        #expect(outcome.errorIDs == relation)
        var judged = outcome
        judged.judgeErrorIDs()
        #expect((judged.mismatch == nil) == (relation == .equal || relation == .notNamed))
    }

    @Test func `the cost of a field is measured with messages that are right by their templates`() throws {
        let cost = try FieldCost(rounds: 1)
        #expect(cost.samples.map(\.capabilities) == [10, 300, 300])
        #expect(cost.samples.map(\.fields) == [20, 600, 20])
        #expect(cost.samples.allSatisfy { $0.nanosecondsPerField > 0 })
        #expect(cost.json["samples"]?.elements.count == 3)
    }

    @Test func `a real model is right with those beside it`() throws {
        let cases = try [#"{"path":"own","model":\#(Self.own)}"#, #"{"path":"base","model":\#(Self.base)}"#].map {
            try JSONTree.parse(Array($0.utf8))
        }
        #expect(ModelCase(cases[0], repository: ModelRepository(cases)).outcome.mismatch == nil)
        #expect(ModelCase(cases[0]).outcome.mismatch != nil)
    }

    @Test(arguments: [
        (#""schema":"integer","instanceText":"3""#, true), (#""schema":"integer","instanceText":"3.0""#, false),
        (#""schema":"integer","instanceText":"3,""#, false),
        (#""schema":null,"subject":"dtmi:example:list;1","instanceText":"[1, 2]""#, true),
        (#""schema":null,"subject":"dtmi:example:list;1","instanceText":"[1, \"2\"]""#, false),
        (#""schema":null,"subject":"dtmi:example:thing;1","instanceText":"{}""#, false),
        (#""schema":null,"subject":"dtmi:example:nothing;1","instanceText":"{}""#, false),
        (#""profile":"cli","schema":"string","instance":null"#, true), (#""profile":"cli","schema":"boolean","instance":0"#, false),
        (#""capability":{"name":"p","schema":"double"},"payload":{"p":{"value":1,"ac":200,"av":1}}"#, true),
        (#""capability":{"name":"p","schema":"double"},"payload":{"p":"1"}"#, false),
    ])
    func `a value is judged by a term, by an element of the model, or by a capability`(members: String, isValid: Bool) throws {
        let model = """
            {\(Self.context),"@id":"dtmi:example:thing;1","@type":"Interface","schemas":\
            [{"@id":"dtmi:example:list;1","@type":"Array","elementSchema":"double"}]}
            """
        for expected in [true, false] {
            let json = try JSONTree.parse(Array(#"{"case":"a","version":3,"model":\#(model),"valid":\#(expected),\#(members)}"#.utf8))
            let outcome = InstanceCase(json).outcome
            #expect((outcome.mismatch == nil) == (expected == isValid))
            #expect(text(outcome.verdict) == #"{"case":"a","valid":\#(isValid)}"#)
        }
    }

    @Test func `an identifier is compared part by part`() throws {
        func mismatch(_ fragment: String) throws -> String? {
            let expect =
                #"{"MajorVersion":1,"MinorVersion":2,"CompleteVersion":1.000002,"Versionless":"dtmi:a\#(fragment)","Labels":["a"],"IsReserved":false,"#
            let json = #"{"case":"a","valid":true,"idText":"dtmi:a;1.2#f","expect":\#(expect)"Fragment":"\#(fragment)"}}"#
            return IdentifierCase(try JSONTree.parse(Array(json.utf8))).outcome.mismatch
        }
        #expect(try mismatch("#f") == nil)
        #expect(try mismatch("#g")?.contains("fragment") == true)
    }

    @Test func `a file is read line by line, and a line that is no case is named`() throws {
        let path = NSTemporaryDirectory() + "hindcast-cases-\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("{\"a\": -Infinity}\n\n{\"a\": 1}\n".utf8).write(to: URL(filePath: path))
        #expect(try CaseFile(path).cases.count == 2)
        try Data("{}\n\n{\n".utf8).write(to: URL(filePath: path))
        #expect { try CaseFile(path) } throws: { "\($0)".contains("\(path):3: ") }
        #expect { try CaseFile("/nowhere.jsonl.gz") } throws: { "\($0)".contains("/nowhere.jsonl.gz") }
    }
}
