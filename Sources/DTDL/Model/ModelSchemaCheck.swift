internal import JSON

/// Whether a value that a model holds conforms to a schema of the same model.
enum ModelSchemaCheck {
    static func conforms(_ value: JSONTree, to schema: JSONTree, of owner: JSONTree, named: [String: JSONTree]) -> Bool {
        var compiler = SchemaCompiler(elements: named)
        let program = compiler.compile(schema, of: owner)
        let bytes = value.canonicalBytes()
        var reader = JSONReader()
        do { try reader.read(bytes.rawBytes) } catch { return false }
        let document = reader.document(over: bytes.rawBytes)
        var checker = SchemaChecker()
        var faults: [SchemaFault] = []
        return checker.check(document.root, in: document, program: Int(program), of: compiler.programs, into: &faults)
    }
}
