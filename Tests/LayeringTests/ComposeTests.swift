import Testing

@Suite struct ComposeTests {
    private func compose() throws -> ComposeRules { ComposeRules(document: try BlockYAML.parse(try Repository.text("docker-compose.yml"))) }

    @Test func `docker-compose.yml is well-formed and refers to nothing that is missing`() throws {
        let compose = try compose()
        let services = Set(compose.document["services"]?.keys ?? [])
        #expect(services.isSuperset(of: ["kafka", "postgres", "migrate", "ingest", "project", "grafana"]))
        #expect(compose.danglingReferences() == [])
        #expect(compose.badMounts(exists: Repository.exists) == [])
    }

    @Test func `every image in docker-compose.yml but our own has a version`() throws {
        #expect(try compose().floatingImages() == [])
    }

    @Test func `docker-compose.yml opens no port to other machines and holds no secret`() throws {
        #expect(try compose().openPorts() == [])
        #expect(try compose().literalSecrets() == [])
    }

    @Test func `the commands in docker-compose.yml are the program's`() throws {
        let commands = DeclaredCommands(in: try Repository.sources())
        let lines = try compose().commandLines()
        #expect(lines.count >= 3)
        #expect(lines.flatMap { line in commands.unknown(in: line.arguments).map { "\(line.service): \($0)" } } == [])
    }

    @Test func `the settings in docker-compose.yml are documented`() throws {
        let documented = try Repository.text("docs/configuration.md")
        let names = try compose().settingNames()
        #expect(!names.isEmpty)
        #expect(names.filter { !documented.contains("`\($0)`") } == [])
    }

    // MARK: - The rules can say no

    @Test(arguments: [
        ("a: 1\na: 2", 2), ("a:\n  b: 1\n c: 2", 3), ("a: [1, 2", 1), ("a: \"1", 1), ("a:\n\tb: 1", 2), ("a: *b", 1), ("- a\nb: 1", 2),
        ("a: b: c", 1),
        ("a", 1), ("a: {b: 1}", 1), ("a: |\n  b", 1), ("? a", 1),
    ])
    func `YAML that is wrong or of another form is refused with its line`(text: String, line: Int) {
        do {
            _ = try BlockYAML.parse(text)
            Issue.record("accepted: \(text)")
        } catch {
            #expect(error.line == line)
        }
    }

    @Test func `YAML is read as it is meant`() throws {
        let text = """
            # a comment
            x: &shared # another
              url: http://a:1/#b
            y:
              - "a: # b"
              - plain
            z:
              shared: *shared
              flow: ["a", 'b', c]
              secret: ${A:?set A first}
              nothing:
            """
        let shared = YAMLValue.map(["url": .scalar("http://a:1/#b")])
        let flow = YAMLValue.list([.scalar("a"), .scalar("b"), .scalar("c")])
        #expect(
            try BlockYAML.parse(text)
                == .map([
                    "x": shared, "y": .list([.scalar("a: # b"), .scalar("plain")]),
                    "z": .map(["shared": shared, "flow": flow, "secret": .scalar("${A:?set A first}"), "nothing": .scalar("")]),
                ]))
    }

    private static let broken = """
        services:
          one:
            image: hindcast
            command: ["ingest", "--all", "--dry-run"]
            ports: ["9092:9092", "127.0.0.1:1:1"]
            environment:
              POSTGRES_PASSWORD: secret
              HINDCAST_NO_SUCH: "1"
            depends_on:
              two:
                condition: service_healthy
              three:
                condition: service_started
            volumes: ["data:/data", "./gone:/a", "./docs:/b:ro"]
          two:
            restart: unless-stopped
        """

    @Test func `a broken compose file is found out`() throws {
        let compose = ComposeRules(document: try BlockYAML.parse(Self.broken))
        #expect(
            compose.danglingReferences() == [
                "one: depends on three, which is no service", "one: waits for the health of two, which has no health check",
                "one: the volume data is not declared", "two: no image",
            ])
        #expect(
            compose.badMounts { $0 == "docs" } == ["one: mounts gone, which is not there", "one: may change gone, which is mounted for writing"])
        #expect(
            ComposeRules(document: try BlockYAML.parse("services:\n  a:\n    image: b\n  c:\n    image: d:latest")).floatingImages() == [
                "a: b", "c: d:latest",
            ])
        #expect(compose.openPorts() == ["one: the port 9092:9092 is open to other machines"])
        #expect(compose.literalSecrets() == ["one: POSTGRES_PASSWORD is not taken from the environment"])
        #expect(compose.settingNames() == ["HINDCAST_NO_SUCH"])
    }

    @Test func `a command line that the program does not know is found`() throws {
        let source = SourceText(
            path: "Sources/hindcast/Made.swift",
            text: """
                struct Migrate: AsyncParsableCommand { @Flag var dryRun = false }
                struct StatusCommand: ParsableCommand {}
                struct Other: ParsableCommand { static let configuration = CommandConfiguration(commandName: "embedded-broker") }
                @Option(name: .customLong("topic")) var topics: [String]
                // struct Ingest: ParsableCommand
                """)
        let commands = DeclaredCommands(in: [source])
        #expect(commands.unknown(in: ["migrate", "--dry-run"]) == [])
        #expect(commands.unknown(in: ["status"]) == [])
        #expect(commands.unknown(in: ["embedded-broker", "--topic=a"]) == [])
        #expect(commands.unknown(in: ["ingest", "--all"]) == ["ingest", "--all"])
        #expect(commands.unknown(in: []) == ["no subcommand"])
    }
}
