import DTDL
import Foundation
import JSON
import Testing

@testable import dtdl_conformance

struct DeviceTemplateTests {
    static let thermostat = """
        {"@context":"dtmi:dtdl:context;2","@id":"dtmi:example:thermostat;1","@type":"Interface","extends":"dtmi:example:base;1",
        "contents":[{"@type":"Telemetry","name":"temp","schema":"double"}]}
        """
    static let base = #"{"@id":"dtmi:example:base;1","@type":"Interface","contents":[{"@type":"Telemetry","name":"uptime","schema":"integer"}]}"#

    struct BaseResolver: ModelResolver {
        func documents(for identifiers: [String]) -> [[UInt8]]? {
            identifiers == ["dtmi:example:base;1"] ? [Array(DeviceTemplateTests.base.utf8)] : nil
        }
    }

    private func code(_ text: String) -> TemplateError.Code? {
        do {
            _ = try DeviceTemplate(bytes: Array(text.utf8))
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `an array's template is the Interface that no other one uses`() throws {
        let template = try DeviceTemplate(bytes: Array("[\(Self.base),\(Self.thermostat)]".utf8))
        #expect(template.templateID == "dtmi:example:thermostat;1")
        #expect(template.shape == .interfaces)
        #expect(template.compiled.names(inComponent: 0) == ["temp", "uptime"])
        #expect(template.issues.isEmpty)
    }

    @Test func `what a resolver adds becomes part of the canonical form`() throws {
        let template = try DeviceTemplate(bytes: Array(Self.thermostat.utf8), resolver: BaseResolver())
        #expect(template.compiled.names(inComponent: 0) == ["temp", "uptime"])
        let again = try DeviceTemplate(bytes: template.canonicalJSON)
        #expect(again.templateID == template.templateID)
        #expect(again.compiled.names(inComponent: 0) == ["temp", "uptime"])
    }

    @Test func `a missing Interface is an issue that names it`() throws {
        let template = try DeviceTemplate(bytes: Array(Self.thermostat.utf8))
        #expect(template.unresolved == ["dtmi:example:base;1"])
        #expect(template.issues.map(\.code) == [.interfaceUnresolved])
        #expect(template.issues.first?.line == 1)
    }

    @Test func `encodings and member order do not change the canonical form`() throws {
        let plain = try DeviceTemplate(bytes: Array(Self.base.utf8))
        let units = Array(Self.base.utf16)
        let littleEndian: [UInt8] = [0xFF, 0xFE] + units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let bigEndian: [UInt8] = [0xFE, 0xFF] + units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let marked: [UInt8] = [0xEF, 0xBB, 0xBF] + Array(Self.base.utf8)
        for bytes in [littleEndian, bigEndian, marked] {
            #expect(try DeviceTemplate(bytes: bytes).canonicalJSON == plain.canonicalJSON)
        }
        let turned = #"{"@type":"Interface","contents":[{"name":"uptime","schema":"integer","@type":"Telemetry"}],"@id":"dtmi:example:base;1"}"#
        #expect(try DeviceTemplate(bytes: Array(turned.utf8)).canonicalJSON == plain.canonicalJSON)
    }

    @Test func `a template with duplicate keys or two names for a property means what its canonical form means`() throws {
        let twice = #"{"@id":"dtmi:example:t;1","@type":"Nothing","@type":"Interface","contents":[{"@type":"Telemetry","name":"a","name":"b"}]}"#
        let absolute =
            #"{"@id":"dtmi:example:t;1","@type":"Interface","dtmi:dtdl:property:contents;2":[],"contents":[{"@type":"Telemetry","name":"b"}]}"#
        for text in [twice, absolute] {
            let template = try DeviceTemplate(bytes: Array(text.utf8))
            let again = try DeviceTemplate(bytes: template.canonicalJSON)
            #expect(template.compiled.names(inComponent: 0) == ["b"])
            #expect(again.compiled.names(inComponent: 0) == ["b"])
        }
    }

    @Test func `what is no template is refused with the reason`() {
        #expect(code("{") == .syntax)
        #expect(code("{}") == .shape)
        #expect(code("[]") == .shape)
        #expect(code("7") == .shape)
        #expect(code(#"{"@type":"Interface","contents":[]}"#) == .idMissing)
        #expect(code(#"{"@id":"dtmi:example:t;1","displayName":"x"}"#) == .shape)
        #expect(code(#"{"@id":"dtmi:example:t;1","capabilityModel":{"@type":"Interface"}}"#) == nil)
    }

    @Test func `parts that cannot be read are left out and named`() throws {
        let text = """
            {"@id":"dtmi:example:odd;1","@type":"Interface","contents":[
            {"@type":"Telemetry","schema":"double"},
            {"@type":"Gadget","name":"a","schema":"double"},
            {"@type":"Telemetry","name":"b","schema":"temperature"},
            {"@type":"Telemetry","name":"c"}]}
            """
        let template = try DeviceTemplate(bytes: Array(text.utf8))
        #expect(template.issues.map(\.code) == [.nameMissing, .typeUnknown, .schemaUnknown, .schemaUnknown])
        #expect(template.issues.map(\.line) == [2, 3, 4, 5])
        #expect(template.compiled.names(inComponent: 0) == ["b", "c"])
    }

    @Test func `Interfaces that extend each other end`() throws {
        let text = """
            [{"@id":"dtmi:example:a;1","@type":"Interface","extends":"dtmi:example:b;1","contents":[{"@type":"Telemetry","name":"x","schema":"double"}]},
            {"@id":"dtmi:example:b;1","@type":"Interface","extends":"dtmi:example:a;1","contents":[{"@type":"Telemetry","name":"y","schema":"double"}]}]
            """
        let template = try DeviceTemplate(bytes: Array(text.utf8))
        #expect(template.compiled.names(inComponent: 0) == ["x", "y"])
        #expect(template.issues.map(\.code) == [.extendsCycle])
    }

    @Test(.enabled(if: Conformance.isThere, Comment(rawValue: Conformance.whyNot)))
    func `templates as IoT Central exports them are read`() throws {
        let folder = try #require(Conformance.folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/iotcentral-templates").filter { $0.hasSuffix(".json") }
        #expect(names.count >= 5)
        for name in names {
            let template = try DeviceTemplate(bytes: try Conformance.bytes("iotcentral-templates/" + name))
            #expect(!template.compiled.capabilities.isEmpty)
            #expect(template.issues.filter { $0.code != .nameDuplicate }.isEmpty)
            #expect(try DeviceTemplate(bytes: template.canonicalJSON).canonicalJSON == template.canonicalJSON)
        }
    }
}

/// Templates and values that are large or deep on purpose.
struct HostileTemplateTests {
    @Test func `a chain of thousands of Interfaces is followed`() throws {
        let count = 3000
        let interfaces = (0..<count).map { number in
            let base = number + 1 < count ? #","extends":"dtmi:example:i\#(number + 1);1""# : ""
            return
                #"{"@id":"dtmi:example:i\#(number);1","@type":"Interface","contents":[{"@type":"Telemetry","name":"t\#(number)","schema":"double"}]\#(base)}"#
        }
        let template = try DeviceTemplate(bytes: Array("[\(interfaces.joined(separator: ","))]".utf8))
        #expect(template.templateID == "dtmi:example:i0;1")
        #expect(template.compiled.capabilities.count == count)
        #expect(template.issues.isEmpty)
    }

    @Test func `a wide object is judged to its end, and its faults are bounded in number and size`() throws {
        let schema = #"{"@type":"Object","fields":[{"name":"a","schema":"integer"}]}"#
        let members = (0..<20_000).map { #""k\#($0)":1"# }.joined(separator: ",")
        let check = try ValueCheck("{\(members)}", schema: schema)
        #expect(check.faults.count == 64)
        let longKey = String(repeating: "k", count: 100_000)
        let fault = try #require(ValueCheck("{\"\(longKey)\":1}", schema: schema).faults.first)
        #expect(fault.pointer.utf8.count <= 4096)
        #expect(fault.actual.utf8.count <= 256)
        let right = (0..<50_000).map { _ in #""a":1"# }.joined(separator: ",")
        #expect(try ValueCheck("{\(right)}", schema: schema).faults.isEmpty)
    }
}
