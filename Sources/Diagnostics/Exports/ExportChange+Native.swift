import JSON

extension ExportChange {
    /// Reads an event `dev.hindcast.export.…`; nil where it does not say what it is about.
    init?(native document: JSONDocument, _ record: borrowing RecordView, time: Timestamp) {
        guard let type = document.nativeType(of: record), let data = document.data(of: record), document.kind(data) == .object else { return nil }
        let export = document.id("export", of: data)
        let destination = document.id("destination", of: data)
        switch type {
        case "defined":
            guard let object = document.definition("export", of: data, isReadable: { (try? ExportDefinition.read($0)) != nil }) else { return nil }
            self.init(.defined, time: time, exportID: object.id, body: object.body)
        case "destination-defined":
            guard let object = document.definition("destination", of: data, isReadable: { (try? ExportDestination.read($0)) != nil }) else {
                return nil
            }
            self.init(.destinationDefined, time: time, exportID: "", destinationID: object.id, body: object.body)
        case "removed":
            guard !export.isEmpty else { return nil }
            self.init(.removed, time: time, exportID: export)
        case "destination-removed":
            guard !destination.isEmpty else { return nil }
            self.init(.destinationRemoved, time: time, exportID: export, destinationID: destination)
        case "toggled":
            guard !export.isEmpty, let enabled = document.member("enabled", of: data).flatMap({ document.flag($0) }) else { return nil }
            self.init(enabled ? .enabled : .disabled, time: time, exportID: export)
        case "destination-failing", "destination-failed", "destination-probed", "destination-recovered":
            let acts: [String: Act] = [
                "destination-failing": .failing, "destination-failed": .failed, "destination-probed": .probed, "destination-recovered": .recovered,
            ]
            guard let act = acts[type], !destination.isEmpty else { return nil }
            self.init(
                act, time: time, exportID: export, destinationID: destination, since: document.time("since", of: data),
                code: document.boundedText("code", of: data, limit: ErrorReport.subcodeLimit),
                message: document.boundedText("message", of: data, limit: ErrorReport.messageLimit))
        case "delivered":
            guard !export.isEmpty, !destination.isEmpty, let range = document.range(of: data) else { return nil }
            self.init(
                .delivered, time: time, exportID: export, destinationID: destination, range: range,
                events: document.integer("events", of: data).flatMap { $0 < 0 ? nil : $0 })
        case "backfilled":
            guard !export.isEmpty else { return nil }
            self.init(.backfilled, time: time, exportID: export, since: document.time("from", of: data), events: document.integer("rows", of: data))
        default: return nil
        }
    }
}

extension JSONDocument {
    /// An id among the members of an event's data, bounded; empty where there is none.
    fileprivate func id(_ name: StaticString, of data: JSONNode) -> String { boundedText(name, of: data, limit: BoundedText.identifierLimit) }

    fileprivate func time(_ name: StaticString, of data: JSONNode) -> Timestamp? { member(name, of: data).flatMap { timestamp($0) } }

    fileprivate func integer(_ name: StaticString, of data: JSONNode) -> Int64? { member(name, of: data).flatMap { integer($0) } }

    /// What a receipt is about; nil where a part is missing, and where the last offset is before the first.
    fileprivate func range(of data: JSONNode) -> ReceiptRange? {
        let topic = id("topic", of: data)
        guard !topic.isEmpty, let partition = integer("partition", of: data).flatMap({ Int32(exactly: $0) }), partition >= 0,
            let first = integer("first", of: data), let last = integer("last", of: data), first >= 0, first <= last, last < .max
        else { return nil }
        return ReceiptRange(topic: topic, partition: partition, firstOffset: first, lastOffset: last)
    }

    /// An object with an id, and its JSON without secrets. What cannot be read as a definition is not kept, which still says that there is one.
    fileprivate func definition(_ name: StaticString, of data: JSONNode, isReadable: (JSONTree) -> Bool) -> (id: String, body: String)? {
        guard let node = member(name, of: data), kind(node) == .object else { return nil }
        let id = id("id", of: node)
        guard !id.isEmpty else { return nil }
        let tree = tree(node)
        return (id, isReadable(tree) ? String(decoding: ExportMask.masked(tree).canonicalBytes(), as: UTF8.self) : "")
    }
}

extension JSONDocument {
    /// What stands behind `dev.hindcast.export.` in the type of a CloudEvent; nil where it is another type, or none.
    fileprivate func nativeType(of record: borrowing RecordView) -> String? {
        let prefix = "dev.hindcast.export."
        let input = DecoderInput(copy record, topic: "")
        let isStructured = input.text(.contentType)?.startsIgnoringCase(with: "application/cloudevents") ?? false
        let type: String
        if isStructured {
            guard let node = string(member("type", of: root)) else { return nil }
            type = BoundedText.bound(string(node), limit: BoundedText.identifierLimit)
        } else {
            guard let text = input.text(.cloudType) else { return nil }
            type = BoundedText.text(text)
        }
        return type.hasPrefix(prefix) ? String(type.dropFirst(prefix.count)) : nil
    }
}
