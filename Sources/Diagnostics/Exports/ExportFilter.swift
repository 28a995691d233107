import JSON

/// Which messages of its source an export sends: `SELECT * FROM devices WHERE …`, `SELECT * FROM dtmi:…;1 AS A, … WHERE A.temperature > 20`.
///
/// Evaluated against one event, so only what the event says counts. A name without `$` is a value of the message, and a message without that value does
/// not pass, whether it is asked for to be something or not to be; a filter that compares a message's value with a property of the device asks for what
/// a message does not say, and so does one about `$displayName` or an organization. Such a filter cannot be evaluated, and says so.
package struct ExportFilter: Sendable {
    private let sources: [ExportFilterParser.Source]
    private let condition: ExportFilterExpression?

    /// Reads a filter; an empty one admits everything.
    package init(_ text: String) throws(ExportFilterError) {
        guard text.utf8.contains(where: { $0 != 0x20 && !(0x09...0x0D).contains($0) }) else {
            (sources, condition) = ([], nil)
            return
        }
        (sources, condition) = try ExportFilterParser.parse(text)
    }

    /// Whether nothing is left out, whatever an event says.
    var admitsAll: Bool { condition == nil && (sources.isEmpty || sources.contains { $0.template == nil }) }

    /// Whether the export sends the event; nil where the event does not say enough.
    ///
    /// The event has to be the one that `decoder` decoded last, and the record the one that it came from.
    package func admits(_ event: borrowing DecodedEvent, _ record: borrowing RecordView, decoder: borrowing EventDecoder) -> Bool? {
        let selected = selects(event)
        guard let condition, selected != .no else { return Self.answer(selected) }
        var subject = ExportFilterSubject(event)
        if event.hasDocument, let payload = record.payload {
            let document = decoder.document(over: payload)
            return Self.answer(selected.and(subject.evaluate(condition, document)))
        }
        return Self.answer(selected.and(subject.evaluate(condition, nil)))
    }

    private func selects(_ event: borrowing DecodedEvent) -> ExportFilterTruth {
        if sources.isEmpty || sources.contains(where: { $0.template == nil }) { return .yes }
        if event.isTemplateOfModule || event.templateRef.isEmpty { return .unknown }
        let template = event.string(event.templateRef)
        return ExportFilterTruth(sources.contains { $0.template.map { BoundedText.bound($0, limit: BoundedText.identifierLimit) } == template })
    }

    private static func answer(_ truth: ExportFilterTruth) -> Bool? {
        switch truth {
        case .yes: true
        case .no, .absent: false
        case .unknown: nil
        }
    }
}
