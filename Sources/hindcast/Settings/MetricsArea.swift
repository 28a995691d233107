/// `metrics.*`: where metrics can be fetched.
struct MetricsArea: Sendable {
    /// An address of this machine and a port.
    struct Endpoint: Hashable, Sendable {
        let address: String
        let port: UInt16
    }

    /// Where to listen; nil where nobody asked for it.
    let listen: Endpoint?

    init(_ reader: SettingsReader) throws(OperatorError) {
        guard let value = reader.value(.metricsListen) else {
            listen = nil
            return
        }
        guard let colon = value.text.lastIndex(of: ":"), let port = UInt16(value.text[value.text.index(after: colon)...]) else {
            throw SettingsError.invalid(value, expected: "address:port, such as 127.0.0.1:9464")
        }
        let address = String(value.text[..<colon])
        let parts = address.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts.allSatisfy({ UInt8($0) != nil }) else {
            throw SettingsError.invalid(value, expected: "an IPv4 address before the port, such as 127.0.0.1:9464")
        }
        listen = Endpoint(address: address, port: port)
    }
}
