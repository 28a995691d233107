internal import JSON

/// The texts that schemas of their own ask for.
struct TextForms: OptionSet, Sendable {
    let rawValue: UInt8

    static let date = TextForms(rawValue: 1)
    static let time = TextForms(rawValue: 2)
    static let dateTime = TextForms(rawValue: 4)
    static let duration = TextForms(rawValue: 8)
    static let uuid = TextForms(rawValue: 16)
    static let all: TextForms = [.date, .time, .dateTime, .duration, .uuid]

    /// Of some forms those that a text has: the schemas' own rules, by which it will be judged.
    func those(of text: Span<UInt8>) -> TextForms {
        var forms: TextForms = []
        if contains(.date), case .valid = DateTimeText.date(text) { forms.insert(.date) }
        if contains(.time), case .valid = DateTimeText.time(text) { forms.insert(.time) }
        if contains(.dateTime), case .valid = DateTimeText.dateTime(text) { forms.insert(.dateTime) }
        if contains(.duration), DurationText.isValid(text) { forms.insert(.duration) }
        if contains(.uuid), EncodedText.isUUID(text) { forms.insert(.uuid) }
        return forms
    }
}

/// The strings that were seen in one place: which forms all of them have, and how often which was seen while they are few.
struct ObservedText: Sendable {
    struct Value: Sendable {
        let text: String
        var count: Int
        /// Marks of some that sent it; enough to see whether one of them sent another value as well.
        var origins: [UInt64]
    }

    /// Of one value no more are remembered.
    private static let maximumOrigins = 16

    var count = 0
    var forms = TextForms.all
    private(set) var values: [Value] = []
    /// Whether values are many, long or no words, so that they are not held.
    private(set) var isOpen = false

    mutating func observe(_ text: [UInt8], origin: UInt64, options: InferenceOptions) {
        count += 1
        if !forms.isEmpty { forms = forms.those(of: text.span) }
        guard !isOpen else { return }
        guard text.count <= options.enumMaximumBytes else { return open() }
        add(Value(text: String(decoding: text, as: UTF8.self), count: 1, origins: [origin]), options: options)
    }

    mutating func merge(_ other: ObservedText, options: InferenceOptions) {
        count += other.count
        forms.formIntersection(other.forms)
        guard !isOpen, !other.isOpen else { return open() }
        for value in other.values { add(value, options: options) }
    }

    /// The values as an enumeration, in order, where the rule says that they are one: see ``InferenceOptions``. A value per device, such as a serial number, is
    /// none, however often it comes: one of them has to have sent two.
    func enumeration(_ options: InferenceOptions) -> [String]? {
        guard !isOpen, count >= options.enumMinimumSamples, (2...max(2, options.enumMaximumValues)).contains(values.count),
            values.allSatisfy({ $0.count >= options.enumMinimumRepeats && Self.isWord($0.text) })
        else { return nil }
        // Composed and decomposed letters are one text to a model.
        guard Set(values.map(\.text)).count == values.count else { return nil }
        var seen: Set<UInt64> = []
        guard values.contains(where: { value in value.origins.contains { !seen.insert($0).inserted } }) else { return nil }
        return values.map(\.text).sorted()
    }

    /// The one text that all values are.
    var constant: String? { !isOpen && values.count == 1 ? values[0].text : nil }

    private mutating func add(_ value: Value, options: InferenceOptions) {
        guard !isOpen else { return }
        if let index = values.firstIndex(where: { $0.text.utf8.elementsEqual(value.text.utf8) }) {
            values[index].count += value.count
            for origin in value.origins where !values[index].origins.contains(origin) && values[index].origins.count < Self.maximumOrigins {
                values[index].origins.append(origin)
            }
        } else if values.count < options.enumMaximumValues {
            values.append(value)
        } else {
            open()
        }
    }

    private mutating func open() {
        isOpen = true
        values = []
    }

    /// Letters first, then letters, digits, blanks, underscores and hyphens: neither a version nor an address nor a sentence.
    private static func isWord(_ text: String) -> Bool {
        guard text.unicodeScalars.first?.properties.isAlphabetic ?? false else { return false }
        return text.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || ("0"..."9").contains($0) || " _-".unicodeScalars.contains($0) }
    }
}
