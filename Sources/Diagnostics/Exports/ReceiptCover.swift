/// What a destination's receipts say of the log's offsets. Between the first and the last receipt of a partition they decide: what they leave out was not
/// delivered. Before and after they say nothing.
package struct ReceiptCover: Equatable, Sendable {
    /// Per partition, from the first receipted offset to the last.
    package let spans: [ReceiptRange]
    /// The offsets in between that no receipt has.
    package let holes: [ReceiptRange]

    /// Takes the receipts among changes, in any order. Ranges whose end is before their beginning are passed over.
    package init(_ changes: [ExportChange]) {
        struct Place: Hashable {
            let topic: String
            let partition: Int32
        }
        let ranges = changes.lazy.filter { $0.act == .delivered }.compactMap(\.range).filter { $0.firstOffset <= $0.lastOffset }
        let places = Dictionary(grouping: ranges) { Place(topic: $0.topic, partition: $0.partition) }
        var spans: [ReceiptRange] = []
        var holes: [ReceiptRange] = []
        for (place, ranges) in places.sorted(by: { ($0.key.topic, $0.key.partition) < ($1.key.topic, $1.key.partition) }) {
            let sorted = ranges.sorted { ($0.firstOffset, $0.lastOffset) < ($1.firstOffset, $1.lastOffset) }
            guard let first = sorted.first else { continue }
            var last = first.lastOffset
            for range in sorted.dropFirst() {
                if range.firstOffset > last, range.firstOffset - 1 > last {
                    holes.append(
                        ReceiptRange(topic: place.topic, partition: place.partition, firstOffset: last + 1, lastOffset: range.firstOffset - 1))
                }
                last = max(last, range.lastOffset)
            }
            spans.append(ReceiptRange(topic: place.topic, partition: place.partition, firstOffset: first.firstOffset, lastOffset: last))
        }
        self.spans = spans
        self.holes = holes
    }
}
