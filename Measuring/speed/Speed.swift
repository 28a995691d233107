import DTDL
import Glibc
import JSON

/// `speed parse MESSAGE COUNT`, `speed validate MESSAGE COUNT TEMPLATE [REFUSED…]`: messages per second of processor time.
/// `speed models FILE`: seconds of processor time to load the models of a file, one a line.
@main
struct Speed {
    static func main() throws {
        let arguments = CommandLine.arguments
        precondition(arguments.count > 2, "usage: speed parse|validate|models FILE …")
        switch arguments[1] {
        case "models": ModelLoading(bytes(arguments[2])).measure()
        case "parse": parse(bytes(arguments[2]), count: Int(arguments[3]) ?? 0)
        default:
            var validation = Validation(try DeviceTemplate(bytes: bytes(arguments[4])).compiled)
            for path in arguments.dropFirst(5) {
                let isAccepted = validation.accepts(bytes(path))
                precondition(!isAccepted, "Hindcast accepts \(path)")
            }
            let message = bytes(arguments[2])
            measure(count: Int(arguments[3]) ?? 0) { validation.accepts(message) }
        }
    }

    private static func parse(_ message: [UInt8], count: Int) {
        var reader = JSONReader()
        measure(count: count) { (try? reader.read(message.rawBytes)) != nil }
    }

    private static func measure(count: Int, _ check: () -> Bool) {
        for _ in 0..<count / 10 { _ = check() }
        let began = clock()
        var accepted = 0
        for _ in 0..<count where check() { accepted += 1 }
        let seconds = Double(clock() - began) / 1e6
        precondition(accepted == count, "the message is refused")
        print("{\"per_s\": \(Int(Double(count) / seconds))}")
    }

    private static func bytes(_ path: String) -> [UInt8] {
        guard let file = unsafe fopen(path, "rb") else { preconditionFailure("cannot open \(path)") }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var next = unsafe getc(file)
        while next >= 0 {
            bytes.append(UInt8(truncatingIfNeeded: next))
            next = unsafe getc(file)
        }
        return bytes
    }
}

/// Reads a message and checks every value by its template: components, then their capabilities.
struct Validation {
    private let template: CompiledTemplate
    private var reader = JSONReader()
    private var checker = SchemaChecker()
    private var faults: [SchemaFault] = []

    init(_ template: CompiledTemplate) { self.template = template }

    mutating func accepts(_ message: [UInt8]) -> Bool {
        faults.removeAll(keepingCapacity: true)
        return Self.accepts(message, template, &reader, &checker, &faults)
    }

    private static func accepts(
        _ message: [UInt8], _ template: CompiledTemplate, _ reader: inout JSONReader, _ checker: inout SchemaChecker, _ faults: inout [SchemaFault]
    ) -> Bool {
        guard (try? reader.read(message.rawBytes)) != nil else { return false }
        let document = reader.document(over: message.rawBytes)
        var next = document.firstMember(of: document.root)
        while let member = next {
            guard let component = template.component(named: document.text(member.key), inModule: 0) else { return false }
            var inner = document.firstMember(of: member.value)
            while let field = inner {
                guard let number = template.capability(named: field.key, of: document, inComponent: component),
                    let program = template.capabilities[number].program,
                    checker.check(field.value, in: document, program: program, of: template.programs, into: &faults)
                else { return false }
                inner = document.nextMember(after: field, in: member.value)
            }
            next = document.nextMember(after: member, in: document.root)
        }
        return true
    }
}
