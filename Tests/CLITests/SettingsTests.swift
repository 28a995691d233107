import Diagnostics
import Kafka
import Testing

@testable import hindcast

/// Where a setting's value comes from, and what is refused.
struct SettingsTests {
    private func load(
        flags: [String: String] = [:], environment: [String: String] = [:], file: String? = nil
    ) throws -> Settings {
        guard let file else { return try Settings.load(flags: flags, config: nil, environment: environment) }
        let written = try TemporaryFile(file, suffix: ".yaml")
        return try Settings.load(flags: flags, config: written.path, environment: environment)
    }

    /// The sentence of the refusal.
    private func refusal(
        flags: [String: String] = [:], environment: [String: String] = [:], file: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) -> String {
        do {
            _ = try load(flags: flags, environment: environment, file: file)
            Issue.record("The settings were taken", sourceLocation: sourceLocation)
        } catch {
            let error = error as? OperatorError
            #expect(error?.status == .usage, sourceLocation: sourceLocation)
            return error?.description ?? ""
        }
        return ""
    }

    private let file = "ingest:\n  batch-rows: 10\n"
    private let variable = ["HINDCAST_INGEST_BATCH_ROWS": "20"]
    private let flag = ["ingest.batch-rows": "30"]

    @Test func `flags win over the environment, which wins over the file, which wins over the default`() throws {
        #expect(try load().ingest.batchRows == 5000)
        #expect(try load(file: file).ingest.batchRows == 10)
        #expect(try load(environment: variable, file: file).ingest.batchRows == 20)
        #expect(try load(flags: flag, environment: variable, file: file).ingest.batchRows == 30)
    }

    @Test func `each value tells its origin`() throws {
        func origin(_ settings: Settings) -> String? {
            settings.values.first { $0.key == .ingestBatchRows }?.value.map { "\($0.origin)" }
        }
        #expect(try origin(load()) == "default")
        #expect(try origin(load(environment: variable, file: file)) == "HINDCAST_INGEST_BATCH_ROWS")
        #expect(try origin(load(flags: flag, environment: variable, file: file)) == "command line")
        #expect(try origin(load(file: file))?.hasSuffix(".yaml:2") == true)
    }

    @Test func `an empty variable counts as none`() throws {
        #expect(try load(environment: ["HINDCAST_INGEST_BATCH_ROWS": ""], file: file).ingest.batchRows == 10)
    }

    @Test func `an unknown key in the file is refused by line, with the nearest known one`() {
        let sentence = refusal(file: "log:\n  level: info\ningest:\n  batch-row: 10\n")
        #expect(sentence.contains("line 4"))
        #expect(sentence.contains("\"ingest.batch-row\""))
        #expect(sentence.contains("did you mean \"ingest.batch-rows\"?"))
    }

    @Test func `an unknown area, key after --set, or variable of an area is refused`() {
        #expect(refusal(file: "postgers:\n  url: x\n").contains("\"postgers\""))
        #expect(refusal(flags: ["postgres.urll": "x"]).contains("did you mean \"postgres.url\"?"))
        #expect(refusal(environment: ["HINDCAST_POSTGRES_ULR": "x"]).contains("did you mean HINDCAST_POSTGRES_URL?"))
    }

    @Test func `variables of other tools are left alone`() throws {
        _ = try load(environment: ["HINDCAST_TEST_POSTGRES": "x", "HINDCASTING_LOG_LEVEL": "y"])
    }

    @Test(arguments: [
        ("ingest.batch-rows", "0"), ("ingest.batch-rows", "many"), ("project.workers", "65"), ("log.level", "loud"), ("log.format", "xml"),
        ("postgres.prepared-statements", "maybe"), ("metrics.listen", "9464"), ("metrics.listen", "localhost:1"),
        ("metrics.listen", "127.0.0.1:70000"),
        ("ingest.topics", "a,a"), ("ingest.topics", "[{}]"), ("ingest.topics", #"[{"name":"a","envelope":"x"}]"#),
        ("ingest.topics", #"[{"name":"a","tennant":"x"}]"#), ("kafka.properties", "oops"), ("postgres.url", "host='"),
    ]) func `a value of the wrong form is refused by its key`(name: String, value: String) {
        let sentence = refusal(flags: [name: value])
        #expect(sentence.contains(name) || sentence.contains(name.prefix { $0 != "." }))
    }

    @Test func `a file that is named has to exist, the usual one need not`() throws {
        do {
            _ = try Settings.load(flags: [:], config: "/nowhere/hindcast.yaml", environment: [:])
            Issue.record("It was read")
        } catch {
            #expect(error.description.contains("/nowhere/hindcast.yaml"))
        }
        #expect(throws: OperatorError.self) {
            try Settings.load(flags: [:], config: nil, environment: ["HINDCAST_CONFIG": "/nowhere/hindcast.yaml"])
        }
        _ = try load()
    }

    @Test func `what is no YAML is refused by line and column, without its text`() {
        let sentence = refusal(file: "postgres:\n  url: \"secret\n")
        #expect(sentence.contains("is not YAML"))
        #expect(sentence.contains("line"))
        #expect(!sentence.contains("secret"))
    }

    @Test(arguments: ["- a\n", "text\n", "ingest: 5\n", "ingest:\n  batch-rows: [1]\n"]) func `a file of another shape is refused`(text: String) {
        #expect(!refusal(file: text).isEmpty)
    }

    @Test(arguments: ["", "# nothing\n", "ingest:\n", "ingest:\n  batch-rows:\n"]) func `nothing in a file is no mistake`(text: String) throws {
        #expect(try load(file: text).ingest.batchRows == 5000)
    }

    @Test func `topics are names or maps in a file, and pairs elsewhere`() throws {
        let file = "ingest:\n  topics:\n    - lifecycle\n    - name: telemetry\n      tenant: plant-7\n      envelope: iotcentral\n"
        let topics = try load(file: file).ingest.topics
        #expect(topics.keys.sorted() == ["lifecycle", "telemetry"])
        #expect(topics["lifecycle"]?.tenant == "")
        #expect(topics["telemetry"]?.tenant == "plant-7")
        #expect(topics["telemetry"]?.envelope == .iotCentral)
        let pairs = try load(environment: ["HINDCAST_INGEST_TOPICS": "a=x, b"]).ingest.topics
        #expect(pairs["a"]?.tenant == "x")
        #expect(pairs["b"]?.tenant == "")
    }

    @Test func `librdkafka's properties are taken with points, with levels and as pairs`() throws {
        let file = "kafka:\n  properties:\n    security.protocol: SASL_SSL\n    sasl:\n      mechanism: PLAIN\n"
        #expect(try load(file: file).kafka.properties == ["security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN"])
        let pairs = try load(flags: ["kafka.properties": "debug=broker,topic,client.id=x"]).kafka.properties
        #expect(pairs == ["debug": "broker,topic", "client.id": "x"])
    }

    @Test func `an Event Hubs connection string names the host and the credentials`() throws {
        let secret = "Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=n;SharedAccessKey=topsecret"
        let kafka = try load(flags: ["kafka.event-hubs-connection-string": secret]).kafka.settings()
        #expect(kafka.bootstrapServers == "ns.servicebus.windows.net:9093")
        #expect(kafka.properties["sasl.password"] == secret)
    }

    @Test func `nothing that config show prints is a secret`() throws {
        let settings = try load(flags: [
            "postgres.url": "postgresql://user:hush-1@host/db", "kafka.properties": "sasl.password=hush-2,client.id=shown",
            "kafka.event-hubs-connection-string": "Endpoint=sb://h/;SharedAccessKey=hush-3",
        ])
        let text = SettingsReport(settings).lines(Palette(isOn: false)).joined(separator: "\n")
        #expect(!text.contains("hush"))
        #expect(text.contains("client.id=shown"))
        #expect(text.contains("user"))
        for key in SettingKey.all { #expect(text.contains(key.name)) }
    }

    @Test func `a refusal does not repeat a secret`() {
        #expect(!refusal(flags: ["kafka.properties": "hush"]).contains("hush"))
        #expect(!refusal(flags: ["postgres.url": "host=x pasword=hush"]).contains("hush"))
    }
}
