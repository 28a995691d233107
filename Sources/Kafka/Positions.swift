/// The next offset to be handed out, for each partition being read.
///
/// Kept here and not asked of the client library: its own position is that of the last record handed out, which says nothing after a seek, before the first record,
/// or at the end of a partition that ends in offsets without records.
struct Positions {
    /// By topic number, then partition; -1 where nothing is known.
    private var next: [[Int64]] = []

    /// Notes where reading goes on.
    mutating func set(_ topic: Int, _ partition: Int32, to offset: Int64) {
        let partition = Int(partition)
        if topic < next.count, partition >= 0, partition < next[topic].count {
            next[topic][partition] = offset
        } else if partition >= 0 {
            while next.count <= topic { next.append([]) }
            next[topic].append(contentsOf: repeatElement(-1, count: partition + 1 - next[topic].count))
            next[topic][partition] = offset
        }
    }

    /// The next offset; nil before the first record where reading began at a beginning or an end.
    func next(_ topic: Int, _ partition: Int32) -> Int64? {
        let partition = Int(partition)
        guard topic < next.count, partition >= 0, partition < next[topic].count, next[topic][partition] >= 0 else { return nil }
        return next[topic][partition]
    }
}
