import Diagnostics
import JSON

/// One thing that a monitor shows: an event, a property change, a finding.
protocol MonitorItem: Sendable {
    var place: EventPlace { get }
    /// One line for people.
    func line(_ palette: Palette) -> String
    /// The same for programs; see docs/commands.md.
    var tree: JSONTree { get }
}

/// Where an event stands in the log, and since when: the order in which monitors show events of several sources.
struct EventPlace: Comparable, Hashable, Sendable {
    let ingestTime: Timestamp
    let source: Int32
    let offset: Int64

    static func < (a: EventPlace, b: EventPlace) -> Bool { (a.ingestTime, a.source, a.offset) < (b.ingestTime, b.source, b.offset) }
}

/// The last so many of what was seen, in order: all that a monitor keeps of the past.
struct LastItems<Item: MonitorItem> {
    private let limit: Int
    /// In the order of their places; items of one event in their own order.
    private(set) var items: [Item] = []

    init(limit: Int) { self.limit = limit }

    /// Whether nothing that is older than what is kept can come in any more.
    func isClosed(before time: Timestamp) -> Bool { limit == 0 || items.count >= limit && time < (items.first?.place.ingestTime ?? .latest) }

    /// Takes the items of one event in.
    mutating func insert(_ new: [Item]) {
        guard let place = new.first?.place, limit > 0 else { return }
        var index = items.count
        while index > 0, place < items[index - 1].place { index -= 1 }
        items.insert(contentsOf: new, at: index)
        if items.count > limit { items.removeFirst(items.count - limit) }
    }
}
