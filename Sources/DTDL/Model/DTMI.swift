/// A Digital Twin Model Identifier: `dtmi:` path, perhaps `;` version, perhaps `#` fragment (DTDL v2 to v4, "Digital Twin Model Identifier").
public struct DTMI: Sendable, Hashable {
    /// The identifier as written; identifiers are case-sensitive (DTDL, "Digital Twin Model Identifier").
    public let text: String
    /// The segments of the path, between colons.
    public let labels: [String]
    /// The version before the point; 0 if there is none.
    public let majorVersion: Int
    /// The version after the point; 0 if there is none.
    public let minorVersion: Int
    /// The fragment with its `#`; empty if there is none.
    public let fragment: String

    /// Reads an identifier in its general form, in which segments may be system segments (`_x`), the version may be missing, and a fragment may follow.
    ///
    /// Nil if the text is none. Length is not looked at: it depends on what the identifier is of.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.starts(with: "dtmi:".utf8) else { return nil }
        var end = bytes.count
        var fragment = ""
        if let hash = bytes.firstIndex(of: UInt8(ascii: "#")) {
            guard hash + 1 == bytes.count || Self.isLabel(bytes[(hash + 1)...]) else { return nil }
            fragment = String(decoding: bytes[hash...], as: UTF8.self)
            end = hash
        }
        var version = (major: 0, minor: 0)
        if let semicolon = bytes[..<end].firstIndex(of: UInt8(ascii: ";")) {
            guard let read = Self.version(bytes[(semicolon + 1)..<end]) else { return nil }
            version = read
            end = semicolon
        }
        let labels = bytes[5..<max(5, end)].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard labels.allSatisfy(Self.isLabel) else { return nil }
        self.text = text
        self.labels = labels.map { String(decoding: $0, as: UTF8.self) }
        self.majorVersion = version.major
        self.minorVersion = version.minor
        self.fragment = fragment
    }

    /// Major version and millionths of minor version: 2.22 is 2.000022.
    public var completeVersion: Double { Double(majorVersion) + Double(minorVersion) / 1_000_000 }

    /// The identifier without its version, with its fragment.
    public var versionless: String { "dtmi:" + labels.joined(separator: ":") + fragment }

    /// Whether a segment or the fragment is a system one, which users may not write (DTDL, "Digital Twin Model Identifier").
    public var isReserved: Bool { labels.contains { $0.hasPrefix("_") } || fragment.hasPrefix("#_") }

    /// Where a model repository has the model, from its root: `dtmi/com/example/thermostat-1.json` (Azure IoT model repository, "Model path"). Nil for
    /// an identifier without a version, with a fragment or with system segments, which no file is of.
    public var repositoryPath: String? {
        guard majorVersion > 0, fragment.isEmpty, !isReserved, let semicolon = text.lastIndex(of: ";") else { return nil }
        let path = text[..<semicolon].split(separator: ":").joined(separator: "/")
        return "\(path)-\(text[semicolon...].dropFirst()).json".lowercased()
    }

    // MARK: -

    /// Whether a user may write the text as an identifier in this version of DTDL: v2 asks for a version, later ones also take a minor one.
    static func isUserIdentifier(_ text: String, version: Int) -> Bool {
        guard let identifier = DTMI(text), !identifier.isReserved, identifier.fragment.isEmpty, !text.utf8.contains(UInt8(ascii: "#")) else {
            return false
        }
        return version > 2 || (identifier.majorVersion > 0 && identifier.minorVersion == 0)
    }

    /// `_+[A-Za-z0-9]` or a letter, then letters, digits and underscores, ending with a letter or digit.
    private static func isLabel(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, let last = bytes.last, last != UInt8(ascii: "_") else { return false }
        guard LexicalPattern.isLetter(first) || first == UInt8(ascii: "_") else { return false }
        return bytes.allSatisfy { LexicalPattern.isLetter($0) || LexicalPattern.isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    /// One to nine digits, then perhaps a point and one to six; no leading zeros.
    private static func version(_ bytes: ArraySlice<UInt8>) -> (major: Int, minor: Int)? {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let major = number(parts[0], digits: 9) else { return nil }
        guard parts.count == 2 else { return (major, 0) }
        return number(parts[1], digits: 6).map { (major, $0) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>, digits: Int) -> Int? {
        guard !bytes.isEmpty, bytes.count <= digits, bytes.first != UInt8(ascii: "0"), bytes.allSatisfy(LexicalPattern.isDigit) else { return nil }
        return Int(String(decoding: bytes, as: UTF8.self))
    }
}
