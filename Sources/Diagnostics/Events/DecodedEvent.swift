package import JSON

/// What a decoder read out of one record: the log's index columns, and where in the payload the parts lie that rules look at.
///
/// One value serves a whole stream of records: texts go into one buffer that keeps its capacity. Nodes belong to the document that the decoder read
/// last and mean nothing once it has read another.
package struct DecodedEvent: Sendable {
    /// A text among an event's texts; absent is empty.
    package struct Field: Sendable {
        var start = 0
        var count = 0
        /// Whether the record names nothing here.
        package var isEmpty: Bool { count == 0 }
    }

    private var texts: [UInt8] = []

    /// What the event is.
    package var kind = EventKind.undecodable
    /// The format that wraps the payload.
    package var envelope = EnvelopeFormat.none
    /// The service's time, or the broker's where that one is implausible or absent, or the time of ingest where neither has a place in tables.
    package var eventTime = Timestamp(microseconds: 0)
    /// Whether the service's time cannot be true by what the record itself says: too far from the broker's, or without one in no year from 2000 to 2099.
    package var isTimeImplausible = false
    /// The device's own clock, where the record tells. Whatever it says, right or wrong.
    package var deviceTime: Timestamp?
    /// The namespace of the device's id.
    package var tenant = Field()
    /// The service's time as the record gives it, however implausible; `eventTime` is what is made of it.
    package var serviceTime: Timestamp?
    /// Empty where the record names no device.
    package var deviceID = Field()
    /// The edge module that sent it; empty for the device itself.
    package var module = Field()
    /// The component that it is about; empty for the default one, and where parts of the payload name their own.
    package var component = Field()
    /// The template id that the message names.
    package var templateRef = Field()
    /// Whether `templateRef` is the edge module's own model, not the template of the device that the module runs on.
    package var isTemplateOfModule = false
    /// What the record's header says that the payload is, as it stands there: `application/json; charset=utf-8`.
    package var contentType = Field()
    /// What the record's header says about how the payload is encoded, as it stands there: `utf-8`, `gzip`.
    package var contentEncoding = Field()
    /// Separates two lives of one device id, where the format has such a mark.
    package var identityGeneration = Field()
    /// The sender's or the service's own id of the message.
    package var messageID = Field()
    /// A number that rises per device, as text that sorts like the number: fixed width, or of another format and then not compared.
    package var sequence = Field()
    /// What the record says that the device is. A fact of the moment of `eventTime`, beside whatever else the event says.
    package var deviceFlags = DeviceFlags()
    /// How long the device stays connected from `eventTime` on, in seconds, where the record tells: 0 for no longer, -1 until further notice. Eclipse Hono
    /// says so with `ttd`, in messages of their own and along with telemetry.
    package var secondsUntilDisconnect: Int64?
    /// Whether the message had outlived what its sender allows when the log took it. Kept and marked, for what a device said stays worth knowing.
    package var isExpired = false
    /// Why the payload is not JSON.
    package var syntaxError: JSONSyntaxError?
    /// Whether the decoder has a document that this event's nodes belong to.
    package var hasDocument = false
    /// Where the payload holds the device's own message encoded, and the event's nodes belong to that message: the offset of the text that encodes it.
    package var embeddedOffset: Int?
    /// The parts of the payload that carry values, in the order in which they are judged. Most events have one; a twin change may have two.
    package var sections: [ValueSection] = []
    /// What a decoder has to say against the record; the judge makes findings of it.
    package var notices: [DecoderNotice] = []
    /// Where the payload names the module.
    package var moduleNode: JSONNode?
    /// Where the payload names the component.
    package var componentNode: JSONNode?
    /// Where the payload names the template.
    package var templateNode: JSONNode?

    /// An event of which nothing is known yet.
    package init() {}

    /// Whether a device template has something to say about the event: a twin without values, such as one whose tags changed, is not judged.
    package var isJudged: Bool { kind.isJudged && !(kind == .twin && sections.isEmpty) }

    /// Until when the device stays connected by what the record says; `Timestamp.latest` for until further notice, nil where it says nothing of it.
    package var connectedUntil: Timestamp? {
        guard let secondsUntilDisconnect else { return nil }
        guard secondsUntilDisconnect >= 0 else { return .latest }
        let (microseconds, isHuge) = secondsUntilDisconnect.multipliedReportingOverflow(by: 1_000_000)
        let (end, isBeyond) = eventTime.microseconds.addingReportingOverflow(microseconds)
        return isHuge || isBeyond ? .latest : min(Timestamp(microseconds: end), .latest)
    }

    /// Forgets the last record, keeps the memory.
    mutating func reset() {
        var kept = (texts: texts, sections: sections, notices: notices)
        texts = []
        sections = []
        notices = []
        kept.texts.removeAll(keepingCapacity: true)
        kept.sections.removeAll(keepingCapacity: true)
        kept.notices.removeAll(keepingCapacity: true)
        self = DecodedEvent()
        texts = kept.texts
        sections = kept.sections
        notices = kept.notices
    }

    /// Keeps a text that will be indexed: bounded, see `BoundedText`.
    mutating func keep(_ bytes: RawSpan) -> Field {
        let start = texts.count
        let count = BoundedText.append(bytes, limit: BoundedText.identifierLimit, to: &texts)
        return Field(start: start, count: count)
    }

    /// The bytes of a field of this event, UTF-8 without NUL.
    @_lifetime(borrow self)
    package func bytes(_ field: Field) -> RawSpan {
        texts.rawBytes.extracting(field.start..<field.start + field.count)
    }

    /// A field of this event as a string; empty where absent.
    package func string(_ field: Field) -> String {
        String(decoding: texts[field.start..<field.start + field.count], as: UTF8.self)
    }
}
