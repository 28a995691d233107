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
