import Diagnostics
import JSON
import Testing

/// Headers that decoders know, found in one pass.
struct RecordHeadersTests {
    private static func input<Result>(_ headers: [(String, [UInt8]?)], _ read: (borrowing DecoderInput) -> Result) -> Result {
        let bytes = SampleRecord(nil, headers: headers).headers
        let record = RecordView(key: nil, headers: bytes.rawBytes, payload: nil, brokerTime: nil, ingestTime: SampleRecord.ingestTime)
        return read(DecoderInput(record, topic: ""))
    }

    private static func text(_ name: HeaderName, _ headers: [(String, [UInt8]?)]) -> [UInt8]? {
        input(headers) { input in
            guard let text = input.text(name) else { return nil }
            var bytes: [UInt8] = []
            text.append(to: &bytes)
            return bytes
        }
    }

    @Test func `every known header is found under its name, alone and among all others`() {
        let all = HeaderName.allCases.map { ("\($0.text)", [UInt8]?.some(Array("v\($0.rawValue)".utf8))) }
        for name in HeaderName.allCases {
            #expect(Self.text(name, all) == Array("v\(name.rawValue)".utf8))
            #expect(Self.text(name, all.filter { $0.0 == "\(name.text)" }) == Array("v\(name.rawValue)".utf8))
            #expect(Self.text(name, all.filter { $0.0 != "\(name.text)" }) == nil)
        }
        #expect(Set(all.map(\.0)).count == all.count)
    }

    @Test func `of headers with one name the first counts, even if it is null`() {
        #expect(Self.text(.subject, [("dt-subject", [0x61]), ("dt-subject", [0x62])]) == [0x61])
        #expect(Self.text(.subject, [("dt-subject", nil), ("dt-subject", [0x62])]) == nil)
        #expect(Self.text(.subject, [("DT-SUBJECT", [0x61])]) == nil)
        #expect(Self.text(.subject, [("dt-subject", [])]) == [])
    }

    @Test func `Hono's family of names is noticed, known or not`() {
        #expect(Self.input([("hono_anything", nil)]) { $0.headers.hasHono })
        #expect(!Self.input([("hono", nil), ("x-hono_a", nil), ("Hono_a", nil)]) { $0.headers.hasHono })
    }

    @Test(
        arguments: [
            (Array("1707214530250".utf8), 1_707_214_530_250), ([0x81, 0, 0, 0x01, 0x8D, 0x7D, 0xEA, 0x66, 0xCA], 1_707_214_530_250),
            ([0x55, 0xFF], -1), ([0xA1, 0x02, 0x34, 0x32], 42), ([0x80] + Array(repeating: 0xFF, count: 8), nil), ([0x40], nil),
            (Array("4x".utf8), nil), ([], nil), (Array(repeating: 0x39, count: 30), nil),
        ] as [([UInt8], Int64?)])
    func `a number is AMQP's or digits`(bytes: [UInt8], number: Int64?) {
        #expect(Self.input([("creation-time", bytes)]) { $0.integer(.creationTime) } == number)
    }

    @Test(
        arguments: [
            ([0x83, 0, 0, 0x01, 0x8D, 0x7D, 0xEA, 0x66, 0xCA], "2024-02-06T10:15:30.250000Z"),
            ([0x81, 0, 0, 0x01, 0x8D, 0x7D, 0xEA, 0x66, 0xCA], "2024-02-06T10:15:30.250000Z"),
            (Array("2024-02-06T10:15:30.25+00:00".utf8), "2024-02-06T10:15:30.250000Z"),
            ([0xA1, 0x14] + Array("2024-02-06T10:15:30Z".utf8), "2024-02-06T10:15:30Z"), (Array("1707214530250".utf8), "2024-02-06T10:15:30.250000Z"),
            (Array("yesterday".utf8), nil), ([0x83, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], nil), ([0x41], nil),
        ] as [([UInt8], String?)])
    func `a time is AMQP's, RFC 3339's or milliseconds`(bytes: [UInt8], time: String?) {
        #expect(Self.input([("iothub-enqueuedtime", bytes)]) { $0.timestamp(.enqueuedTime)?.rfc3339 } == time)
    }

    @Test(
        arguments: [
            ([0xA1, 0x03, 0x61, 0x62, 0x63], "abc"), (Array("abc".utf8), "abc"), ([0x81, 0, 0, 0, 0, 0, 0, 0, 7], "7"),
            ([0x80] + Array(repeating: 0xFF, count: 8), "18446744073709551615"),
            ([0x98] + (0..<16).map { $0 * 16 + 1 }, "01112131-4151-6171-8191-a1b1c1d1e1f1"), ([], ""),
        ] as [([UInt8], String)])
    func `a value is kept as text`(bytes: [UInt8], text: String) {
        let event = SampleRecord("{", headers: [("iotcentral-device-id", bytes)]).decoded()
        #expect(event.deviceID == text)
    }
}
