import JSON

/// An error that an event reports.
package struct ErrorReport: Equatable, Sendable {
    /// Which.
    package let name: ErrorName
    /// What it says in words, bounded; empty where it says nothing.
    package let message: String

    /// Longest message in bytes.
    static let messageLimit = 512
    /// Longest code in bytes.
    static let subcodeLimit = 64

    /// Reads an event of our own, a notice of Eclipse Hono that a command did not arrive, or a device's answer that a command failed.
    ///
    /// - Returns: nil where the event reports no error, or not which.
    package static func read(_ event: borrowing DecodedEvent, _ record: borrowing RecordView, decoder: borrowing EventDecoder) -> ErrorReport? {
        switch (event.kind, event.envelope) {
        case (.errorReport, .hono): hono(.adapter, event, record, decoder: decoder)
        case (.deliveryReceipt, .hono): hono(.device, event, record, decoder: decoder)
        case (.errorReport, _): native(event, record, decoder: decoder)
        default: nil
        }
    }

    private static func hono(
        _ origin: ErrorOrigin, _ event: borrowing DecodedEvent, _ record: borrowing RecordView, decoder: borrowing EventDecoder
    ) -> ErrorReport? {
        guard let status = DecoderInput(copy record, topic: "").integer(.honoStatus), (400...599).contains(status) else { return nil }
        var message = ""
        if event.hasDocument, let payload = record.payload {
            let document = decoder.document(over: payload)
            message = document.boundedText("error", of: document.root, limit: messageLimit)
        }
        return ErrorReport(name: ErrorName(origin: origin, reported: status, subcode: ""), message: message)
    }

    private static func native(
        _ event: borrowing DecodedEvent, _ record: borrowing RecordView, decoder: borrowing EventDecoder
    ) -> ErrorReport? {
        guard event.hasDocument, let payload = record.payload else { return nil }
        let document = decoder.document(over: payload)
        guard let data = document.data(of: record), let status = document.member("status", of: data).flatMap({ document.integer($0) }) else {
            return nil
        }
        let origin = ErrorOrigin(text: document.boundedText("origin", of: data, limit: BoundedText.identifierLimit))
        let subcode = document.boundedText("subcode", of: data, limit: subcodeLimit)
        return ErrorReport(
            name: ErrorName(origin: origin, reported: status, subcode: subcode),
            message: document.boundedText("message", of: data, limit: messageLimit))
    }
}

extension JSONDocument {
    /// The data of a CloudEvent: the whole payload, or in a structured event its member (CloudEvents JSON format §3.1).
    func data(of record: borrowing RecordView) -> JSONNode? {
        let type = DecoderInput(copy record, topic: "").text(.contentType)
        let isStructured = type?.startsIgnoringCase(with: "application/cloudevents") ?? false
        return isStructured ? member("data", of: root) : root
    }

    /// A member's text, bounded; empty where there is none.
    func boundedText(_ name: StaticString, of node: JSONNode, limit: Int) -> String {
        guard let text = string(member(name, of: node)) else { return "" }
        return BoundedText.bound(string(text), limit: limit)
    }
}
