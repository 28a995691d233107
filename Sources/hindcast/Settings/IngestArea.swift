import Diagnostics
import Glibc
import JSON

/// `ingest.*`: what is read and how much is gathered before it is written.
struct IngestArea: Sendable {
    /// What is known of each topic's records.
    var topics: [String: SourceSettings]
    let batchRows: Int
    let batchBytes: Int
    let linger: Duration
    let memoryBytes: Int
    let owner: String

    init(_ reader: SettingsReader) throws(OperatorError) {
        topics = if let value = reader.value(.ingestTopics) { try Self.topics(value) } else { [:] }
        batchRows = try reader.value(.ingestBatchRows)?.wholeNumber() ?? 5000
        batchBytes = try reader.value(.ingestBatchBytes)?.wholeNumber() ?? 4 << 20
        linger = .milliseconds(try reader.value(.ingestLinger)?.wholeNumber() ?? 50)
        memoryBytes = try reader.value(.ingestMemory)?.wholeNumber() ?? 32 << 20
        owner = reader.value(.ingestOwner)?.text ?? "\(Self.hostName)/\(getpid())"
    }

    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "host" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A JSON array of names or objects, as a list in the file becomes, or `name[=tenant]` separated by commas.
    private static func topics(_ value: SettingValue) throws(OperatorError) -> [String: SourceSettings] {
        var topics: [String: SourceSettings] = [:]
        for (name, settings) in try value.text.hasPrefix("[") ? list(value) : pairs(value) {
            guard !name.isEmpty else { throw SettingsError.invalid(value, expected: "a name for every topic") }
            guard topics.updateValue(settings, forKey: name) == nil else { throw SettingsError.invalid(value, expected: "topic \"\(name)\" once") }
        }
        return topics
    }

    private static func pairs(_ value: SettingValue) -> [(String, SourceSettings)] {
        value.text.split(separator: ",").map { piece in
            let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (parts[0].trimmed, SourceSettings(tenant: parts.count == 2 ? parts[1].trimmed : ""))
        }
    }

    private static func list(_ value: SettingValue) throws(OperatorError) -> [(String, SourceSettings)] {
        guard let tree = try? JSONTree.parse(Array(value.text.utf8)) else { throw SettingsError.invalid(value, expected: "a JSON array") }
        var topics: [(String, SourceSettings)] = []
        for element in tree.elements {
            if let name = element.stringValue {
                topics.append((name, SourceSettings()))
                continue
            }
            guard element.kind == .object, let name = element["name"]?.stringValue else {
                throw SettingsError.invalid(value, expected: "a name, or a map with name and, as wanted, tenant and envelope, for every topic")
            }
            var settings = SourceSettings()
            for member in element.members where member.key != "name" {
                let text = member.value.scalarText ?? ""
                switch member.key {
                case "tenant": settings.tenant = text
                case "envelope":
                    guard let choice = EnvelopeChoice(name: text) else {
                        throw SettingsError.invalid(value, expected: "one of \(EnvelopeChoice.names) as the envelope of topic \"\(name)\"")
                    }
                    settings.envelope = choice
                default:
                    let hint = NearestName.of(member.key, among: ["name", "tenant", "envelope"]).map { "; did you mean \"\($0)\"?" } ?? ""
                    throw OperatorError(
                        .usage,
                        "\(value.key.name) (\(value.origin)): topic \"\(name)\" has \"\(member.key)\", expected name, tenant or envelope\(hint)")
                }
            }
            topics.append((name, settings))
        }
        return topics
    }
}
