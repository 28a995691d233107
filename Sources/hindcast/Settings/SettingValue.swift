/// A setting's value as it was given, and where.
struct SettingValue: Hashable, Sendable {
    /// Where a value comes from, from the strongest on.
    enum Origin: Hashable, Sendable, CustomStringConvertible {
        case flag
        case environment(String)
        case file(String, line: Int)
        case fallback

        var description: String {
            switch self {
            case .flag: "command line"
            case .environment(let name): name
            case .file(let path, let line): "\(path):\(line)"
            case .fallback: "default"
            }
        }
    }

    let key: SettingKey
    let text: String
    let origin: Origin

    /// The value as a whole number in the setting's range.
    func wholeNumber() throws(OperatorError) -> Int {
        guard case .wholeNumber(let range) = key.form, let value = Int(text), range.contains(value) else {
            throw SettingsError.invalid(self, expected: "a \(key.formName)")
        }
        return value
    }

    /// The value as a truth value: `true`, `yes`, `on`, `1`, or their opposites.
    func boolean() throws(OperatorError) -> Bool {
        switch text.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default: throw SettingsError.invalid(self, expected: key.formName)
        }
    }

    /// The value as one of the setting's choices.
    func choice() throws(OperatorError) -> String {
        guard case .choice(let names) = key.form, names.contains(text) else {
            let hint = if case .choice(let names) = key.form { NearestName.of(text, among: names).map { " (\"\($0)\"?)" } ?? "" } else { "" }
            throw SettingsError.invalid(self, expected: key.formName + hint)
        }
        return text
    }
}
