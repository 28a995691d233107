/// Colours for a terminal; none in a pipe.
struct Palette: Sendable {
    let isOn: Bool

    func bold(_ text: String) -> String { wrapped(text, "1") }
    func dim(_ text: String) -> String { wrapped(text, "2") }
    func good(_ text: String) -> String { wrapped(text, "32") }
    func doubtful(_ text: String) -> String { wrapped(text, "33") }
    func bad(_ text: String) -> String { wrapped(text, "31") }

    /// A severity or a health label in its colour.
    func label(_ text: String) -> String {
        switch text {
        case "error", "failing", "blocked": bad(text)
        case "warning", "degraded", "silent", "unassigned": doubtful(text)
        case "healthy": good(text)
        default: text
        }
    }

    /// A device's id, made fit for a terminal; the empty one stands for events that name no device.
    func device(_ id: String) -> String { bold(id.isEmpty ? "(unknown device)" : PrintableText.of(id)) }

    private func wrapped(_ text: String, _ code: String) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}
