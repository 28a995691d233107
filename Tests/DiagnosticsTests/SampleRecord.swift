import Diagnostics
import JSON

/// A record as bytes of its own, for a decoder to borrow.
struct SampleRecord {
    var key: [UInt8]?
    var headers: [UInt8] = []
    var payload: [UInt8]?
    var brokerTime: Timestamp? = SampleRecord.brokerTime
    var ingestTime = SampleRecord.ingestTime

    /// 2024-01-02T03:04:05.600Z.
    static let brokerTime = Timestamp(microseconds: 1_704_164_645_600_000)
    /// Two seconds later.
    static let ingestTime = Timestamp(microseconds: 1_704_164_647_600_000)

    init(_ payload: String?, key: String? = nil, headers: [(String, [UInt8]?)] = []) {
        self.payload = payload.map { Array($0.utf8) }
        self.key = key.map { Array($0.utf8) }
        for (name, value) in headers {
            if let value {
                HeaderBytes.append(name: name.rawBytes, value: value.rawBytes, to: &self.headers)
            } else {
                HeaderBytes.append(name: name.rawBytes, value: nil, to: &self.headers)
            }
        }
    }

    /// Decodes the record into an event that may have held another one.
    func decode(by decoder: inout EventDecoder, into event: inout DecodedEvent, settings: SourceSettings = SourceSettings()) {
        let key = key ?? []
        let payload = payload ?? []
        let keyBytes: RawSpan? = self.key == nil ? nil : key.rawBytes
        let payloadBytes: RawSpan? = self.payload == nil ? nil : payload.rawBytes
        let view = RecordView(key: keyBytes, headers: headers.rawBytes, payload: payloadBytes, brokerTime: brokerTime, ingestTime: ingestTime)
        decoder.decode(view, settings: settings, into: &event)
    }

    /// What a decoder of its own makes of the record.
    func decoded(settings: SourceSettings = SourceSettings()) -> EventSummary {
        var decoder = EventDecoder()
        var event = DecodedEvent()
        decode(by: &decoder, into: &event, settings: settings)
        return EventSummary(event)
    }
}

/// The index columns of an event.
struct EventSummary: Equatable {
    var kind: EventKind
    var envelope: EnvelopeFormat
    var eventTime: Timestamp
    var deviceTime: Timestamp?
    var tenant: String
    var deviceID: String
    var module: String
    var component: String
    var templateRef: String
    var serviceTime: Timestamp?
    var contentType: String
    var contentEncoding: String
    var identityGeneration: String
    var messageID: String
    var sequence: String
    var deviceFlags: DeviceFlags
    var secondsUntilDisconnect: Int64?
    var connectedUntil: Timestamp?
    var isExpired: Bool
    var sections: [ValueSection]
    var notices: [DecoderNotice]
    var syntaxError: JSONSyntaxError?
    var hasDocument: Bool
    var body: JSONNode?
    var nodes: [JSONNode?]
    var pointers: [String]

    init(_ event: DecodedEvent) {
        kind = event.kind
        envelope = event.envelope
        eventTime = event.eventTime
        deviceTime = event.deviceTime
        tenant = event.string(event.tenant)
        deviceID = event.string(event.deviceID)
        module = event.string(event.module)
        component = event.string(event.component)
        templateRef = event.string(event.templateRef)
        serviceTime = event.serviceTime
        contentType = event.string(event.contentType)
        contentEncoding = event.string(event.contentEncoding)
        identityGeneration = event.string(event.identityGeneration)
        messageID = event.string(event.messageID)
        sequence = event.string(event.sequence)
        deviceFlags = event.deviceFlags
        secondsUntilDisconnect = event.secondsUntilDisconnect
        connectedUntil = event.connectedUntil
        isExpired = event.isExpired
        sections = event.sections
        notices = event.notices
        syntaxError = event.syntaxError
        hasDocument = event.hasDocument
        body = event.sections.first?.node
        pointers = sections.map(\.pointer)
        nodes = [event.moduleNode, event.componentNode, event.templateNode]
    }
}
