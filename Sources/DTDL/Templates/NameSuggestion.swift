/// What an undefined name was probably meant to be.
public struct NameSuggestion: Sendable, Equatable {
    /// Why the name is suggested.
    public enum Reason: String, Sendable {
        /// The same letters, in another case.
        case differsInCase = "differs-in-case"
        /// A few edits away: at most two, or a third of the length.
        case similar
        /// Defined under the very same name in another component or module.
        case otherComponent = "other-component"
    }

    /// The defined name.
    public let name: String
    /// Why.
    public let reason: Reason
    /// The number of the component that defines it.
    public let component: Int
}

extension CompiledTemplate {
    /// The defined name nearest to an undefined one: the same in another case, else the least edits, else the same name in another component.
    ///
    /// It looks at every name of the component, so ask once for each distinct name. Names longer than 256 bytes get no suggestion.
    public func suggestion(for name: String, inComponent component: Int) -> NameSuggestion? {
        let wanted = Array(name.utf8)
        guard !wanted.isEmpty, wanted.count <= 256 else { return nil }
        let lowered = wanted.map(Self.lowercased)
        var nearest: (name: String, distance: Int)?
        for index in components[component].capabilities {
            let candidate = Array(capabilities[index].name.utf8)
            let loweredCandidate = candidate.map(Self.lowercased)
            if loweredCandidate == lowered, candidate != wanted {
                return NameSuggestion(name: capabilities[index].name, reason: .differsInCase, component: component)
            }
            let allowed = max(2, max(wanted.count, candidate.count) / 3)
            // Below three letters two edits make any name of any other.
            guard wanted.count > 2, candidate.count > 2, abs(wanted.count - candidate.count) <= allowed, candidate.count <= 256 else { continue }
            let distance = Self.editDistance(lowered, loweredCandidate)
            if distance <= allowed, distance < nearest?.distance ?? Int.max { nearest = (capabilities[index].name, distance) }
        }
        if let nearest { return NameSuggestion(name: nearest.name, reason: .similar, component: component) }
        for other in components.indices where other != component {
            if names.find(wanted.span, scope: components[other].scope) != nil {
                return NameSuggestion(name: name, reason: .otherComponent, component: other)
            }
        }
        return nil
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    /// Levenshtein's distance over bytes, one row at a time.
    static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let substitution = diagonal + (byte == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substitution, min(row[j], row[j + 1]) + 1)
            }
        }
        return row[right.count]
    }
}
