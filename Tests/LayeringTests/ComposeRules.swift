/// What `docker-compose.yml` is held to, since no Docker engine runs where the tests do. Each rule returns what breaks it.
struct ComposeRules {
    var document: YAMLValue

    private var services: [(name: String, body: YAMLValue)] {
        (document["services"]?.keys ?? []).compactMap { name in document["services"]?[name].map { (name, $0) } }
    }

    /// Services, volumes and health checks that are referred to exist.
    func danglingReferences() -> [String] {
        services.flatMap { name, body -> [String] in
            var found: [String] = []
            if body["image"] == nil { found.append("\(name): no image") }
            for needed in body["depends_on"]?.keys ?? [] {
                guard let other = document["services"]?[needed] else {
                    found.append("\(name): depends on \(needed), which is no service")
                    continue
                }
                switch body["depends_on"]?[needed]?["condition"]?.text {
                case "service_healthy":
                    if other["healthcheck"] == nil { found.append("\(name): waits for the health of \(needed), which has no health check") }
                case "service_completed_successfully":
                    if other["restart"]?.text == "unless-stopped" {
                        found.append("\(name): waits for the end of \(needed), which is restarted for ever")
                    }
                case let condition: found.append("\(name): the condition \(condition ?? "") on \(needed) is none")
                }
            }
            for mount in body["volumes"]?.texts ?? [] where !Self.isOfRepository(mount) {
                let volume = String(mount.prefix { $0 != ":" })
                if document["volumes"]?[volume] == nil { found.append("\(name): the volume \(volume) is not declared") }
            }
            return found
        }
    }

    /// What is mounted from the repository: it has to be there, and no container may change it.
    func badMounts(exists: (String) -> Bool) -> [String] {
        services.flatMap { name, body in
            (body["volumes"]?.texts ?? []).filter(Self.isOfRepository).flatMap { mount -> [String] in
                let path = String(mount.dropFirst("./".count).prefix { $0 != ":" })
                return (exists(path) ? [] : ["\(name): mounts \(path), which is not there"])
                    + (mount.hasSuffix(":ro") ? [] : ["\(name): may change \(path), which is mounted for writing"])
            }
        }
    }

    private static func isOfRepository(_ mount: String) -> Bool { mount.hasPrefix("./") }

    /// Images of others that mean another program tomorrow.
    func floatingImages() -> [String] {
        services.compactMap { name, body in
            guard let image = body["image"]?.text, image != "hindcast" else { return nil }
            let version = image.split(separator: ":").dropFirst().last
            return version == nil || version == "latest" ? "\(name): \(image)" : nil
        }
    }

    /// Nothing listens beyond this machine.
    func openPorts() -> [String] {
        services.flatMap { name, body in
            (body["ports"]?.texts ?? []).filter { !$0.hasPrefix("127.0.0.1:") }.map { "\(name): the port \($0) is open to other machines" }
        }
    }

    /// A secret comes from the environment, and its absence is an error.
    func literalSecrets() -> [String] {
        services.flatMap { name, body in
            environment(of: body).filter {
                $0.key.contains("PASSWORD") && !$0.value.hasPrefix("${\($0.key == "PGPASSWORD" ? "POSTGRES_PASSWORD" : $0.key):?")
            }
            .map { "\(name): \($0.key) is not taken from the environment" }
        }
    }

    /// The command lines of our program: what its containers run, and their health checks.
    func commandLines() -> [(service: String, arguments: [String])] {
        services.filter { $0.body["image"]?.text == "hindcast" }.flatMap { name, body in
            let command = body["command"].map { [(name, $0.texts)] } ?? []
            let check = body["healthcheck"]?["test"]?.texts ?? []
            return command + (check.prefix(2) == ["CMD", "hindcast"] ? [(name, Array(check.dropFirst(2)))] : [])
        }
    }

    /// Our settings that are set, sorted.
    func settingNames() -> [String] {
        Set(services.flatMap { environment(of: $0.body).keys.filter { $0.hasPrefix("HINDCAST_") } }).sorted()
    }

    private func environment(of body: YAMLValue) -> [String: String] {
        guard let environment = body["environment"] else { return [:] }
        return Dictionary(uniqueKeysWithValues: environment.keys.map { ($0, environment[$0]?.text ?? "") })
    }
}

/// The subcommands and flags that the program's sources declare.
struct DeclaredCommands {
    private let names: Set<String>
    private let flags: Set<String>

    init(in sources: [SourceText]) {
        var names: Set<String> = []
        var flags: Set<String> = []
        for line in sources.filter({ $0.target == "hindcast" }).flatMap(\.linesWithoutComments) {
            for name in Self.arguments(of: "commandName: ", in: line) { names.insert(name) }
            for name in Self.arguments(of: ".customLong(", in: line) { flags.insert(name) }
            let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
            if let structure = words.firstIndex(of: "struct"), structure + 1 < words.count, line.contains("ParsableCommand") {
                let type = words[structure + 1]
                names.insert(Self.hyphenated(type))
                if type.hasSuffix("Command") { names.insert(Self.hyphenated(type.dropLast("Command".count))) }
            }
            if let variable = words.firstIndex(of: "var"), variable + 1 < words.count { flags.insert(Self.hyphenated(words[variable + 1])) }
        }
        self.names = names
        self.flags = flags
    }

    /// What of a command line is not declared.
    func unknown(in arguments: [String]) -> [String] {
        (arguments.first.map { names.contains($0) ? [] : [$0] } ?? ["no subcommand"])
            + arguments.dropFirst().filter { $0.hasPrefix("--") && !flags.contains(String($0.dropFirst(2).prefix { $0 != "=" })) }
    }

    /// The string literals that directly follow a text.
    private static func arguments(of prefix: String, in line: Substring) -> [String] {
        line.split(separator: prefix + "\"", omittingEmptySubsequences: false).dropFirst().map { String($0.prefix { $0 != "\"" }) }
    }

    /// `dryRun` and `DryRun` as a command line has them: `dry-run`.
    private static func hyphenated(_ name: Substring) -> String {
        name.reduce(into: "") { result, character in
            if character.isUppercase, !result.isEmpty { result.append("-") }
            result.append(contentsOf: character.lowercased())
        }
    }
}
