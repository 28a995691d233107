package import Diagnostics

/// What a destination has, as a multiset of fingerprints: which, how often, and when the first copy came.
///
/// Open addressing with linear probing, 24 bytes an entry, in 64 parts by the fingerprint's first bits. Each part grows by half where it is four fifths full, and
/// alone, so growing needs no second copy of the whole: a million entries take 30 to 45 MB. Fingerprints are parts of SHA-256, so they are spread as they are.
package struct FingerprintTable: Sendable {
    /// What one entry takes at most, in bytes: 24 at the lowest filling.
    package static let largestBytesPerEntry: Int64 = 45

    private struct Entry {
        var high: UInt64
        var low: UInt64
        /// Seconds since 1970 of the first copy; 0 where it is not known.
        var seconds: UInt32
        /// Copies that no expected event was found for, and in the first bit whether one was. Zero: nothing is here.
        var state: UInt32

        static let nothing = Entry(high: 0, low: 0, seconds: 0, state: 0)
        static let matched: UInt32 = 1 << 31
    }

    private struct Part {
        var entries: [Entry]
        var used = 0

        /// Where a fingerprint is, or the free place where it would be.
        func index(_ high: UInt64, _ low: UInt64) -> Int {
            // The first bits chose the part; those behind them choose the place.
            var index = Int((high << 6).multipliedFullWidth(by: UInt64(entries.count)).high)
            while entries[index].state != 0, entries[index].high != high || entries[index].low != low {
                index += 1
                if index == entries.count { index = 0 }
            }
            return index
        }

        mutating func grow() {
            let old = entries
            entries = Array(repeating: .nothing, count: old.count + old.count / 2)
            for entry in old where entry.state != 0 { entries[index(entry.high, entry.low)] = entry }
        }
    }

    private var parts: [Part]
    /// How many different fingerprints there are.
    package private(set) var count = 0

    /// An empty table.
    package init() { parts = Array(repeating: Part(entries: Array(repeating: .nothing, count: 64)), count: 64) }

    /// What the table takes, in bytes.
    package var byteCount: Int { parts.reduce(0) { $0 + $1.entries.count * MemoryLayout<Entry>.stride } }

    /// Adds a copy.
    ///
    /// - Parameter time: when it came; nil where that is not known.
    package mutating func add(_ fingerprint: EventFingerprint, at time: Timestamp?) {
        let part = Int(fingerprint.high >> 58)
        var index = parts[part].index(fingerprint.high, fingerprint.low)
        let seconds = time.map { UInt32(clamping: $0.microseconds / 1_000_000) } ?? 0
        if parts[part].entries[index].state != 0 {
            let known = parts[part].entries[index].seconds
            if parts[part].entries[index].state & ~Entry.matched < Entry.matched - 1 { parts[part].entries[index].state += 1 }
            if known == 0 || seconds != 0 && seconds < known { parts[part].entries[index].seconds = seconds }
            return
        }
        if (parts[part].used + 1) * 5 > parts[part].entries.count * 4 {
            parts[part].grow()
            index = parts[part].index(fingerprint.high, fingerprint.low)
        }
        parts[part].entries[index] = Entry(high: fingerprint.high, low: fingerprint.low, seconds: seconds, state: 1)
        parts[part].used += 1
        count += 1
    }

    /// Takes a copy out for an expected event.
    ///
    /// - Returns: nil where there is none left; else when the first one came, where that is known.
    package mutating func take(_ fingerprint: EventFingerprint) -> Timestamp?? {
        let part = Int(fingerprint.high >> 58)
        let index = parts[part].index(fingerprint.high, fingerprint.low)
        let state = parts[part].entries[index].state
        guard state & ~Entry.matched > 0 else { return nil }
        parts[part].entries[index].state = (state - 1) | Entry.matched
        let seconds = parts[part].entries[index].seconds
        return .some(seconds == 0 ? nil : Timestamp(microseconds: Int64(seconds) * 1_000_000))
    }

    /// What is left: copies of events that were found, and messages that no expected event was found for.
    package var leftovers: (repeated: Int64, unexpected: Int64) {
        var repeated: Int64 = 0
        var unexpected: Int64 = 0
        for part in parts {
            for entry in part.entries {
                if entry.state & Entry.matched != 0 {
                    repeated += Int64(entry.state & ~Entry.matched)
                } else {
                    unexpected += Int64(entry.state)
                }
            }
        }
        return (repeated, unexpected)
    }
}
