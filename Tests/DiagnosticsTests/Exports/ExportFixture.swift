import Diagnostics
import Hashing
import JSON

/// Records, decoded, and what the words of exports say of them.
enum ExportFixture {
    /// Decodes a record and hands over what came of it while the record's bytes are there.
    static func decoding<Answer>(
        _ record: SampleRecord, settings: SourceSettings = SourceSettings(),
        _ body: (borrowing DecodedEvent, borrowing RecordView, borrowing EventDecoder) -> Answer
    ) -> Answer {
        var decoder = EventDecoder()
        var event = DecodedEvent()
        let (key, payload) = (record.key ?? [], record.payload ?? [])
        let view = RecordView(
            key: record.key == nil ? nil : key.rawBytes, headers: record.headers.rawBytes, payload: record.payload == nil ? nil : payload.rawBytes,
            brokerTime: record.brokerTime, ingestTime: record.ingestTime)
        decoder.decode(view, settings: settings, into: &event)
        return body(event, view, decoder)
    }

    static func fingerprint(_ record: SampleRecord, settings: SourceSettings = SourceSettings(), part: Int = 0) -> EventFingerprint {
        var hash = SHA256()
        return decoding(record, settings: settings) { EventFingerprint.of($0, $1, decoder: $2, part: part, &hash) }
    }

    /// The messages that an export makes of a record; nil where it makes none.
    static func messages(_ record: SampleRecord, settings: SourceSettings = SourceSettings()) -> [String]? {
        decoding(record, settings: settings) { event, view, decoder in
            var messages: [String] = []
            for part in 0..<ExportMessage.parts(of: event) {
                var bytes: [UInt8] = []
                let application = SampleExport.application
                guard ExportMessage.append(event, view, decoder: decoder, applicationID: application, part: part, to: &bytes) else { return nil }
                messages.append(String(decoding: bytes, as: UTF8.self))
            }
            return messages
        }
    }

    static func admits(_ filter: String, _ record: SampleRecord) throws -> Bool? {
        let filter = try ExportFilter(filter)
        return decoding(record) { filter.admits($0, $1, decoder: $2) }
    }

    static func verdict(
        _ record: SampleRecord, _ definition: ExportDefinition, _ destination: ExportDestination? = nil, tenant: String = SampleExport.application,
        settings: SourceSettings = SourceSettings()
    ) -> ExportExpectation.Verdict {
        let expectation = ExportExpectation(tenant: tenant, definition: definition, destination: destination)
        return decoding(record, settings: settings) { expectation.verdict($0, $1, decoder: $2) }
    }

    static func file(_ text: String) throws(ExportFileError) -> ExportFile { try ExportFile.read(Array(text.utf8), name: "exports.json") }

    static func tree(_ text: String) throws -> JSONTree { try JSONTree.parse(Array(text.utf8)) }

    /// The masked form of an object.
    static func masked(_ text: String) throws -> String { String(decoding: ExportMask.masked(try tree(text)).canonicalBytes(), as: UTF8.self) }
}
