import DTDL
import JSON

/// One value, checked by the first capability of a template.
struct ValueCheck {
    /// The template's first capability has no schema.
    struct NoSchema: Error {}

    let template: DeviceTemplate
    let faults: [SchemaFault]

    var violations: [SchemaFault] { faults.filter(\.kind.isViolation) }
    var kinds: [SchemaFault.Kind] { faults.map(\.kind) }

    /// Checks a value by an Interface made around its schema.
    init(_ value: String, schema: String, version: Int = 4, extra: String = "", options: CheckOptions = CheckOptions()) throws {
        let model = """
            {"@context":"dtmi:dtdl:context;\(version)","@id":"dtmi:example:check;1","@type":"Interface",\
            "contents":[{"@type":"Telemetry","name":"value","schema":\(schema)\(extra)}]}
            """
        try self.init(value, template: DeviceTemplate(bytes: Array(model.utf8)), options: options)
    }

    init(_ value: String, template: DeviceTemplate, options: CheckOptions = CheckOptions()) throws {
        self.template = template
        let bytes = Array(value.utf8)
        var reader = JSONReader()
        var faults: [SchemaFault] = []
        var checker = SchemaChecker(options: options)
        try reader.read(bytes.rawBytes)
        let document = reader.document(over: bytes.rawBytes)
        guard let program = template.compiled.capabilities.first?.program else { throw NoSchema() }
        checker.check(document.root, in: document, program: program, of: template.compiled.programs, into: &faults)
        self.faults = faults
    }
}
