import Diagnostics
import Testing

struct EpochListTests {
    private func publish(_ id: String, _ key: Int32, seq: Int64, from: Int64, isFirst: Bool) -> Epoch {
        Epoch(controlSeq: seq, fromOffset: from, act: .publish(templateID: id, versionKey: key, isFirst: isFirst))
    }

    private func activate(_ id: String, _ key: Int32, seq: Int64, from: Int64) -> Epoch {
        Epoch(controlSeq: seq, fromOffset: from, act: .activate(templateID: id, versionKey: key))
    }

    private func assign(_ id: String, _ devices: [String], tenant: String = "", seq: Int64, from: Int64) -> Epoch {
        Epoch(controlSeq: seq, fromOffset: from, act: .assign(templateID: id, tenant: tenant, devices: devices))
    }

    private func resolve(_ list: EpochList, _ ref: String = "", tenant: String = "t", device: String = "pump-07", at offset: Int64)
        -> EpochList.Resolution
    {
        list.resolve(templateRef: ref, tenant: tenant, deviceID: device, offset: offset)
    }

    @Test func `ids that stand for themselves are told apart byte by byte, among patterns and in any number`() {
        let list = EpochList([
            publish("a", 1, seq: 1, from: 0, isFirst: true), publish("b", 2, seq: 2, from: 0, isFirst: true),
            assign("a", (0..<100_000).map { "device-\($0)" } + ["é", "pump-*"], seq: 3, from: 0), assign("b", ["device-7"], seq: 4, from: 5),
        ])
        #expect(resolve(list, device: "device-7", at: 4) == .version(key: 1))
        #expect(resolve(list, device: "device-7", at: 5) == .version(key: 2))
        #expect(resolve(list, device: "device-99999", at: 5) == .version(key: 1))
        #expect(resolve(list, device: "device-100000", at: 5) == .unassigned)
        #expect(resolve(list, device: "pump-1", at: 5) == .version(key: 1))
        #expect(resolve(list, device: "\u{E9}", at: 5) == .version(key: 1))
        #expect(resolve(list, device: "e\u{301}", at: 5) == .unassigned)
    }

    @Test func `without epochs nothing is assigned and no template is known`() {
        let list = EpochList()
        #expect(resolve(list, at: 0) == .unassigned)
        #expect(resolve(list, "a", at: 0) == .unknown(templateID: "a"))
        #expect(!list.changes(after: -1, through: .max))
    }

    @Test func `the first version of an id is in force from its offset on, later ones only once activated`() {
        let list = EpochList([
            publish("a", 1, seq: 1, from: 10, isFirst: true), publish("a", 2, seq: 2, from: 20, isFirst: false), activate("a", 2, seq: 3, from: 30),
        ])
        #expect(resolve(list, "a", at: 9) == .unknown(templateID: "a"))
        #expect(resolve(list, "a", at: 10) == .version(key: 1))
        #expect(resolve(list, "a", at: 29) == .version(key: 1))
        #expect(resolve(list, "a", at: 30) == .version(key: 2))
        #expect(resolve(list, "b", at: 30) == .unknown(templateID: "b"))
    }

    @Test func `an older version may be activated again`() {
        let list = EpochList([
            publish("a", 1, seq: 1, from: 0, isFirst: true), activate("a", 2, seq: 2, from: 10), activate("a", 1, seq: 3, from: 20),
        ])
        #expect(resolve(list, "a", at: 19) == .version(key: 2))
        #expect(resolve(list, "a", at: 20) == .version(key: 1))
    }

    @Test func `a later control event wins from its own offset on, even where that is the smaller one`() {
        let list = EpochList([activate("a", 1, seq: 5, from: 100), activate("a", 2, seq: 6, from: 40)])
        #expect(resolve(list, "a", at: 39) == .unknown(templateID: "a"))
        #expect(resolve(list, "a", at: 40) == .version(key: 2))
        #expect(resolve(list, "a", at: 100) == .version(key: 2))
    }

    @Test func `the message's own template comes before an assignment`() {
        let list = EpochList([
            publish("own", 1, seq: 1, from: 0, isFirst: true), publish("given", 2, seq: 2, from: 0, isFirst: true),
            assign("given", ["*"], seq: 3, from: 0),
        ])
        #expect(resolve(list, "own", at: 5) == .version(key: 1))
        #expect(resolve(list, at: 5) == .version(key: 2))
        #expect(resolve(list, "missing", at: 5) == .unknown(templateID: "missing"))
    }

    @Test func `an assignment holds for its devices, its tenant, and from its offset on`() {
        let list = EpochList([
            publish("a", 1, seq: 1, from: 0, isFirst: true), assign("a", ["valve-*", "pump-0?"], tenant: "t", seq: 2, from: 10),
        ])
        #expect(resolve(list, at: 9) == .unassigned)
        #expect(resolve(list, at: 10) == .version(key: 1))
        #expect(resolve(list, device: "valve-1", at: 10) == .version(key: 1))
        #expect(resolve(list, device: "pump-17", at: 10) == .unassigned)
        #expect(resolve(list, tenant: "u", at: 10) == .unassigned)
        #expect(resolve(list, device: "", at: 10) == .unassigned)
    }

    @Test func `the latest assignment that fits a device is the one that counts`() {
        let list = EpochList([
            publish("a", 1, seq: 1, from: 0, isFirst: true), publish("b", 2, seq: 2, from: 0, isFirst: true),
            assign("a", ["pump-*"], seq: 3, from: 10), assign("b", ["pump-07"], seq: 4, from: 20), assign("a", ["other"], seq: 5, from: 30),
        ])
        #expect(resolve(list, at: 19) == .version(key: 1))
        #expect(resolve(list, at: 20) == .version(key: 2))
        #expect(resolve(list, at: 30) == .version(key: 2))
        #expect(resolve(list, device: "pump-08", at: 30) == .version(key: 1))
    }

    @Test func `an assigned template without a version in force is unknown`() {
        let list = EpochList([assign("a", ["*"], seq: 1, from: 0), publish("a", 1, seq: 2, from: 10, isFirst: true)])
        #expect(resolve(list, at: 9) == .unknown(templateID: "a"))
        #expect(resolve(list, at: 10) == .version(key: 1))
    }

    @Test func `nobody is assigned to an event without a device`() {
        let list = EpochList([publish("a", 1, seq: 1, from: 0, isFirst: true), assign("a", ["*", ""], seq: 2, from: 0)])
        #expect(resolve(list, device: "", at: 5) == .unassigned)
    }

    @Test func `the order of construction does not matter`() {
        var random = SeededRandom(seed: 7)
        let epochs: [Epoch] = (1...24).map { seq in
            let from = Int64.random(in: 0...50, using: &random)
            let id = ["a", "b"][Int.random(in: 0...1, using: &random)]
            switch Int.random(in: 0...4, using: &random) {
            case 0: return publish(id, Int32(seq), seq: Int64(seq), from: from, isFirst: Bool.random(using: &random))
            case 1: return activate(id, Int32(seq), seq: Int64(seq), from: from)
            case 2: return Epoch(controlSeq: Int64(seq), fromOffset: from, act: .ruleSet(version: 1))
            default: return assign(id, ["pump-*", "valve-?"].shuffled(using: &random).dropLast(), seq: Int64(seq), from: from)
            }
        }
        let list = EpochList(epochs)
        for _ in 0..<50 {
            let shuffled = epochs.shuffled(using: &random)
            #expect(EpochList(shuffled) == list)
            var grown = EpochList(Array(shuffled.prefix(9)))
            for epoch in shuffled.dropFirst(9) { grown.append(epoch) }
            #expect(grown == list)
        }
    }

    @Test func `what was asked before may be kept until a border is crossed`() {
        let list = EpochList([
            publish("a", 1, seq: 1, from: 10, isFirst: true), activate("a", 2, seq: 2, from: 30), assign("a", ["*"], seq: 3, from: 20),
            publish("a", 3, seq: 4, from: 25, isFirst: false), Epoch(controlSeq: 5, fromOffset: 27, act: .other),
        ])
        #expect(!list.changes(after: 0, through: 9))
        #expect(list.changes(after: 0, through: 10))
        #expect(list.changes(after: 9, through: 10))
        #expect(!list.changes(after: 10, through: 19))
        #expect(list.changes(after: 19, through: 20))
        #expect(!list.changes(after: 20, through: 29), "A version that is only stored and an act that says nothing change no answer")
        #expect(list.changes(after: 5, through: 100))
        #expect(!list.changes(after: 30, through: .max))
        #expect(!list.changes(after: 20, through: 20))
    }

    @Test func `an answer changes nowhere but at a border`() {
        var random = SeededRandom(seed: 8)
        var list = EpochList()
        for seq in 1...30 {
            let from = Int64.random(in: 0...60, using: &random)
            list.append(seq % 3 == 0 ? assign("a", ["pump-*"], seq: Int64(seq), from: from) : activate("a", Int32(seq), seq: Int64(seq), from: from))
        }
        for offset in Int64(1)...80 where !list.changes(after: offset - 1, through: offset) {
            #expect(resolve(list, "a", at: offset) == resolve(list, "a", at: offset - 1))
            #expect(resolve(list, at: offset) == resolve(list, at: offset - 1))
        }
    }
}
