/// Identifiers for the Interfaces of components and modules, made of that of the whole.
struct PartIdentifier {
    /// The longest of an Interface in any version.
    static let maximumBytes = 128
    private let prefix: String
    private var taken: Set<String>

    /// - Parameter taken: identifiers that are in use.
    init(whole: String, taken: Set<String> = []) {
        let isUsable = DTMI.isUserIdentifier(whole, version: 2)
        prefix = isUsable ? String(whole[..<(whole.lastIndex(of: ";") ?? whole.endIndex)]) : "dtmi:hindcast:inferred"
        self.taken = taken.union([whole])
    }

    /// The identifier of a part, by its names from the outside in.
    mutating func make(_ names: [String]) -> String {
        var candidate = ([prefix] + names).joined(separator: ":") + ";1"
        var number = 1
        while candidate.utf8.count > Self.maximumBytes || !taken.insert(candidate).inserted {
            let root = prefix.utf8.count <= Self.maximumBytes - 16 ? prefix : "dtmi:hindcast:inferred"
            candidate = "\(root):part\(number);1"
            number += 1
        }
        return candidate
    }
}
