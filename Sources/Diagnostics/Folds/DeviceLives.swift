import JSON

/// The identities of one device id, by the mark that IoT Hub calls generation id.
///
/// Bounded, because what names them may be made up: kept are those whose marks are the greatest byte by byte. Which ones are kept depends on no order, and
/// what is kept is complete, for a mark that is among the greatest in the end has been so since it was first seen. IoT Hub's marks grow with time.
package struct DeviceLives: Equatable, Sendable {
    /// How many are kept.
    package static let limit = 16

    /// What is kept, the greatest mark first.
    package private(set) var all: [LifeDelta] = []

    /// Nothing seen.
    package init() {}

    /// Takes the mark of an event in.
    mutating func note(_ mark: RawSpan, time: Timestamp, offset: Int64) {
        if let index = all.firstIndex(where: { mark.equals($0.generation) }) {
            all[index].add(LifeDelta(generation: all[index].generation, firstTime: time, lastTime: time, lastOffset: offset, events: 1))
        } else {
            var copy: [UInt8] = []
            mark.append(to: &copy)
            let generation = String(decoding: copy, as: UTF8.self)
            insert(LifeDelta(generation: generation, firstTime: time, lastTime: time, lastOffset: offset, events: 1), limit: Self.limit)
        }
    }

    /// Adds what somebody else saw: of the same source, as the tables do it, or of another one, whose identities are bounded by themselves.
    package mutating func merge(_ other: DeviceLives, limit: Int = DeviceLives.limit) {
        for life in other.all {
            if let index = all.firstIndex(where: { $0.generation == life.generation }) {
                all[index].add(life)
            } else {
                insert(life, limit: limit)
            }
        }
    }

    /// The mark that was seen last: the identity that the id has now.
    package var current: LifeDelta? {
        all.max { a, b in
            a.lastTime == b.lastTime ? a.generation.utf8.lexicographicallyPrecedes(b.generation.utf8) : a.lastTime < b.lastTime
        }
    }

    private mutating func insert(_ life: LifeDelta, limit: Int) {
        let index = all.firstIndex { $0.generation.utf8.lexicographicallyPrecedes(life.generation.utf8) } ?? all.endIndex
        guard index < limit else { return }
        all.insert(life, at: index)
        if all.count > limit { all.removeLast() }
    }
}
