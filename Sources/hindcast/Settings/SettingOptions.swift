import ArgumentParser

/// The options that every command takes: where its settings come from.
struct SettingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The settings file; must exist. Default: hindcast.yaml where it exists, or HINDCAST_CONFIG.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("How to reach Postgres: a URI or keywords, as libpq takes them.", valueName: "conninfo"))
    var postgresURL: String?

    @Option(help: ArgumentHelp("trace, debug, info, notice, warning, error or critical.", valueName: "level"))
    var logLevel: String?

    @Option(help: ArgumentHelp("text or json.", valueName: "format"))
    var logFormat: String?

    @Option(name: .customLong("set"), help: ArgumentHelp("Any setting by its name; may be repeated.", valueName: "key=value"))
    var assignments: [String] = []

    /// The settings with flags above the environment above the file, and more flags of the command's own.
    func load(_ more: [String: String?] = [:]) throws -> Settings {
        var flags: [String: String] = [:]
        for assignment in assignments {
            guard let equals = assignment.firstIndex(of: "=") else {
                throw OperatorError(.usage, "--set \(assignment): expected key=value, such as --set ingest.batch-rows=2000.")
            }
            flags[String(assignment[..<equals])] = String(assignment[assignment.index(after: equals)...])
        }
        let named = [SettingKey.postgresURL.name: postgresURL, SettingKey.logLevel.name: logLevel, SettingKey.logFormat.name: logFormat]
        for (name, value) in named.merging(more, uniquingKeysWith: { $1 }) {
            if let value { flags[name] = value }
        }
        return try Settings.load(flags: flags, config: config, environment: ProcessEnvironment.all)
    }
}

/// The options of commands that read from Kafka.
struct KafkaOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The brokers to ask first, comma-separated.", valueName: "host:port"))
    var kafkaBootstrapServers: String?

    @Option(help: ArgumentHelp("The consumer group that shares the topics' partitions out.", valueName: "id"))
    var kafkaGroupID: String?

    @Option(help: ArgumentHelp("The topics to read, comma-separated, each with a tenant where wanted.", valueName: "name[=tenant]"))
    var ingestTopics: String?

    /// The flags by the names of their settings.
    var flags: [String: String?] {
        [
            SettingKey.kafkaBootstrapServers.name: kafkaBootstrapServers, SettingKey.kafkaGroupID.name: kafkaGroupID,
            SettingKey.ingestTopics.name: ingestTopics,
        ]
    }
}
