/// What `Package.swift`, `scripts/bootstrap` and the `Dockerfile` have to agree on: the libraries that Debian provides.
enum PackagingRules {
    /// The package that holds at run time what a development package is linked against.
    private static let runtimePackages = [
        "libpq-dev": "libpq5", "librdkafka-dev": "librdkafka1", "libssl-dev": "libssl3", "libcurl4-openssl-dev": "libcurl4",
        "zlib1g-dev": "zlib1g",
    ]

    /// The development packages that the manifest names as providers.
    static func manifestPackages(_ manifest: String) -> Set<String> {
        Set(manifest.split(separator: ".apt([").dropFirst().flatMap { $0.prefix { $0 != "]" }.split(separator: ",") }.map(unquoted))
    }

    /// The development packages that bootstrap looks for.
    static func bootstrapPackages(_ script: String) -> Set<String> {
        let line = script.split(separator: "\n").first { $0.hasPrefix("libraries=") } ?? ""
        return Set(line.dropFirst("libraries=".count).split { $0 == " " || $0 == "'" }.compactMap { $0.split(separator: ":").last.map(String.init) })
    }

    /// The packages that each stage of a Dockerfile installs.
    static func stagePackages(_ dockerfile: String) -> [Set<String>] {
        instructions(dockerfile).reduce(into: []) { stages, instruction in
            if instruction.first == "FROM" { stages.append([]) }
            guard let install = instruction.firstIndex(of: "install"), install > 0, instruction[install - 1] == "apt-get", !stages.isEmpty else {
                return
            }
            stages[stages.count - 1].formUnion(instruction[(install + 1)...].prefix { $0 != "&&" }.filter { !$0.hasPrefix("-") }.map(String.init))
        }
    }

    static func disagreements(manifest: String, bootstrap: String, dockerfile: String) -> [String] {
        let linked = manifestPackages(manifest)
        let stages = stagePackages(dockerfile)
        guard stages.count == 2 else { return ["the Dockerfile has \(stages.count) stages instead of 2"] }
        var found: [String] = []
        if bootstrapPackages(bootstrap) != linked {
            found.append("bootstrap looks for \(bootstrapPackages(bootstrap).sorted()), the manifest names \(linked.sorted())")
        }
        for package in linked.union(["pkg-config"]).subtracting(stages[0]).sorted() { found.append("the build stage does not install \(package)") }
        for package in linked.sorted() {
            guard let runtime = runtimePackages[package] else {
                found.append("it is not known what \(package) needs at run time")
                continue
            }
            if !stages[1].contains(runtime) { found.append("the image does not install \(runtime)") }
        }
        let users = instructions(dockerfile).filter { $0.first == "USER" }.compactMap(\.last)
        if users.isEmpty || users.last == "root" || users.last == "0" { found.append("the image runs as root") }
        return found
    }

    /// The words of each instruction, lines that end in a backslash joined.
    private static func instructions(_ dockerfile: String) -> [[Substring]] {
        var instructions: [[Substring]] = []
        var continues = false
        for line in dockerfile.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ").filter { $0 != "\\" }
            if continues { instructions[instructions.count - 1] += words } else { instructions.append(words) }
            continues = line.hasSuffix("\\")
        }
        return instructions
    }

    private static func unquoted(_ text: Substring) -> String { String(text.filter { $0 != "\"" && $0 != " " }) }
}
