/// A number for every element of a graph, made from those of the elements below it: each element and edge is looked at once, whatever shares or
/// repeats it, and nothing is called deeper for deeper graphs.
struct DescendantMeasure {
    /// What stands below an element, and whether the step there counts.
    typealias Edge = (next: Int, counts: Bool)

    enum Kind {
        /// The most counting steps on any path.
        case height
        /// All counting steps of all paths.
        case count
        /// 1 plus the number of the first element that a counting step leads to and that `matches`, or 0.
        case search(matches: (Int) -> Bool)
    }

    private(set) var values: [Int]
    /// Whether a cycle can be reached from an element.
    private(set) var reachesCycle: [Bool]

    init(count: Int, roots: [Int], kind: Kind, edges: (Int) -> [Edge]) {
        values = Array(repeating: 0, count: count)
        reachesCycle = Array(repeating: false, count: count)
        var states = Array(repeating: State.untouched, count: count)
        for root in roots where states[root] == .untouched { walk(from: root, kind, edges, &states) }
    }

    // MARK: -

    private enum State { case untouched, open, done }

    private struct Frame {
        let element: Int
        let edges: [Edge]
        var position = 0
    }

    private mutating func walk(from root: Int, _ kind: Kind, _ edges: (Int) -> [Edge], _ states: inout [State]) {
        var stack = [Frame(element: root, edges: edges(root))]
        states[root] = .open
        while let frame = stack.last {
            guard frame.position < frame.edges.count else {
                states[frame.element] = .done
                stack.removeLast()
                continue
            }
            let edge = frame.edges[frame.position]
            switch states[edge.next] {
            case .untouched:
                // The edge is looked at again, once what it leads to is done.
                states[edge.next] = .open
                stack.append(Frame(element: edge.next, edges: edges(edge.next)))
                continue
            case .open: reachesCycle[frame.element] = true
            case .done: if reachesCycle[edge.next] { reachesCycle[frame.element] = true }
            }
            add(edge, of: frame.element, kind)
            stack[stack.count - 1].position += 1
        }
    }

    private mutating func add(_ edge: Edge, of element: Int, _ kind: Kind) {
        let step = edge.counts ? 1 : 0
        switch kind {
        case .height: values[element] = max(values[element], values[edge.next] + step)
        case .count: values[element] = min(values[element] + values[edge.next] + step, 1 << 40)
        case .search(let matches):
            if values[element] == 0 { values[element] = edge.counts && matches(edge.next) ? edge.next + 1 : values[edge.next] }
        }
    }
}
