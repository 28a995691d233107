import Postgres
import TestSupport
import Testing

@testable import hindcast

/// The program's exit status and its one sentence.
struct ExitStatusTests {
    /// The single line that a failing command says.
    private func sentence(_ outcome: Program.Outcome, sourceLocation: SourceLocation = #_sourceLocation) -> String {
        let lines = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("hindcast: ") }
        #expect(lines.count == 1, "\(outcome.errors)", sourceLocation: sourceLocation)
        return lines.first.map(String.init) ?? ""
    }

    @Test func `help and version are no failures`() async throws {
        let help = try await Program.run(["--help"])
        #expect(help.status == 0)
        #expect(help.output.contains("Exit status:"))
        let version = try await Program.run(["version"])
        #expect(version.status == 0)
        #expect(version.output.hasPrefix("hindcast \(Version.current) "))
    }

    @Test(arguments: [
        ["migrate"], ["ingest"], ["project"], ["up"], ["embedded-broker"], ["demo"], ["template", "check"], ["template", "diff"],
        ["template", "publish"], ["template", "activate"],
        ["template", "assign"], ["template", "list"], ["template", "show"], ["monitor", "events"], ["monitor", "findings"], ["findings"],
        ["monitor", "properties"], ["device", "list"], ["device", "show"], ["device", "diagnose"], ["device", "history"], ["device", "as-of"],
        ["fleet", "summary"], ["fleet", "causes"],
        ["events", "show"], ["status"], ["source", "list"], ["source", "new-life"], ["source", "hole"], ["log", "verify"], ["log", "retain"],
        ["config", "show"],
        ["replay", "plan"], ["replay", "run"], ["replay", "resume"], ["replay", "pause"], ["replay", "abort"], ["replay", "diff"],
        ["replay", "promote"], ["replay", "rollback"], ["replay", "retire"], ["replay", "what-if"], ["replay", "migrate"], ["replay", "verify"],
        ["replay", "list"], ["replay", "show"], ["export", "import"], ["export", "list"], ["export", "show"], ["export", "status"],
        ["export", "gaps"], ["export", "check"], ["export", "reconcile"], ["export", "backfill"], ["export", "accept"], ["export", "bind"],
        ["export", "unbind"], ["explain"], ["validate"], ["rules"], ["error-codes"], ["log", "reindex"], ["template", "infer"],
    ]) func `the help of every command has examples`(command: [String]) async throws {
        let help = try await Program.run(command + ["--help"])
        #expect(help.status == 0)
        #expect(help.output.contains("Examples:"))
        #expect(help.output.contains("hindcast \(command.joined(separator: " "))"))
    }

    @Test(arguments: [
        ["nonsense"], ["findings", "--nonsense"], ["log", "retain"], ["source", "hole", "1", "--from", "5", "--to", "2"], ["events", "show", "x"],
    ])
    func `wrong usage is 2`(arguments: [String]) async throws {
        let outcome = try await Program.run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        #expect(!outcome.errors.isEmpty)
    }

    @Test func `an unknown setting is 2, and is named`() async throws {
        let outcome = try await Program.run(["status", "--set", "ingest.batch-row=5"])
        #expect(outcome.status == 2)
        #expect(sentence(outcome).contains("did you mean \"ingest.batch-rows\"?"))
    }

    @Test(arguments: [
        ["status"], ["device", "list"], ["device", "history", "x"], ["device", "diagnose", "x"], ["fleet", "causes"],
        ["monitor", "events", "--follow"], ["monitor", "findings", "--follow"],
    ]) func `a database that cannot be reached is 5`(arguments: [String]) async throws {
        let outcome = try await Program.run(arguments + ["--postgres-url", "host=/nowhere dbname=x password=hush"])
        #expect(outcome.status == 5)
        #expect(sentence(outcome).contains("HINDCAST_POSTGRES_URL"))
        #expect(!outcome.errors.contains("hush"))
    }

    @Test(
        .emptyDatabase,
        arguments: [
            ["status"], ["findings"], ["project"], ["template", "list"], ["events", "show", "1:1"], ["log", "verify"],
            ["ingest", "--capture", "/dev/null"], ["device", "list"], ["device", "show", "x"], ["device", "history", "x"],
            ["device", "as-of", "1h", "x"], ["device", "diagnose", "--all"], ["fleet", "summary"], ["fleet", "causes"], ["monitor", "events"],
            ["monitor", "properties"],
            ["monitor", "findings"], ["export", "list"], ["export", "status"], ["export", "gaps"],
        ])
    func `a database that was never migrated is 4`(arguments: [String]) async throws {
        let outcome = try await Program.run(arguments, environment: TestDatabase.environment)
        #expect(outcome.status == 4)
        #expect(sentence(outcome).contains("hindcast migrate"))
    }

    @Test(.database) func `a database of a newer program is 4`() async throws {
        var connection = try TestDatabase.connect()
        try connection.execute(
            script: "INSERT INTO hindcast.schema_migration (version, name, sha256) VALUES (999, 'm0999_later', decode(repeat('00', 32), 'hex'))")
        for command in [["status"], ["migrate"]] {
            let outcome = try await Program.run(command, environment: TestDatabase.environment)
            #expect(outcome.status == 4)
            #expect(sentence(outcome).contains("999"))
        }
    }

    @Test(.database) func `a broker that cannot be reached is 6`() async throws {
        let environment = TestDatabase.environment.merging([
            "HINDCAST_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1", "HINDCAST_INGEST_TOPICS": "telemetry",
        ]) { $1 }
        let outcome = try await Program.run(["ingest"], environment: environment)
        #expect(outcome.status == 6)
        #expect(sentence(outcome).contains("127.0.0.1:1"))
    }

    @Test(.database, arguments: ["sasl.jaas=hunter2", "security.protocol=SSL,ssl.key.location=/nowhere", "acks=some"])
    func `a property that librdkafka refuses is 2, as every wrong setting, and no secret is repeated`(properties: String) async throws {
        let environment = TestDatabase.environment.merging([
            "HINDCAST_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1", "HINDCAST_INGEST_TOPICS": "telemetry", "HINDCAST_KAFKA_PROPERTIES": properties,
        ]) { $1 }
        let outcome = try await Program.run(["ingest"], environment: environment)
        #expect(outcome.status == 2)
        #expect(!outcome.errors.contains("hunter2"))
    }

    @Test(.database) func `ingest without a cluster or without topics is 2, and says which setting`() async throws {
        let without = try await Program.run(["ingest"], environment: TestDatabase.environment)
        #expect(without.status == 2)
        #expect(sentence(without).contains("kafka.bootstrap-servers"))
        let topics = try await Program.run(["ingest", "--kafka-bootstrap-servers", "127.0.0.1:1"], environment: TestDatabase.environment)
        #expect(topics.status == 2)
        #expect(sentence(topics).contains("ingest.topics"))
    }

    @Test(.database) func `a user who may not take on the command's role is told which`() async throws {
        var connection = try TestDatabase.connect()
        let user = "cli_stranger_\(TestDatabase.current.settings.database ?? "")"
        try connection.execute(script: "CREATE ROLE \(user) LOGIN PASSWORD 'x'")
        let url = (TestDatabase.environment["HINDCAST_POSTGRES_URL"] ?? "") + " user=\(user) password=x"
        let outcome = try await Program.run(["findings"], environment: ["HINDCAST_POSTGRES_URL": url])
        try connection.execute(script: "DROP ROLE \(user)")
        #expect(outcome.status == 5)
        #expect(sentence(outcome).contains("GRANT hindcast_dashboard TO"))
    }
}
