import Diagnostics
import JSON

/// What an event tells of itself and of its device beside its kind and its values. No column of the log holds it; it is read from the bytes again.
struct ToldFacts {
    private let isExpired: Bool
    private let secondsUntilDisconnect: Int64?
    private let connectedUntil: Timestamp?
    private let flags: DeviceFlags
    private let error: ErrorReport?

    /// Takes what a decoder made of a record.
    init(_ event: borrowing DecodedEvent, _ record: borrowing RecordView, decoder: borrowing EventDecoder) {
        isExpired = event.isExpired
        secondsUntilDisconnect = event.secondsUntilDisconnect
        connectedUntil = event.connectedUntil
        flags = event.deviceFlags
        error = ErrorReport.read(event, record, decoder: decoder)
    }

    /// Decodes a row. What its source's settings say is not known here, so a row whose bytes look like another format's tells nothing.
    init(_ row: EventRow) {
        var decoder = EventDecoder()
        var event = DecodedEvent()
        let (key, payload) = (row.key ?? [], row.payload ?? [])
        let keyBytes: RawSpan? = row.key == nil ? nil : key.rawBytes
        let payloadBytes: RawSpan? = row.payload == nil ? nil : payload.rawBytes
        let record = RecordView(
            key: keyBytes, headers: row.headers.rawBytes, payload: payloadBytes, brokerTime: row.brokerTime, ingestTime: row.ingestTime)
        decoder.decode(record, settings: SourceSettings(), into: &event)
        if event.envelope.name != row.envelope { event = DecodedEvent() }
        self.init(event, record, decoder: decoder)
    }

    /// For people, one fact a line; none where nothing is told.
    var fields: [(name: String, text: String)] {
        var fields: [(name: String, text: String)] = []
        if isExpired { fields.append(("expired", "yes, it had outlived what its sender allows when the log took it")) }
        if let secondsUntilDisconnect, let connectedUntil {
            let end = secondsUntilDisconnect < 0 ? "until further notice" : "until \(connectedUntil.rfc3339)"
            fields.append(("connected", secondsUntilDisconnect == 0 ? "no longer" : end))
        }
        let words = named.compactMap { name, flag in flag.map { $0 ? name : "not \(name)" } }
        if !words.isEmpty { fields.append(("device is", words.joined(separator: ", "))) }
        return fields + errorFields
    }

    /// The error that is reported, with what the catalogue says about it.
    private var errorFields: [(name: String, text: String)] {
        guard let error else { return [] }
        let label = "\(error.name.origin.rawValue):\(error.name.subcode.isEmpty ? String(error.name.status) : error.name.subcode)"
        guard let code = ErrorCatalogue.code(error.name) else {
            let unknown = "\(label) (status \(error.name.status)), which is not in the catalogue"
            return [("error", unknown), ("said", error.message)].filter { !$0.1.isEmpty }
        }
        return [
            ("error", "\(label) (status \(error.name.status), \(code.name))"), ("said", error.message), ("means", code.meaning),
            ("to do", code.action),
        ].filter { !$0.1.isEmpty }
    }

    /// For programs. Until further notice is the last time that there is.
    var members: [JSONTree.Member] {
        [
            JSONTree.Member(key: "expired", value: .bool(isExpired)),
            JSONTree.Member(key: "connected_until", value: connectedUntil.map { .string($0.rfc3339) } ?? .null),
            JSONTree.Member(
                key: "device_flags", value: .object(named.map { JSONTree.Member(key: $0, value: $1.map { .bool($0) } ?? .null) })),
            JSONTree.Member(key: "error", value: errorTree),
        ]
    }

    private var errorTree: JSONTree {
        guard let error else { return .null }
        let code = ErrorCatalogue.code(error.name)
        return .object([
            "origin": .string(error.name.origin.rawValue), "status": .integer(error.name.status), "subcode": .string(error.name.subcode),
            "message": .string(error.message), "name": .text(code?.name), "meaning": .text(code?.meaning), "action": .text(code?.action),
        ])
    }

    private var named: [(String, Bool?)] {
        [("approved", flags.approved), ("blocked", flags.blocked), ("provisioned", flags.provisioned), ("simulated", flags.simulated)]
    }
}
