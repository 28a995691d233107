import Foundation
import JSON

/// One case of a suite that says what `az iot central diagnostics` makes of a message.
struct PeerCase {
    let name: String
    /// The template's name among the suite's; nil where the case is about something else.
    let template: String?
    /// The message as a line of a capture, as IoT Hub routes it; nil where the case holds no message.
    let line: String?
    /// What stands in the payload after its first colon, without the closing brace: the value in most cases.
    let value: String
    /// The peer's codes.
    let codes: [String]
    private let kind: String

    init(_ json: JSONTree) {
        name = json["name"]?.stringValue ?? ""
        kind = json["kind"]?.stringValue ?? ""
        template = json["template"]?.stringValue
        codes = json["issues"]?.elements.compactMap { $0["code"]?.stringValue } ?? []
        let payload = json["payload"]?.stringValue ?? ""
        value = payload.firstIndex(of: ":").map { String(payload[payload.index(after: $0)...].dropLast()) } ?? payload
        line = kind == "central_message" ? Self.line(json, name) : nil
    }

    /// The first part of the name; of the matrix of schemas and values the first two.
    var family: String {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        return parts[0] == "matrix" && parts.count > 2 ? "matrix/\(parts[1])" : parts[0]
    }

    /// The name of the value in the matrix, which is the schema's; else empty.
    var schema: String { family.hasPrefix("matrix/") ? String(family.dropFirst(7)) : "" }

    private static func line(_ json: JSONTree, _ name: String) -> String? {
        var headers: [JSONTree] = []
        func add(_ name: String, _ value: String) { headers += [.string(name), .string(Data(value.utf8).base64EncodedString())] }
        add("iothub-message-source", "Telemetry")
        for member in json["annotations"]?.members ?? [] { if let value = member.value.stringValue { add(member.key, value) } }
        if let type = json["content_type"]?.stringValue { add("content-type", type) }
        if let encoding = json["content_encoding"]?.stringValue { add("content-encoding", encoding) }
        var body = json["body_base64"]?.stringValue ?? ""
        if let depth = name.hasPrefix("json/nested_") ? Int(name.dropFirst(12)) : nil, Data(base64Encoded: body) == nil {
            let text = #"{"temp":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
            body = Data(text.utf8).base64EncodedString()
        }
        guard Data(base64Encoded: body) != nil else { return nil }
        var writer = JSONWriter()
        writer.tree(.object(["topic": .string("t"), "headers_base64": .array(headers), "payload_base64": .string(body)]))
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
