/// Sentences about settings that several places say.
enum SettingsError {
    /// A name that no setting has.
    static func unknown(_ name: String) -> String {
        let hint = NearestName.of(name, among: SettingKey.all.map(\.name)).map { "; did you mean \"\($0)\"?" } ?? "."
        return "there is no setting \"\(name)\"\(hint) `hindcast config show` lists them all."
    }

    /// A value that does not look as it has to.
    static func invalid(_ value: SettingValue, expected: String) -> OperatorError {
        let actual = value.key.isSecret ? "" : ", found \"\(value.text)\""
        return OperatorError(.usage, "\(value.key.name) (\(value.origin)): expected \(expected)\(actual).")
    }
}
