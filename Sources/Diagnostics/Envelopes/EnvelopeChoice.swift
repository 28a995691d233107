/// Which decoders a source's records are offered to.
package enum EnvelopeChoice: Hashable, Sendable {
    /// Every format, chosen per record.
    case auto
    /// One format only.
    case only(EnvelopeFormat)

    /// Reads a setting's value: `auto` or a format's name.
    package init?(name: String) {
        if name == "auto" {
            self = .auto
        } else if let format = EnvelopeFormat.allCases.first(where: { $0 != .none && $0.name == name }) {
            self = .only(format)
        } else {
            return nil
        }
    }

    /// The setting's value.
    package var name: String {
        switch self {
        case .auto: "auto"
        case .only(let format): format.name
        }
    }

    /// Whether records of a source with this choice are offered to a format's decoder.
    package func admits(_ format: EnvelopeFormat) -> Bool {
        switch self {
        case .auto: true
        case .only(let chosen): chosen == format
        }
    }
}
