import Diagnostics
import JSON
import Testing

struct RepeatWindowTests {
    private struct Input {
        let identity: UInt64
        let offset: Int64
    }

    /// Offsets with holes of every length; identities that come back early, late, and too late, many of them in one place of the table.
    private func inputs(seed: UInt64, count: Int = 30_000) -> [Input] {
        var random = SeededRandom(seed: seed)
        var offset: Int64 = 0
        return (0..<count).map { _ in
            let jump = Int.random(in: 0..<2000, using: &random)
            offset += jump == 0 ? Int64.random(in: 1...9000, using: &random) : jump < 200 ? Int64(jump) % 7 + 1 : 1
            let name = UInt64.random(in: 0..<6000, using: &random)
            return Input(identity: name.isMultiple(of: 3) ? name << 32 : name &* 0x9E37_79B9_7F4A_7C15, offset: offset)
        }
    }

    /// What the definition says, with all the memory that it takes.
    private func expected(_ inputs: [Input]) -> [Bool] {
        var last: [UInt64: Int64] = [:]
        return inputs.map { input in
            defer { last[input.identity] = input.offset }
            return last[input.identity].map { $0 >= input.offset - RepeatWindow.reach } ?? false
        }
    }

    @Test(arguments: [1 as UInt64, 2, 3])
    func `an event repeats where its identity stands within the reach before it`(seed: UInt64) {
        let inputs = inputs(seed: seed)
        let expected = expected(inputs)
        var window = RepeatWindow()
        let answers = inputs.map { window.isRepeat(identity: $0.identity, offset: $0.offset) }
        #expect(answers == expected)
        #expect(expected.contains(true) && expected.contains(false))
    }

    @Test func `the reach is 4,096 offsets and not one more`() {
        for (distance, isRepeat) in [(1, true), (4095, true), (4096, true), (4097, false)] as [(Int64, Bool)] {
            var window = RepeatWindow()
            #expect(window.isRepeat(identity: 7, offset: 10) == false)
            #expect(window.isRepeat(identity: 7, offset: 10 + distance) == isRepeat)
        }
    }

    /// Chunks of random lengths, each with a window of its own.
    private func chunked(_ inputs: [Input], seed: UInt64, isWarmed: Bool) -> [Bool] {
        var random = SeededRandom(seed: seed)
        var answers: [Bool] = []
        while answers.count < inputs.count {
            var window = RepeatWindow()
            let start = RepeatWindow.start(before: inputs[answers.count].offset)
            if isWarmed {
                for input in inputs[..<answers.count] where input.offset >= start {
                    _ = window.isRepeat(identity: input.identity, offset: input.offset)
                }
            }
            for input in inputs[answers.count...].prefix(Int.random(in: 1...3000, using: &random)) {
                answers.append(window.isRepeat(identity: input.identity, offset: input.offset))
            }
        }
        return answers
    }

    @Test(arguments: [4 as UInt64, 5, 6])
    func `a window that was shown what lies before answers as one that saw the whole source`(seed: UInt64) {
        let inputs = inputs(seed: seed, count: 12_000)
        #expect(chunked(inputs, seed: seed, isWarmed: true) == expected(inputs))
    }

    @Test func `one that was not misses repetitions`() {
        let inputs = inputs(seed: 7, count: 12_000)
        #expect(chunked(inputs, seed: 7, isWarmed: false) != expected(inputs))
    }

    @Test func `identities that all want one place of the table are told apart, and are forgotten`() {
        var window = RepeatWindow()
        for round in 0..<3 as Range<Int64> {
            for name in 0..<1024 as Range<Int64> {
                #expect(window.isRepeat(identity: UInt64(name) << 13, offset: round * 10_000 + name) == false)
            }
        }
        #expect(window.isRepeat(identity: 0, offset: 24_096) == true)
    }

    // MARK: - Identities

    /// Whether the second record repeats the first.
    private func isRepeat(_ first: SampleRecord, _ second: SampleRecord) -> Bool {
        var decoder = EventDecoder()
        var event = DecodedEvent()
        var window = RepeatWindow()
        var answers: [Bool] = []
        for (offset, record) in [first, second].enumerated() {
            record.decode(by: &decoder, into: &event)
            let payload = record.payload ?? []
            answers.append(window.isRepeat(event, payload: record.payload == nil ? nil : payload.rawBytes, offset: Int64(offset)))
        }
        return answers[1]
    }

    private func hub(_ payload: String, id: String? = nil, device: String = SampleHub.device, module: String? = nil) -> SampleRecord {
        var headers: [(String, [UInt8]?)] = [("iothub-connection-device-id", SampleHub.text(device))]
        if let id { headers.append(("message-id", Array(id.utf8))) }
        if let module { headers.append(("iothub-connection-module-id", SampleHub.text(module))) }
        return SampleHub.telemetry(payload, headers)
    }

    @Test func `a message id decides where there is one, whatever the payload is`() {
        #expect(isRepeat(hub("{}", id: "a"), hub(#"{"n":1}"#, id: "a")))
        #expect(!isRepeat(hub("{}", id: "a"), hub("{}", id: "b")))
        #expect(!isRepeat(hub("{}", id: "a"), hub("{}")))
        #expect(!isRepeat(hub("{}", id: "a"), hub("{}", id: "a", device: "other")))
        #expect(!isRepeat(hub("{}", id: "a"), hub("{}", id: "a", module: "edge")))
    }

    @Test func `else time and payload decide`() {
        #expect(isRepeat(hub("{}"), hub("{}")))
        #expect(!isRepeat(hub(#"{"n":1}"#), hub(#"{"n":2}"#)))
        #expect(!isRepeat(hub("{}"), hub("{}", device: "other")))
        #expect(!isRepeat(hub("{}"), hub("{}", module: "edge")))
        let (one, two) = (SampleExport.telemetry("{}", time: "2024-01-01T01:00:00Z"), SampleExport.telemetry("{}", time: "2024-01-01T01:00:01Z"))
        #expect(isRepeat(SampleRecord(one), SampleRecord(one)))
        #expect(!isRepeat(SampleRecord(one), SampleRecord(two)))
    }

    @Test func `neighbouring texts are not run together`() {
        var seen: Set<UInt64> = []
        for parts in [
            ["ab", "c"], ["a", "bc"], ["abc", ""], ["", "abc"], ["abcdefgh", ""], ["", "abcdefgh"], ["abcdefg", "h"], ["\0", ""], ["", "\0"],
        ] {
            var hash = WordHash()
            for part in parts { hash.update(part.rawBytes) }
            seen.insert(hash.value)
        }
        #expect(seen.count == 9)
    }
}
