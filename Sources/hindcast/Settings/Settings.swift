import JSON

/// Everything a command may be told, checked.
struct Settings: Sendable {
    var postgres: PostgresArea
    var kafka: KafkaArea
    var ingest: IngestArea
    var project: ProjectArea
    let exports: ExportsArea
    let log: LogArea
    let metrics: MetricsArea
    /// Every value with its origin, in the order of the documentation; nil where there is none.
    let values: [(key: SettingKey, value: SettingValue?)]

    init(_ reader: SettingsReader) throws(OperatorError) {
        postgres = try PostgresArea(reader)
        kafka = try KafkaArea(reader)
        ingest = try IngestArea(reader)
        project = try ProjectArea(reader)
        exports = try ExportsArea(reader)
        log = try LogArea(reader)
        metrics = try MetricsArea(reader)
        values = SettingKey.all.map { ($0, reader.value($0)) }
    }

    /// Reads the file, the environment and the flags.
    ///
    /// - Parameters:
    ///   - flags: values by the setting's name.
    ///   - config: the file that was named on the command line; it has to exist.
    static func load(flags: [String: String], config: String?, environment: [String: String]) throws(OperatorError) -> Settings {
        for name in flags.keys.sorted() where SettingKey.named(name) == nil { throw OperatorError(.usage, "--set: " + SettingsError.unknown(name)) }
        try refuseUnknownVariables(environment)
        let named = config ?? environment["HINDCAST_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let path = named ?? "hindcast.yaml"
        var file: SettingsFile?
        switch FileBytes.read(path) {
        case .success(let bytes):
            file = try SettingsFile(String(decoding: bytes, as: UTF8.self), path: path)
        case .failure(let failure):
            // Nobody has to have a file, but one that is named has to be there.
            if named != nil || !failure.isAbsent {
                throw OperatorError(.usage, "Cannot read the settings file \(path): \(failure.reason). Correct --config or HINDCAST_CONFIG.")
            }
        }
        return try Settings(SettingsReader(flags: flags, environment: environment, file: file, path: path))
    }

    /// A variable of an area that settings have, but of no setting, is a misspelling that would be passed over in silence.
    private static func refuseUnknownVariables(_ environment: [String: String]) throws(OperatorError) {
        let known = SettingKey.all.map(\.environmentName)
        let areas = Set(SettingKey.all.map { "HINDCAST_" + $0.name.prefix { $0 != "." }.uppercased() + "_" })
        for name in environment.keys.sorted() where areas.contains(where: name.hasPrefix) && !known.contains(name) {
            let hint = NearestName.of(name, among: known).map { "; did you mean \($0)?" } ?? "; docs/configuration.md lists them all."
            throw OperatorError(.usage, "The environment variable \(name) is no setting's\(hint)")
        }
    }
}
