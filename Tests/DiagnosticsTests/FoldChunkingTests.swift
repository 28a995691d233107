import Diagnostics
import Hashing
import JSON
import Testing

/// What is folded in whatever pieces and order is the same in the end: the ground that checkpoints, replay and several workers stand on.
struct FoldChunkingTests {
    /// One record of one source, with the device's number.
    private struct Input {
        let record: SampleRecord
        let device: Int32
        let offset: Int64
    }

    private let versions: [TemplateInForce]
    private let sources: [[Input]]

    init() throws {
        let changed = SampleTemplate.source.replacing(#""name":"pressure""#, with: #""name":"head""#)
        versions = [.version(try SampleTemplate.published()), .version(try SampleTemplate.published(key: 2, source: changed)), .unassigned]
        var random = SeededRandom(seed: 11)
        sources = (0..<3).map { source in
            var inputs: [Input] = []
            for index in 0..<600 {
                let offset = Int64(source * 10 + index * 3)
                // Some of what was sent shortly before comes again.
                if let again = inputs.suffix(20).randomElement(using: &random), Int.random(in: 0...9, using: &random) == 0 {
                    inputs.append(Input(record: again.record, device: again.device, offset: offset))
                } else {
                    let device = Int32.random(in: 1...4, using: &random)
                    inputs.append(Input(record: Self.record(device: device, using: &random), device: device, offset: offset))
                }
            }
            return inputs
        }
    }

    private static func record(device: Int32, using random: inout SeededRandom) -> SampleRecord {
        // Few instants, so that many events share one and the offset decides.
        let hour = Int.random(in: 1...4, using: &random)
        let time = "2024-01-0\(Int.random(in: 1...2, using: &random))T0\(hour):00:00Z"
        let id = "pump-\(device)"
        switch Int.random(in: 0...14, using: &random) {
        case 10:
            return SampleHub.connection(device: id, isConnected: Bool.random(using: &random), number: Int.random(in: 1...40, using: &random), time)
        case 12:
            let flags = ["approved", "blocked", "provisioned", "simulated"].map { "\"\($0)\":\(Bool.random(using: &random))," }.joined()
            return SampleRecord(#"{"messageSource":"telemetry","device":{\#(flags)"id":"\#(id)"},"enqueuedTime":"\#(time)","telemetry":[]}"#)
        case 11, 13, 14:
            let generation = "63743883928432\(Int.random(in: 1000...1200, using: &random))"
            return SampleHub.telemetry(
                #"{"pressure":50}"#,
                [
                    ("iothub-connection-device-id", SampleHub.text(id)),
                    ("iothub-connection-auth-generation-id", SampleHub.text(generation)),
                    ("iothub-creation-time-utc", SampleHub.text("2024-01-02T03:04:0\(Int.random(in: 0...9, using: &random))Z")),
                ])
        case 0: return SampleRecord("{\"broken\":", key: id)
        case 1: return SampleRecord(#"{"no":"envelope"}"#, key: id)
        case 2:
            let types = ["registered", "deleted", "enabled", "disabled", "provisioned", "deviceTemplateChanged"]
            let type = types[Int.random(in: 0...5, using: &random)]
            return SampleRecord(SampleExport.message(source: "deviceLifecycle", type: type, device: id, time: time))
        case 3:
            let type = ["connected", "disconnected"][Int.random(in: 0...1, using: &random)]
            return SampleRecord(SampleExport.message(source: "deviceConnectivity", type: type, device: id, template: nil, time: time))
        case 4:
            let value = Int.random(in: 0...3, using: &random)
            let payload = SampleExport.properties(
                "[{\"name\":\"serial\",\"value\":\(value)},{\"component\":\"gear-\(value)\",\"name\":\"x\",\"value\":1}]")
            return SampleRecord(payload.replacing(SampleExport.device, with: id))
        case 5...8:
            let names = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                "\"made-up-\(Int.random(in: 0...300, using: &random))\":\(Int.random(in: 0...9, using: &random))"
            }
            return SampleRecord(
                SampleExport.telemetry("{\(names.joined(separator: ",")),\"samples\":[\"a\",1,\"b\"],\"pressure\":50}", time: time, device: id))
        default: return SampleRecord(SampleExport.telemetry(#"{"temperature":1}"#, time: time, device: id))
        }
    }

    /// Which inputs of each source repeat another one, by a window that sees each whole source.
    private func repeats() -> [[Int64: Bool]] {
        sources.map { inputs in
            var decoder = EventDecoder()
            var event = DecodedEvent()
            var window = RepeatWindow()
            var answers: [Int64: Bool] = [:]
            for input in inputs {
                input.record.decode(by: &decoder, into: &event)
                let payload = input.record.payload ?? []
                answers[input.offset] = window.isRepeat(event, payload: input.record.payload == nil ? nil : payload.rawBytes, offset: input.offset)
            }
            return answers
        }
    }

    /// Folds all sources, `order` saying which source's next chunk comes when, and chunks as long as `length` says.
    private func tables(shuffled: Bool = false, seed: UInt64, length: (inout SeededRandom) -> Int) -> [MergedTables] {
        var random = SeededRandom(seed: seed)
        var remaining = sources.map { shuffled ? $0.shuffled(using: &random)[...] : $0[...] }
        var tables = Array(repeating: MergedTables(), count: sources.count)
        var findingFolds = sources.indices.map { FindingFold(source: Int32($0 + 1)) }
        var deviceFold = DeviceFold()
        let repeats = repeats()
        var decoder = EventDecoder()
        var judge = Judge()
        var event = DecodedEvent()
        var hash = SHA256()
        while let source = remaining.indices.filter({ !remaining[$0].isEmpty }).randomElement(using: &random) {
            let chunk = remaining[source].prefix(length(&random))
            remaining[source] = remaining[source].dropFirst(chunk.count)
            for input in chunk {
                input.record.decode(by: &decoder, into: &event)
                let payload = input.record.payload ?? []
                let template = versions[input.offset < 500 ? 0 : input.offset < 1100 ? 1 : 2]
                var findings: [Finding] = []
                let bytes: RawSpan? = input.record.payload == nil ? nil : payload.rawBytes
                judge.judge(event, payload: bytes, decoder: decoder, template: template, into: &findings)
                findingFolds[source].apply(event, findings: findings, template: template, device: input.device, offset: input.offset, hash: &hash)
                deviceFold.apply(
                    event, device: input.device, offset: input.offset, size: payload.count, isExportable: input.offset % 3 != 0,
                    isRepeated: repeats[source][input.offset] == true)
            }
            tables[source].merge(findingFolds[source])
            tables[source].merge(deviceFold)
            findingFolds[source].reset()
            deviceFold.reset()
        }
        return tables
    }

    @Test func `any chunking and any interleaving of sources gives the same tables`() {
        let whole = tables(seed: 0) { _ in 100_000 }
        #expect(whole.allSatisfy { !$0.rest.isEmpty && $0.findings.count > 64 }, "The sample has to go over the bound")
        let devices = whole.flatMap(\.devices.values)
        #expect(devices.contains { $0.lives.all.count == DeviceLives.limit }, "The sample has to go over the bound of identities")
        #expect(devices.contains { $0.repeated > 0 } && devices.contains { $0.hubConnection != nil })
        #expect(devices.allSatisfy { $0.templateAssigned != nil || $0.approved != nil })
        #expect(whole.allSatisfy { $0.traffic.values.contains { $0.delayed > 0 } && $0.traffic.values.contains { $0.connects > 0 } })
        let single = tables(seed: 1) { _ in 1 }
        #expect(single == whole)
        for seed in UInt64(2)..<8 {
            let chunked = tables(seed: seed) { Int.random(in: 1...90, using: &$0) }
            for source in sources.indices {
                #expect(chunked[source].findings == whole[source].findings)
                #expect(chunked[source].rest == whole[source].rest)
                #expect(chunked[source] == whole[source])
            }
        }
    }

    @Test func `even the order of events gives the same tables, since time and offset say which is first and last`() {
        let whole = tables(seed: 0) { _ in 100_000 }
        for seed in UInt64(20)..<23 {
            let shuffled = tables(shuffled: true, seed: seed) { Int.random(in: 1...200, using: &$0) }
            #expect(shuffled.map(\.digest) == whole.map(\.digest))
            #expect(shuffled == whole)
        }
    }

    @Test func `one event less is another digest`() {
        let whole = tables(seed: 0) { _ in 100_000 }
        #expect(Set(whole.map(\.digest.lane0)).count == whole.count)
        #expect(whole.allSatisfy { $0.digest.count > 400 })
    }
}
