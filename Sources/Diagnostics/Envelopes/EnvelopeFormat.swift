/// How a record was understood: the wire format around its payload. One byte in the log, append-only.
package enum EnvelopeFormat: UInt8, CaseIterable, Sendable {
    /// No format matched.
    case none = 0
    /// Azure IoT Central data export, schema `default@v1`.
    case iotCentral = 1

    /// The name in settings and SQL views.
    package var name: String {
        switch self {
        case .none: "none"
        case .iotCentral: "iotcentral"
        }
    }
}

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
