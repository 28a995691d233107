import Diagnostics
import JSON
import Testing

/// Modules of an IoT Hub announce models of their own; the template of a device may define modules too.
struct JudgeHubModuleTests {
    private static func judgement(_ payload: String, module: String, model: String? = nil) throws -> Judgement {
        let schema: [(String, [UInt8]?)] = [("dt-dataschema", model.map { SampleHub.text($0) })]
        let record = SampleHub.telemetry(payload, schema + [("iothub-connection-module-id", SampleHub.text(module))])
        return Judgement(record, by: .version(try SampleTemplate.published()))
    }

    @Test func `a module is judged by the model that it announces`() throws {
        let model = SampleExport.template
        #expect(try Self.judgement(#"{"temperature":1}"#, module: "edge", model: model).findings.isEmpty)
        let wrong = try Self.judgement(#"{"temperature":"1"}"#, module: "edge", model: model)
        #expect(wrong.rules == [.schemaMismatch])
        #expect(wrong.findings.map(\.module) == ["edge"])
    }

    @Test func `without a model of its own it has to be one of the template's`() throws {
        #expect(try Self.judgement(#"{"temperature":1}"#, module: "edge").rules == [.moduleUnknown])
        #expect(try Self.judgement(#"{"pulse":1}"#, module: "vitals").findings.isEmpty)
    }

    @Test func `a module that the announced template defines is judged as that`() throws {
        #expect(try Self.judgement(#"{"pulse":1}"#, module: "vitals", model: SampleExport.template).findings.isEmpty)
    }
}
