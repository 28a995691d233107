import JSON

/// Finds events that repeat one shortly before: routes deliver at least once, in rewound runs as well as one by one (IoT Hub: `1,2,3,4` may arrive as
/// `1,2,1,2,3,1,2,3,4`), and devices send again what was not acknowledged.
///
/// An event repeats where an event of the same identity stands within the ``reach`` offsets before it in the same source. The identity is a 64-bit
/// hash of tenant, device, module and message id; of an event without a message id, of tenant, device, module, event time and the payload's bytes. This is a
/// function of the log alone. A fold that starts in the middle of a source therefore has to show the window what lies before: every event from
/// ``start(before:)`` on.
///
/// Memory is 80 KiB whatever the events are, and nothing is allocated per event.
package struct RepeatWindow: Sendable {
    /// How many offsets back an event is remembered.
    package static let reach: Int64 = 4096

    /// From which offset on a window has to see events, to know what an event at `offset` repeats.
    package static func start(before offset: Int64) -> Int64 { max(0, offset - reach) }

    private struct Seen {
        var identity: UInt64
        var offset: Int64
    }

    /// The events of the last offsets, each at its offset modulo the reach; offset -1 where there is none.
    private var ring = Array(repeating: Seen(identity: 0, offset: -1), count: Int(reach))
    /// Open addressing with linear probing by identity, half full at most: where in the ring the last event of an identity stands; -1 where free.
    private var table = Array(repeating: Int16(-1), count: 2 * Int(reach))

    /// A window that has seen nothing.
    package init() {}

    /// Takes the next event of the source in, and says whether it repeats another one.
    ///
    /// - Parameters:
    ///   - offset: greater than that of every event before.
    ///   - payload: the record's value; nil for a null value.
    package mutating func isRepeat(_ event: borrowing DecodedEvent, payload: RawSpan?, offset: Int64) -> Bool {
        isRepeat(identity: Self.identity(event, payload), offset: offset)
    }

    /// The same for an identity that is known.
    package mutating func isRepeat(identity: UInt64, offset: Int64) -> Bool {
        let slot = Int(offset % Self.reach)
        var isRepeated = false
        if let found = find(identity) {
            let seen = ring[Int(table[found])]
            isRepeated = seen.offset >= offset - Self.reach
            remove(at: found)
        }
        // What stood here is out of reach now. Where a later event of its identity has taken its place in the table, it is not there any more.
        if ring[slot].offset >= 0, let old = find(ring[slot].identity), Int(table[old]) == slot { remove(at: old) }
        ring[slot] = Seen(identity: identity, offset: offset)
        insert(identity, slot)
        return isRepeated
    }

    // MARK: - The table

    private var mask: Int { table.count - 1 }

    private func home(_ identity: UInt64) -> Int { Int(truncatingIfNeeded: identity) & mask }

    private func find(_ identity: UInt64) -> Int? {
        var place = home(identity)
        while table[place] >= 0 {
            if ring[Int(table[place])].identity == identity { return place }
            place = (place + 1) & mask
        }
        return nil
    }

    private mutating func insert(_ identity: UInt64, _ slot: Int) {
        var place = home(identity)
        while table[place] >= 0 { place = (place + 1) & mask }
        table[place] = Int16(slot)
    }

    /// Knuth's algorithm R (The Art of Computer Programming 3, 6.4): what was pushed on by the one that goes moves back.
    private mutating func remove(at place: Int) {
        var hole = place
        var next = (place + 1) & mask
        while table[next] >= 0 {
            let home = home(ring[Int(table[next])].identity)
            if (next - home) & mask >= (next - hole) & mask {
                table[hole] = table[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        table[hole] = -1
    }

    // MARK: - The identity

    private static func identity(_ event: borrowing DecodedEvent, _ payload: RawSpan?) -> UInt64 {
        var hash = WordHash()
        hash.update(event.bytes(event.tenant))
        hash.update(event.bytes(event.deviceID))
        hash.update(event.bytes(event.module))
        if event.messageID.isEmpty {
            hash.update(UInt64(bitPattern: event.eventTime.microseconds))
            if let payload { hash.update(payload) }
        } else {
            hash.update(event.bytes(event.messageID))
        }
        return hash.value
    }
}
