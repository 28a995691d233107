package import JSON

/// What a decoder read out of one record: the log's index columns, and where in the payload the parts lie that rules look at.
///
/// One value serves a whole stream of records: texts go into one buffer that keeps its capacity.
package struct DecodedEvent: Sendable {
    /// A text among `texts`; absent is empty.
    package struct Field: Sendable {
        var start = 0
        var count = 0
        /// Whether the record names nothing here.
        package var isEmpty: Bool { count == 0 }
    }

    private var texts: [UInt8] = []

    package var kind = EventKind.undecodable
    package var envelope = EnvelopeFormat.none
    /// The service's time, or the broker's where that one is implausible or absent.
    package var eventTime = Timestamp(microseconds: 0)
    /// The device's own clock, where the record tells.
    package var deviceTime: Timestamp?
    package var tenant = Field()
    /// Empty where the record names no device.
    package var deviceID = Field()
    package var module = Field()
    package var component = Field()
    package var templateRef = Field()
    /// Why the payload is not JSON.
    package var syntaxError: JSONSyntaxError?
    /// Whether a tape of the whole payload stands in the decoder's reader.
    package var hasDocument = false
    /// The value that a device sent, inside the envelope: the telemetry object, or the array of properties.
    package var body: JSONNode?

    package init() {}

    /// Forgets the last record, keeps the memory.
    mutating func reset() {
        texts.removeAll(keepingCapacity: true)
        kind = .undecodable
        envelope = .none
        eventTime = Timestamp(microseconds: 0)
        deviceTime = nil
        tenant = Field()
        deviceID = Field()
        module = Field()
        component = Field()
        templateRef = Field()
        syntaxError = nil
        hasDocument = false
        body = nil
    }

    /// Keeps a text that will be indexed: bounded, see `BoundedText`.
    mutating func keep(_ bytes: RawSpan) -> Field {
        let start = texts.count
        let count = BoundedText.append(bytes, limit: BoundedText.identifierLimit, to: &texts)
        return Field(start: start, count: count)
    }

    /// The bytes of a field, UTF-8 without NUL.
    @_lifetime(borrow self)
    package func bytes(_ field: Field) -> RawSpan {
        texts.rawBytes.extracting(field.start..<field.start + field.count)
    }

    /// A field as a string; empty where absent.
    package func string(_ field: Field) -> String {
        String(decoding: texts[field.start..<field.start + field.count], as: UTF8.self)
    }
}
