/// Names known when a template is loaded, each in a scope (a component's capabilities, an object's fields, an enumeration's values), found by raw bytes.
///
/// All scopes share one pool of bytes and one open-addressing table, so a lookup is a hash, one probe and a compare, and makes no `String`:
///
///     pool     t e m p h u m i d …
///     entries  (scope 0, 0..<4 → 7) (scope 0, 4..<9 → 8) …
///     slots    [ -1  1 -1  0 … ]      power of two, at most half full
struct ScopedNames: Sendable {
    private struct Entry: Sendable {
        let scope: Int32
        let start: Int32
        let count: Int32
        let value: Int32
    }

    private var pool: [UInt8] = []
    private var entries: [Entry] = []
    private var slots: [Int32] = Array(repeating: -1, count: 16)
    private var scopeCount: Int32 = 0

    /// A number for a scope that no name is in yet.
    mutating func makeScope() -> Int32 {
        defer { scopeCount += 1 }
        return scopeCount
    }

    /// Adds a name, unless the scope has it; gives the value that stands for the name from now on.
    @discardableResult
    mutating func insert(_ name: String, scope: Int32, value: Int32) -> Int32 {
        let bytes = Array(name.utf8)
        if let present = find(bytes.span, scope: scope) { return present }
        if (entries.count + 1) * 2 > slots.count { grow() }
        place(Int32(entries.count), hash: Self.hash(bytes.span, scope: scope))
        entries.append(Entry(scope: scope, start: Int32(pool.count), count: Int32(bytes.count), value: value))
        pool.append(contentsOf: bytes)
        return value
    }

    /// The value of a name in a scope, by the name's UTF-8 bytes.
    func find(_ name: Span<UInt8>, scope: Int32) -> Int32? {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: Self.hash(name, scope: scope)) & mask
        while true {
            let index = slots[slot]
            if index < 0 { return nil }
            let entry = entries[Int(index)]
            if entry.scope == scope, Int(entry.count) == name.count, matches(name, at: Int(entry.start)) { return entry.value }
            slot = (slot + 1) & mask
        }
    }

    /// All names of a scope, in the order they were added.
    func names(inScope scope: Int32) -> [String] {
        entries.filter { $0.scope == scope }.map { String(decoding: pool[Int($0.start)..<Int($0.start + $0.count)], as: UTF8.self) }
    }

    // MARK: -

    @inline(__always)
    private func matches(_ name: Span<UInt8>, at start: Int) -> Bool {
        NameBytes(name).equals(NameBytes(pool.span.extracting(start..<start + name.count)))
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 2)
        for (index, entry) in entries.enumerated() {
            let bytes = Array(pool[Int(entry.start)..<Int(entry.start + entry.count)])
            place(Int32(index), hash: Self.hash(bytes.span, scope: entry.scope))
        }
    }

    private mutating func place(_ index: Int32, hash: UInt64) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] >= 0 { slot = (slot + 1) & mask }
        slots[slot] = index
    }

    /// The table never grows from device data, so a seed against chosen keys is not needed.
    @inline(__always)
    private static func hash(_ bytes: Span<UInt8>, scope: Int32) -> UInt64 {
        NameBytes(bytes).hash(from: 0xcbf2_9ce4_8422_2325 ^ UInt64(truncatingIfNeeded: scope))
    }
}
