/// The rows whose names are kept among those that a device chose: those of the smallest hashes, up to a number of different ones.
///
/// One name under two template versions is two rows and one hash: both are kept, or neither is. So which ones are kept depends on no order.
struct KeptNames<Row: Equatable & Sendable>: Sendable {
    /// Where a new row goes.
    enum Answer: Equatable {
        /// To the row of the rest.
        case rest
        /// To a row of its own; these rows have to give way.
        case kept(giveWay: [Row])
    }

    private var hashes: [Int64] = []
    private var rows: [[Row]] = []

    /// Offers a row that is not here.
    mutating func offer(_ row: Row, hash: Int64, limit: Int) -> Answer {
        let index = hashes.firstIndex { $0 >= hash } ?? hashes.endIndex
        if index < hashes.endIndex, hashes[index] == hash {
            rows[index].append(row)
            return .kept(giveWay: [])
        }
        guard index < limit else { return .rest }
        hashes.insert(hash, at: index)
        rows.insert([row], at: index)
        guard hashes.count > limit else { return .kept(giveWay: []) }
        hashes.removeLast()
        return .kept(giveWay: rows.removeLast())
    }
}
