import JSON

/// What a definition says about a route: whether the export is on, and whether it sends there. Nil where it does not say.
struct DefinedSwitch {
    private(set) var isEnabled: Bool?
    private let targetIDs: [String]?

    /// Reads a body; one that is empty or no JSON says nothing.
    init(_ body: String) {
        guard !body.isEmpty, let tree = try? JSONTree.parse(Array(body.utf8)) else {
            targetIDs = nil
            return
        }
        isEnabled = tree["enabled"]?.boolValue
        targetIDs = tree["destinations"]?.elements.compactMap { target in
            target["id"]?.stringValue.map { BoundedText.bound($0, limit: BoundedText.identifierLimit) }
        }
    }

    /// Whether it sends to a destination.
    func sends(to destinationID: String) -> Bool? { targetIDs?.contains(destinationID) }
}
