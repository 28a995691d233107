import DTDL
import JSON

/// What libFuzzer calls with each text that it makes up: a model or device template, then perhaps a zero byte and a value for its capabilities.
@c(LLVMFuzzerTestOneInput)
public func fuzzDTDL(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let parts = text.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let model = Array(parts[0])
    for profile in [ModelOptions.Profile.strict, .iotCentral] { checkModel(model, profile: profile) }
    _ = String(validating: parts[0], as: UTF8.self).map(checkIdentifier)
    guard let template = try? DeviceTemplate(bytes: model) else { return 0 }
    checkTemplate(template)
    if parts.count == 2 { checkValue(Array(parts[1]), by: template.compiled) }
    return 0
}

private func checkModel(_ bytes: [UInt8], profile: ModelOptions.Profile) {
    var options = ModelOptions()
    options.profile = profile
    let result = ModelParser(options: options).parse([bytes])
    let hasErrors = result.errors.contains { $0.severity == .error }
    precondition(hasErrors == (result.outcome == .invalid), "a model is invalid without an error, or valid with one")
    precondition(result.unresolved.isEmpty == (result.outcome != .unresolved), "a model lacks something that has no name")
    let lines = 1 + bytes.count { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    for error in result.errors {
        precondition(!error.code.isEmpty && !error.cause.isEmpty && !error.action.isEmpty, "an error says nothing")
        precondition((1...lines).contains(error.line), "an error is on a line that is not there")
        precondition(error.document == 0, "an error is in a document that is not there")
    }
}

private func checkIdentifier(_ text: String) {
    guard let identifier = DTMI(text) else { return }
    precondition(identifier.text == text && DTMI(identifier.text) == identifier, "an identifier is not its own text")
    _ = identifier.repositoryPath
}

/// The canonical form is a template that differs in nothing.
private func checkTemplate(_ template: DeviceTemplate) {
    guard let again = try? DeviceTemplate(bytes: template.canonicalJSON) else { preconditionFailure("a canonical form is no template") }
    precondition(again.canonicalJSON == template.canonicalJSON, "a canonical form is not its own")
    precondition(TemplateComparison(from: template, to: template).changes.isEmpty, "a template differs from itself")
    let compiled = template.compiled
    for capability in compiled.capabilities {
        for program in [capability.program, capability.requestProgram, capability.responseProgram] {
            guard let program else { continue }
            precondition(!compiled.programs.summary(of: program).isEmpty, "a schema is nothing in words")
        }
    }
    for component in compiled.components.indices { _ = compiled.names(inComponent: component) }
}

private func checkValue(_ bytes: [UInt8], by template: CompiledTemplate) {
    var reader = JSONReader()
    guard (try? reader.read(bytes.rawBytes)) != nil else { return }
    let document = reader.document(over: bytes.rawBytes)
    var checker = SchemaChecker()
    for capability in template.capabilities.prefix(16) {
        guard let program = capability.program else { continue }
        var faults: [SchemaFault] = []
        let isRight = checker.check(document.root, in: document, program: program, of: template.programs, into: &faults)
        precondition(isRight == faults.isEmpty && faults.count <= checker.options.maximumFaults, "a verdict is not what its faults say")
        for fault in faults {
            precondition((0..<bytes.count).contains(fault.offset), "a fault is outside of the value")
            precondition(fault.boundedPointer.utf8.count <= 512 && fault.pointer.utf8.count <= 4096, "a pointer is longer than it may be")
            precondition(!fault.expected.isEmpty && !fault.actual.isEmpty, "a fault says nothing")
        }
        var repeated: [SchemaFault] = []
        var other = SchemaChecker()
        other.check(document.root, in: document, program: program, of: template.programs, into: &repeated)
        precondition(faults == repeated, "a used checker judges otherwise than a new one")
    }
}
