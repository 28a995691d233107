import Hashing
import JSON

/// What marks an event that is sent again: a CloudEvent in binary mode (Kafka binding §3.2) around the export's own message.
///
/// Its id is made of where the event stands in the log and for which route it is sent, so whoever sends it again, sends it under the same id, and a
/// consumer that keeps ids takes it once.
package enum BackfillIdentity {
    /// The `type` of such events.
    package static let type: StaticString = "dev.hindcast.backfill"

    /// The event's `id`: 32 hexadecimal digits.
    ///
    /// - Parameter part: which of the messages that one event makes, see `ExportMessage.parts(of:)`.
    package static func id(
        cluster: String, topic: String, partition: Int32, life: Int32, offset: Int64, route: ExportRoute, part: Int = 0
    ) -> String {
        var hash = SHA256()
        for text in [cluster, topic, route.tenant, route.exportID, route.destinationID] {
            hash.update(UInt32(text.utf8.count))
            hash.update(text)
        }
        hash.update(partition)
        hash.update(life)
        hash.update(offset)
        if part > 0 { hash.update(Int64(part)) }
        return String(hash.finish().hex.prefix(32))
    }

    /// The headers of an event that is sent again, in the layout of `HeaderBytes`.
    ///
    /// - Parameters:
    ///   - time: the event's.
    ///   - subject: the device; nothing is said of it where it is empty.
    package static func headers(id: String, exportID: String, time: Timestamp, subject: String) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = [
            ("ce_specversion", "1.0"), ("ce_id", id), ("ce_source", source(of: exportID)), ("ce_type", "\(type)"), ("ce_time", time.rfc3339),
        ]
        if !subject.isEmpty { headers.append(("ce_subject", subject)) }
        headers.append(("content-type", "application/json"))
        return headers
    }

    /// The event's `source`: a URN, with what a URN cannot hold percent-encoded (RFC 8141 §2).
    package static func source(of exportID: String) -> String {
        var text: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in exportID.utf8 {
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || "-._~:".utf8.contains(byte)
            text += isPlain ? [byte] : [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return "urn:hindcast:export:" + String(decoding: text, as: UTF8.self)
    }

    /// Whether a record's headers, in the layout of `HeaderBytes`, say that it was sent again.
    package static func isBackfill(_ headers: RawSpan) -> Bool {
        guard headers.byteCount > 0, let value = HeaderReader.value(named: "ce_type", in: headers) else { return false }
        let bytes = headers.extracting(value)
        switch HeaderValue(bytes, as: .text) {
        case .text(let range), .symbol(let range), .binary(let range): return bytes.extracting(range).equals(type)
        default: return false
        }
    }
}
