import Diagnostics
import EventLog
import Foundation
import JSON

/// One record of a capture file: a JSON object in the form that `kcat -J` prints.
///
/// Members: `topic`, `partition`, `offset`, `tstype` (`create`, `append`), `ts` (milliseconds), `headers` (names and values in turn), `key`, `payload`.
/// Where bytes are not text, `key_base64`, `payload_base64` and `headers_base64` (values only) stand instead. A missing or null key or payload is null.
struct CaptureLine {
    var origin = CaptureOrigin(topic: "", partition: 0, offset: 0)
    var timestampType = TimestampType.notAvailable
    var brokerTime: Timestamp?
    var key: [UInt8]?
    /// In the log's layout.
    var headers: [UInt8] = []
    var payload: [UInt8]?

    /// Every member of a record. Messages that stand in a file without their records are no capture, and would all pass for records with a null value.
    private static let members: [StaticString] = [
        "topic", "partition", "offset", "tstype", "ts", "headers", "headers_base64", "key", "key_base64", "payload", "payload_base64",
    ]

    /// Reads one line.
    ///
    /// - Throws: `CaptureLineError`, with what was expected and what is there.
    init(_ bytes: RawSpan, reader: inout JSONReader) throws(CaptureLineError) {
        do throws(JSONSyntaxError) {
            try reader.read(bytes)
        } catch {
            throw CaptureLineError("\(error)")
        }
        let document = reader.document(over: bytes)
        guard document.kind(document.root) == .object else { throw CaptureLineError("expected a JSON object as `kcat -J` prints it") }
        let object = document.root
        guard Self.members.contains(where: { document.member($0, of: object) != nil }) else {
            throw CaptureLineError("an object with no member of a record, expected topic, offset, key, payload and so on as `kcat -J` prints them")
        }
        let topic = document.member("topic", of: object).flatMap { document.kind($0) == .string ? document.string($0) : nil }
        // Kafka allows no such name, and neither does a column of type text.
        if let topic, topic.utf8.contains(0) { throw CaptureLineError("topic has a NUL, expected a topic's name") }
        let partition = try Self.integer("partition", document) ?? 0
        guard let partition = Int32(exactly: partition) else { throw CaptureLineError("partition is \(partition), expected a 32-bit number") }
        origin = CaptureOrigin(topic: topic ?? "", partition: partition, offset: try Self.integer("offset", document) ?? 0)
        if let type = document.member("tstype", of: object) {
            timestampType =
                document.equals(type, "create")
                ? .create : document.equals(type, "append") || document.equals(type, "logappend") ? .logAppend : .notAvailable
        }
        if timestampType != .notAvailable, let milliseconds = try Self.integer("ts", document) { brokerTime = Timestamp(milliseconds: milliseconds) }
        key = try Self.bytes("key", "key_base64", document)
        payload = try Self.bytes("payload", "payload_base64", document)
        try readHeaders(document)
    }

    private mutating func readHeaders(_ document: borrowing JSONDocument) throws(CaptureLineError) {
        let encoded = document.member("headers_base64", of: document.root)
        guard let list = encoded ?? document.member("headers", of: document.root), document.kind(list) != .null else { return }
        guard document.kind(list) == .array, document.count(list).isMultiple(of: 2) else {
            throw CaptureLineError("headers are no array of names and values in turn")
        }
        var name: [UInt8]?
        var element = document.firstElement(of: list)
        while let node = element {
            element = document.nextElement(after: node, in: list)
            if let pending = name {
                let value = document.kind(node) == .null ? nil : try Self.text(node, "a header's value", isBase64: encoded != nil, document)
                if let value {
                    HeaderBytes.append(name: pending.rawBytes, value: value.rawBytes, to: &headers)
                } else {
                    HeaderBytes.append(name: pending.rawBytes, value: nil, to: &headers)
                }
                name = nil
            } else {
                name = try Self.text(node, "a header's name", isBase64: false, document)
            }
        }
    }

    private static func integer(_ name: StaticString, _ document: borrowing JSONDocument) throws(CaptureLineError) -> Int64? {
        guard let node = document.member(name, of: document.root), document.kind(node) != .null else { return nil }
        guard let value = document.integer(node) else { throw CaptureLineError("\(name) is no whole number") }
        return value
    }

    private static func bytes(
        _ name: StaticString, _ encodedName: StaticString, _ document: borrowing JSONDocument
    ) throws(CaptureLineError) -> [UInt8]? {
        if let node = document.member(encodedName, of: document.root), document.kind(node) != .null {
            return try text(node, "\(encodedName)", isBase64: true, document)
        }
        guard let node = document.member(name, of: document.root), document.kind(node) != .null else { return nil }
        return try text(node, "\(name)", isBase64: false, document)
    }

    private static func text(
        _ node: JSONNode, _ what: String, isBase64: Bool, _ document: borrowing JSONDocument
    ) throws(CaptureLineError) -> [UInt8] {
        guard document.kind(node) == .string else { throw CaptureLineError("\(what) is no string") }
        var bytes: [UInt8] = []
        document.unescape(node, into: &bytes)
        guard isBase64 else { return bytes }
        guard let data = Data(base64Encoded: Data(bytes)) else { throw CaptureLineError("\(what) is no base64 (RFC 4648 §4)") }
        return [UInt8](data)
    }
}

/// Why a line of a capture is none.
struct CaptureLineError: Error {
    let description: String

    init(_ description: String) { self.description = description }
}
