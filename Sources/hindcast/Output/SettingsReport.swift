import JSON
import Kafka
import Postgres

/// The settings in force, without secrets.
struct SettingsReport {
    private let settings: Settings

    init(_ settings: Settings) { self.settings = settings }

    func lines(_ palette: Palette) -> [String] {
        var table = TextTable(("SETTING", .left), ("VALUE", .left), ("FROM", .left))
        for (key, value) in settings.values { table.add(key.name, value.map { shown($0) } ?? "(not set)", value.map { "\($0.origin)" } ?? "default") }
        return table.lines(palette)
    }

    /// A value as it may be shown: a connection string keeps what is no password, librdkafka's properties keep what is no secret.
    private func shown(_ value: SettingValue) -> String {
        switch value.key {
        case .postgresURL: PostgresSettings(settings.postgres.url).description
        case .kafkaProperties:
            settings.kafka.properties.sorted { $0.key < $1.key }.map { "\($0.key)=\(KafkaSettings.isSecret($0.key) ? "***" : $0.value)" }
                .joined(separator: ",")
        case let key where key.isSecret: "***"
        default: PrintableText.of(value.text)
        }
    }
}
