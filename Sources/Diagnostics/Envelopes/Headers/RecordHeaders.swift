import JSON

/// Where the known headers of one record lie, found in one pass. Of headers with one name the first counts, even if it is null.
package struct RecordHeaders: Sendable {
    /// A value's place; a negative count for a header that is absent, or null.
    private struct Slot: Sendable {
        var start: Int32
        var count: Int32
    }

    private static let absent: Int32 = -1
    private static let null: Int32 = -2

    private var slots = InlineArray<64, Slot>(repeating: Slot(start: 0, count: absent))
    /// Whether any header's name starts with `hono_`, known or not.
    package private(set) var hasHono = false

    /// Looks at every header once.
    package init(scanning bytes: RawSpan) {
        guard bytes.byteCount > 0 else { return }
        var reader = HeaderReader(bytes)
        let names = HeaderName.byLength
        while let header = reader.next() {
            let name = bytes.extracting(header.name)
            guard name.byteCount > 2, name.byteCount < names.count else { continue }
            if name[byte: 0] == 0x68, name.starts(with: "hono_") { hasHono = true }
            for candidate in names[name.byteCount] where name.equals(candidate.text) {
                let place = Int(candidate.name.rawValue)
                if slots[place].count == Self.absent { slots[place] = Self.slot(header.value) }
                break
            }
        }
    }

    /// Whether the header is there and not null.
    package func has(_ name: HeaderName) -> Bool { slots[Int(name.rawValue)].count >= 0 }

    /// The bytes of the header's value among all headers' bytes; nil where it is absent or null.
    package func range(_ name: HeaderName) -> Range<Int>? {
        let slot = slots[Int(name.rawValue)]
        return slot.count < 0 ? nil : Int(slot.start)..<Int(slot.start) + Int(slot.count)
    }

    private static func slot(_ value: Range<Int>?) -> Slot {
        guard let value else { return Slot(start: 0, count: null) }
        return Slot(start: Int32(truncatingIfNeeded: value.lowerBound), count: Int32(truncatingIfNeeded: value.count))
    }
}

extension RawSpan {
    /// Whether the bytes begin with those of a literal.
    func starts(with literal: StaticString) -> Bool {
        byteCount >= literal.utf8CodeUnitCount && extracting(0..<literal.utf8CodeUnitCount).equals(literal)
    }
}
