import Diagnostics
import Hashing

/// How an operator names a version: its ordinal, or at least the first 8 hexadecimal digits of its hash.
package enum VersionReference: Equatable, Sendable {
    /// The number within the template, from 1.
    case ordinal(Int32)
    /// The beginning of the hash, in lower case.
    case hash(prefix: String)

    /// The fewest digits of a hash that name a version.
    package static let minimumHashDigits = 8

    /// Reads a reference. Fewer than 8 digits are an ordinal, 8 hexadecimal digits and more the beginning of a hash.
    ///
    /// - Throws: ``CatalogError/Code/versionInvalid``.
    package init(_ text: String) throws(CatalogError) {
        let isDecimal = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        if isDecimal, text.utf8.count < Self.minimumHashDigits, let ordinal = Int32(text), ordinal > 0 {
            self = .ordinal(ordinal)
        } else if (Self.minimumHashDigits...64).contains(text.utf8.count), text.utf8.allSatisfy(\.isHexadecimalDigit) {
            self = .hash(prefix: text.lowercased())
        } else {
            throw CatalogError(
                .versionInvalid,
                "\"\(BoundedText.bound(text, limit: 80))\" names no version: expected its number from 1, or 8 to 64 hexadecimal digits of its hash, as `hindcast template list` shows them."
            )
        }
    }

    /// The version that is meant.
    ///
    /// - Throws: ``CatalogError/Code/versionUnknown`` and ``CatalogError/Code/versionAmbiguous``.
    package func resolve(among versions: [TemplateVersion], of templateID: String) throws(CatalogError) -> TemplateVersion {
        let found = versions.filter(matches)
        if found.count == 1, let version = found.first { return version }
        if found.isEmpty {
            let known = versions.map { "\($0.version) (\($0.sha256.hex.prefix(12)))" }.joined(separator: ", ")
            throw CatalogError(.versionUnknown, "Template \"\(templateID)\" has no version \(self), expected one of: \(known).")
        }
        let digits = found.map { "\($0.version) (\($0.sha256.hex.prefix(16)))" }.joined(separator: ", ")
        throw CatalogError(.versionAmbiguous, "\(self) names \(found.count) versions of template \"\(templateID)\": \(digits). Give more digits.")
    }

    private func matches(_ version: TemplateVersion) -> Bool {
        switch self {
        case .ordinal(let ordinal): version.version == ordinal
        case .hash(let prefix): version.sha256.hex.hasPrefix(prefix)
        }
    }
}

extension VersionReference: CustomStringConvertible {
    /// As an operator wrote it.
    package var description: String {
        switch self {
        case .ordinal(let ordinal): "\(ordinal)"
        case .hash(let prefix): "\"\(prefix)\""
        }
    }
}

extension UInt8 {
    fileprivate var isHexadecimalDigit: Bool {
        (0x30...0x39).contains(self) || (0x61...0x66).contains(self) || (0x41...0x46).contains(self)
    }
}
