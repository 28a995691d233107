package import Catalog
package import Diagnostics
package import Postgres

/// The control log as far as a worker has read it.
package struct ControlTail {
    private struct Entry {
        let seq: Int64
        let act: ControlAct
    }

    private var entries: [Entry] = []
    private var unreadable: CatalogError?

    /// The last event's number.
    package private(set) var last: Int64 = 0

    package init() {}

    /// Reads what is new. An event that cannot be read stops folds where they stand, not the reading: see ``acts(after:)``.
    package mutating func refresh(on connection: inout Connection) throws(PostgresError) {
        for event in try ControlLog.events(after: last, on: &connection) {
            last = event.seq
            guard unreadable == nil else { continue }
            do throws(CatalogError) {
                entries.append(Entry(seq: event.seq, act: try event.act()))
            } catch {
                unreadable = error
            }
        }
    }

    /// What was decided after an event, in force from an offset on.
    ///
    /// - Parameter lineage: the generations whose trials count; see `Generation.lineage`.
    /// - Throws: where one of them cannot be read, or asks for a newer program.
    package func epochs(after seq: Int64, fromOffset: Int64, lineage: Set<Int32>) throws(CatalogError) -> [Epoch] {
        if seq < last, let unreadable { throw unreadable }
        var epochs: [Epoch] = []
        for entry in entries.suffix(from: entries.firstIndex { $0.seq > seq } ?? entries.endIndex) {
            if case .ruleSet(let version) = entry.act { try RuleSets.check(version) }
            switch entry.act {
            case .publish(_, _, isFirst: false), .other: break
            case .replay(let generation, _, _, _) where !lineage.contains(generation): break
            case .publish, .activate, .assign, .replay, .ruleSet: epochs.append(Epoch(controlSeq: entry.seq, fromOffset: fromOffset, act: entry.act))
            }
        }
        return epochs
    }
}
