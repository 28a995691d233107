import JSON

/// Folds what events say of exports into changes, one per event. Pure; nothing is merged, so any chunking and any order give the same.
package struct ExportFold: Sendable {
    /// The changes since the last `reset`: where the event stands, whose export it is about, and what it says.
    package private(set) var changes: [(offset: Int64, tenant: String, change: ExportChange)] = []

    /// Starts with no changes.
    package init() {}

    /// Forgets all changes, keeps the memory.
    package mutating func reset() { changes.removeAll(keepingCapacity: true) }

    /// Takes one event in, as the decoder left it.
    package mutating func apply(_ event: borrowing DecodedEvent, _ record: borrowing RecordView, decoder: borrowing EventDecoder, offset: Int64) {
        guard event.kind == .exportState || event.kind == .audit, event.hasDocument, let payload = record.payload else { return }
        let document = decoder.document(over: payload)
        let change =
            event.kind == .audit
            ? ExportChange(audit: document, time: event.eventTime)
            : ExportChange(native: document, record, time: event.eventTime)
        guard let change else { return }
        changes.append((offset, event.string(event.tenant), change))
    }
}
