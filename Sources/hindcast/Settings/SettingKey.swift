/// One setting: its name in every place it can be given, and what its value looks like.
struct SettingKey: Hashable, Sendable {
    /// What a value has to look like.
    enum Form: Hashable, Sendable {
        case text
        case wholeNumber(ClosedRange<Int>)
        case boolean
        case choice([String])
        /// Names with values.
        case map
        /// Topics with their settings.
        case topics
    }

    /// The name in the file, levels separated by points, as `postgres.url`.
    let name: String
    let form: Form
    /// The value where none is given; nil where there is none.
    let fallback: String?
    /// Whether the value must not be shown.
    var isSecret = false

    /// The environment variable: `HINDCAST_` and the name in capitals, with `_` for everything else.
    var environmentName: String { "HINDCAST_" + name.uppercased().map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined() }

    /// The flag: the name with `-` for its points.
    var flagName: String { "--" + name.map { $0 == "." ? "-" : String($0) }.joined() }

    /// The form in words, as the documentation has it.
    var formName: String {
        switch form {
        case .text: "text"
        case .wholeNumber(let range): "whole number, \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .choice(let names): names.joined(separator: " or ")
        case .map: "map"
        case .topics: "list of topics"
        }
    }
}

extension SettingKey {
    static let postgresURL = SettingKey(name: "postgres.url", form: .text, fallback: "dbname=hindcast", isSecret: true)
    static let postgresRolePrefix = SettingKey(name: "postgres.role-prefix", form: .text, fallback: "hindcast")
    static let postgresPreparedStatements = SettingKey(name: "postgres.prepared-statements", form: .boolean, fallback: "true")

    static let kafkaBootstrapServers = SettingKey(name: "kafka.bootstrap-servers", form: .text, fallback: nil)
    static let kafkaGroupID = SettingKey(name: "kafka.group-id", form: .text, fallback: "hindcast")
    static let kafkaProperties = SettingKey(name: "kafka.properties", form: .map, fallback: nil, isSecret: true)
    static let kafkaEventHubs = SettingKey(name: "kafka.event-hubs-connection-string", form: .text, fallback: nil, isSecret: true)

    static let ingestTopics = SettingKey(name: "ingest.topics", form: .topics, fallback: nil)
    static let ingestBatchRows = SettingKey(name: "ingest.batch-rows", form: .wholeNumber(1...100_000), fallback: "5000")
    static let ingestBatchBytes = SettingKey(name: "ingest.batch-bytes", form: .wholeNumber(65_536...268_435_456), fallback: "4194304")
    static let ingestLinger = SettingKey(name: "ingest.linger-milliseconds", form: .wholeNumber(0...10_000), fallback: "50")
    static let ingestMemory = SettingKey(name: "ingest.memory-bytes", form: .wholeNumber(8_388_608...17_179_869_184), fallback: "16777216")
    static let ingestOwner = SettingKey(name: "ingest.owner", form: .text, fallback: nil)

    static let projectWorkers = SettingKey(name: "project.workers", form: .wholeNumber(1...64), fallback: "1")
    static let projectBatchRows = SettingKey(name: "project.batch-rows", form: .wholeNumber(1...100_000), fallback: "5000")
    static let projectLease = SettingKey(name: "project.lease-seconds", form: .wholeNumber(1...3600), fallback: "15")
    static let projectSnapshot = SettingKey(name: "project.snapshot-seconds", form: .wholeNumber(1...3600), fallback: "5")

    static let exportsGrace = SettingKey(name: "exports.grace-seconds", form: .wholeNumber(60...86_400), fallback: "120")
    static let exportsRetention = SettingKey(name: "exports.retention-days", form: .wholeNumber(0...3650), fallback: "7")

    static let logLevel = SettingKey(
        name: "log.level", form: .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]), fallback: "info")
    static let logFormat = SettingKey(name: "log.format", form: .choice(["text", "json"]), fallback: "text")
    static let metricsListen = SettingKey(name: "metrics.listen", form: .text, fallback: nil)

    /// Every setting, in the order of the documentation.
    static let all: [SettingKey] = [
        postgresURL, postgresRolePrefix, postgresPreparedStatements, kafkaBootstrapServers, kafkaGroupID, kafkaProperties, kafkaEventHubs,
        ingestTopics,
        ingestBatchRows, ingestBatchBytes, ingestLinger, ingestMemory, ingestOwner, projectWorkers, projectBatchRows, projectLease, projectSnapshot,
        exportsGrace, exportsRetention, logLevel, logFormat, metricsListen,
    ]

    /// The setting of a name; nil where there is none.
    static func named(_ name: String) -> SettingKey? { all.first { $0.name == name } }
}
