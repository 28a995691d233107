import JSON
import Testing

/// Bytes that are no JSON, with the reason and the byte that a reader has to name.
struct Refused: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let reason: JSONFaultReason
    let offset: Int

    init(_ text: String, _ reason: JSONFaultReason, at offset: Int) { self.init(Array(text.utf8), reason, at: offset) }

    init(_ bytes: [UInt8], _ reason: JSONFaultReason, at offset: Int) {
        self.bytes = bytes
        self.reason = reason
        self.offset = offset
    }

    var testDescription: String { "\(String(decoding: bytes, as: UTF8.self).debugDescription) → \(reason.rawValue) at \(offset)" }

    func check() {
        guard let fault = fault(in: bytes) else {
            Issue.record("was accepted")
            return
        }
        #expect(fault.reason == reason)
        #expect(fault.offset == offset)
        #expect(!fault.expected.isEmpty && !fault.actual.isEmpty)
    }
}
