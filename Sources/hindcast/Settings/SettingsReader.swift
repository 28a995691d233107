import Configuration
import Synchronization

/// Looks settings up: flags win over the environment, the environment over the file, the file over defaults.
struct SettingsReader: Sendable {
    private let reader: ConfigReader
    private let file: SettingsFile?
    private let path: String
    private let origins = OriginRecorder()

    /// - Parameters:
    ///   - flags: values by the setting's name.
    ///   - environment: the process's variables.
    ///   - path: where `file` was read, to be named in errors.
    init(flags: [String: String], environment: [String: String], file: SettingsFile?, path: String) {
        self.file = file
        self.path = path
        // An empty variable counts as none: that is how a container's settings are left out.
        let variables = environment.filter { !$0.value.isEmpty }
        reader = ConfigReader(
            providers: [
                InMemoryProvider(name: Self.flagSource, values: Self.values(flags)),
                EnvironmentVariablesProvider(environmentVariables: variables).prefixKeys(with: "hindcast"),
                InMemoryProvider(name: Self.fileSource, values: Self.values(file?.entries.mapValues(\.text) ?? [:])),
            ], accessReporter: origins)
    }

    /// The value of a setting; nil where none is given and it has no default.
    func value(_ key: SettingKey) -> SettingValue? {
        let text = reader.string(forKey: ConfigKey(key.name), isSecret: key.isSecret)
        guard let text, let source = origins.source(of: key.name) else {
            return key.fallback.map { SettingValue(key: key, text: $0, origin: .fallback) }
        }
        let origin: SettingValue.Origin =
            if source.contains(Self.flagSource) {
                .flag
            } else if source.contains(Self.fileSource) {
                .file(path, line: file?.entries[key.name]?.line ?? 1)
            } else {
                .environment(key.environmentName)
            }
        return SettingValue(key: key, text: text, origin: origin)
    }

    // MARK: -

    private static let flagSource = "hindcast-flags"
    private static let fileSource = "hindcast-file"

    private static func values(_ texts: [String: String]) -> [AbsoluteConfigKey: ConfigValue] {
        Dictionary(
            uniqueKeysWithValues: texts.map { name, text in
                (AbsoluteConfigKey(name.split(separator: ".").map(String.init)), ConfigValue(.string(text), isSecret: true))
            })
    }
}

/// Notes which provider answered for a key.
private final class OriginRecorder: AccessReporter {
    private let sources = Mutex<[String: String]>([:])

    func report(_ event: AccessEvent) {
        let answered = event.providerResults.first { result in
            if case .success(let lookup) = result.result { lookup.value != nil } else { false }
        }
        let name = event.metadata.key.components.joined(separator: ".")
        sources.withLock { $0[name] = answered?.providerName }
    }

    func source(of name: String) -> String? { sources.withLock { $0[name] } }
}
