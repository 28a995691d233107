/// Finds what somebody may have meant.
enum NearestName {
    /// The name with the fewest changed, added, left out or swapped neighbouring letters; nil where even that one has little in common.
    static func of(_ text: String, among names: [String]) -> String? {
        let best = names.map { (name: $0, distance: distance(text, $0)) }.min { ($0.distance, $0.name) < ($1.distance, $1.name) }
        guard let best, best.distance * 2 <= max(text.count, best.name.count) else { return nil }
        return best.name
    }

    /// The optimal string alignment distance, over three rows of its table.
    static func distance(_ first: String, _ second: String) -> Int {
        let a = Array(first)
        let b = Array(second)
        var older: [Int] = []
        var old = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var least = min(old[j + 1] + 1, row[j] + 1, old[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, older[j - 1] + 1) }
                row.append(least)
            }
            (older, old) = (old, row)
        }
        return old[b.count]
    }
}
