internal import JSON

/// What is asked again and again of the values of a property while a model is checked as a whole, each answer found once: looking through all siblings of
/// each sibling would cost the square of their number.
struct SiblingIndex {
    /// The values of one property of one element, looked at by one thing they have: a property or a type.
    struct Place: Hashable {
        let parent: Int
        let property: String
        let by: String
    }

    /// The first value with each text, and how many there are.
    struct Entry {
        let first: Int
        var count = 1
    }

    /// By what the values have of a literal property, as text.
    var literals: [Place: [String: Entry]] = [:]
    /// By what they have of a supplemental property, as canonical JSON.
    var supplemental: [Place: [[UInt8]: Entry]] = [:]
    /// By two supplemental properties, as canonical JSON of both.
    var pairs: [Place: [[UInt8]: Entry]] = [:]
    /// How many are of a co-type.
    var types: [Place: Int] = [:]
}

extension ModelBuilder {
    /// The first value of a property whose own literal property is the text.
    mutating func child(of parent: Int, _ property: String, with key: String, being text: String) -> Int? {
        let place = SiblingIndex.Place(parent: parent, property: property, by: key)
        if siblings.literals[place] == nil {
            var entries: [String: SiblingIndex.Entry] = [:]
            for child in children(property, of: parent) {
                if let text = elements[child].literals[key]?.text { entries[text, default: SiblingIndex.Entry(first: child, count: 0)].count += 1 }
            }
            siblings.literals[place] = entries
        }
        return siblings.literals[place]?[text]?.first
    }

    /// How many other values of a property have a co-type.
    mutating func countOthers(of index: Int, in parent: Int, _ property: String, being type: String) -> Int {
        let place = SiblingIndex.Place(parent: parent, property: property, by: type)
        if siblings.types[place] == nil {
            siblings.types[place] = children(property, of: parent).count { elements[$0].types.contains(type) }
        }
        return (siblings.types[place] ?? 0) - (elements[index].types.contains(type) ? 1 : 0)
    }

    /// Whether another value of a property has the same supplemental property.
    mutating func hasTwin(_ index: Int, in parent: Int, _ property: String, by identifier: String) -> Bool {
        let place = SiblingIndex.Place(parent: parent, property: property, by: identifier)
        if siblings.supplemental[place] == nil {
            var entries: [[UInt8]: SiblingIndex.Entry] = [:]
            for child in children(property, of: parent) {
                guard let value = elements[child].supplemental[identifier] else { continue }
                entries[value.canonicalBytes(), default: SiblingIndex.Entry(first: child, count: 0)].count += 1
            }
            siblings.supplemental[place] = entries
        }
        guard let value = elements[index].supplemental[identifier] else { return false }
        return (siblings.supplemental[place]?[value.canonicalBytes()]?.count ?? 0) > 1
    }

    /// Whether an earlier value of a property has the same two supplemental properties.
    mutating func hasEarlierTwin(_ index: Int, in parent: Int, _ property: String, by one: String, _ other: String) -> Bool {
        let place = SiblingIndex.Place(parent: parent, property: property, by: one + " " + other)
        if siblings.pairs[place] == nil {
            var entries: [[UInt8]: SiblingIndex.Entry] = [:]
            for child in children(property, of: parent).sorted() {
                guard let bytes = pair(child, one, other) else { continue }
                entries[bytes, default: SiblingIndex.Entry(first: child, count: 0)].count += 1
            }
            siblings.pairs[place] = entries
        }
        guard let bytes = pair(index, one, other), let entry = siblings.pairs[place]?[bytes] else { return false }
        return entry.first < index
    }

    private func pair(_ index: Int, _ one: String, _ other: String) -> [UInt8]? {
        let values = elements[index].supplemental
        guard let first = values[one], let second = values[other] else { return nil }
        return JSONTree.array([first, second]).canonicalBytes()
    }
}
