import DTDL
import JSON

/// A model with the verdict of the reference implementation, or a real model, which is right with those that it refers to.
///
/// A case that names error ids is compared with them as a set, apart from its verdict: the ids of some cases are all that different versions and options
/// of the reference may report, so that no one program reports exactly them. It names what is unresolved only where the model is not invalid anyway.
struct ModelCase {
    private let json: JSONTree
    private let repository: ModelRepository

    /// - Parameter repository: what real models refer to; a case of its own brings the answers with it.
    init(_ json: JSONTree, repository: ModelRepository = ModelRepository([])) {
        self.json = json
        self.repository = repository
    }

    var name: String { (json["case"] ?? json["path"])?.stringValue ?? "" }

    /// Whether the model is expected to be valid.
    private var isValid: Bool? { json["model"] == nil ? json["valid"]?.boolValue : true }

    /// The ids of errors that the case names, without the prefix that they all share.
    private var expectedErrorIDs: Set<String> {
        Set((json["expectedErrorIds"]?.elements ?? []).compactMap { $0.stringValue?.split(separator: ":").last.map(String.init) })
    }

    var options: ModelOptions {
        var options = ModelOptions()
        options.undefinedExtensions = json["allowUndefinedExtensions"]?.stringValue.flatMap(ModelOptions.UndefinedExtensions.init) ?? .byVersion
        options.acceptableLimits = json["acceptableLimits"]?.elements.compactMap(\.stringValue) ?? []
        options.maximumVersion = json["maxDtdlVersion"]?.integerValue.map(Int.init) ?? options.maximumVersion
        let quirks = json["quirks"]?.elements.compactMap(\.stringValue) ?? []
        options.toleratesSolecisms = quirks.contains("TolerateSolecismsInParse")
        options.toleratesSolecismsOfResolver = quirks.contains("TolerateSolecismsInResolve")
        return options
    }

    var result: ModelResult {
        let parser = ModelParser(options: options)
        if let model = json["model"] { return parser.parse([model.canonicalBytes()], resolver: repository) }
        let documents = (json["input"]?.elements ?? []).map { $0.canonicalBytes() }
        return parser.parse(documents, resolver: ScriptedResolver(json["resolution"]?.elements ?? []))
    }

    var outcome: CaseOutcome {
        let result = result
        let errorIDs = Set(result.errors.filter { $0.severity == .error }.map(\.code))
        let verdict = JSONTree.object([
            "case": .string(name), "valid": .bool(result.outcome == .valid), "unresolved": .array(result.unresolved.sorted().map { .string($0) }),
            "errors": .array(errorIDs.sorted().map { .string($0) }),
        ])
        return CaseOutcome(name: name, verdict: verdict, mismatch: mismatch(result, errorIDs), errorIDs: compare(errorIDs))
    }

    private func mismatch(_ result: ModelResult, _ errorIDs: Set<String>) -> String? {
        if let isValid, isValid != (result.outcome == .valid) {
            let why = (errorIDs.sorted() + result.unresolved.sorted()).joined(separator: ", ")
            return "expected \(isValid ? "valid" : "not valid"), found \(result.outcome.rawValue)\(why.isEmpty ? "" : " (\(why))")"
        }
        let unresolved = Set(json["unresolvedIdentifiers"]?.elements.compactMap(\.stringValue) ?? [])
        if !unresolved.isEmpty, expectedErrorIDs.isEmpty, Set(result.unresolved) != unresolved {
            return "expected \(unresolved.sorted()) unresolved, found \(result.unresolved.sorted())"
        }
        return nil
    }

    private func compare(_ errorIDs: Set<String>) -> CaseOutcome.ErrorIDs {
        let expected = expectedErrorIDs
        if expected.isEmpty { return .notNamed }
        if errorIDs == expected { return .equal }
        return !errorIDs.isEmpty && errorIDs.isSubset(of: expected) ? .among : .other
    }
}

/// Answers exactly the questions that a case writes down.
struct ScriptedResolver: ModelResolver {
    private let answers: [(request: Set<String>, response: [[UInt8]]?)]

    init(_ steps: [JSONTree]) {
        answers = steps.map { step in
            let response = step["response"].flatMap { $0.isNull ? nil : $0.elements.map { $0.canonicalBytes() } }
            return (Set(step["request"]?.elements.compactMap(\.stringValue) ?? []), response)
        }
    }

    func documents(for identifiers: [String]) -> [[UInt8]]? { answers.first { $0.request == Set(identifiers) }?.response }
}

/// A repository of models in memory.
struct ModelRepository: ModelResolver {
    /// The documents by their identifiers.
    let models: [String: [UInt8]]

    /// The real models among some cases.
    init(_ cases: [JSONTree]) {
        var models: [String: [UInt8]] = [:]
        for model in cases.compactMap({ $0["model"] }) {
            if let identifier = model["@id"]?.stringValue { models[identifier] = model.canonicalBytes() }
        }
        self.models = models
    }

    func documents(for identifiers: [String]) -> [[UInt8]]? { identifiers.compactMap { models[$0] } }
}
