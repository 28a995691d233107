import DTDL
import Glibc
import JSON

/// All models of a repository: each is read with what it refers to and compiled.
struct ModelLoading {
    private struct Repository: ModelResolver {
        var models: [String: [UInt8]] = [:]

        func documents(for identifiers: [String]) -> [[UInt8]]? {
            let found = identifiers.compactMap { DTMI($0)?.repositoryPath.flatMap { models[$0] } }
            return found.isEmpty ? nil : found
        }
    }

    private var repository = Repository()

    init(_ file: [UInt8]) {
        var reader = JSONReader()
        for line in file.split(separator: UInt8(ascii: "\n")) {
            let line = Array(line)
            guard (try? reader.read(line.rawBytes)) != nil else { preconditionFailure("a line is not JSON") }
            let document = reader.document(over: line.rawBytes)
            guard let path = document.member("path", of: document.root), let model = document.member("model", of: document.root) else {
                preconditionFailure("a line has no path or no model")
            }
            var bytes: [UInt8] = []
            document.source(model).append(to: &bytes)
            repository.models[document.string(path)] = bytes
        }
    }

    func measure() {
        var began = clock()
        var capabilities = 0
        for model in repository.models.values {
            guard let template = try? DeviceTemplate(bytes: model, resolver: repository) else { preconditionFailure("a model is no template") }
            capabilities += template.compiled.capabilities.count
        }
        let loading = Double(clock() - began) / 1e6
        began = clock()
        let parser = ModelParser()
        let valid = repository.models.values.count { parser.parse([$0], resolver: repository).outcome == .valid }
        let checking = Double(clock() - began) / 1e6
        print(
            "{\"models\": \(repository.models.count), \"capabilities\": \(capabilities), \"load_s\": \(loading), \"check_s\": \(checking), \"valid\": \(valid)}"
        )
    }
}
