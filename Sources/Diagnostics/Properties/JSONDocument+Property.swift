import JSON

extension JSONDocument {
    /// Whether an object is a component of a twin: it has `"__t":"c"`, or in a patch the metadata that only components have.
    func isComponent(_ node: JSONNode) -> Bool {
        if let mark = member("__t", of: node) { return equals(mark, "c") }
        return member("$metadata", of: node) != nil
    }

    /// A value without the object that some senders put around it: `{"value": …}` and nothing else. Both what is desired and what is reported may come so.
    func unwrapped(_ node: JSONNode) -> JSONNode {
        guard kind(node) == .object, count(node) == 1, let inner = member("value", of: node) else { return node }
        return inner
    }

    /// A value as canonical JSON, bounded. What is nested too deeply for that stays as it was written.
    func boundedValue(_ node: JSONNode) -> String {
        switch kind(node) {
        case .null: return "null"
        case .falseValue: return "false"
        case .trueValue: return "true"
        case .number:
            if let integer = integer(node) { return String(integer) }
        case .string, .array, .object: break
        }
        let text: String
        do throws(JSONSyntaxError) {
            text = String(decoding: try JSONTree.parse(source(node)).canonicalBytes(), as: UTF8.self)
        } catch {
            var bytes: [UInt8] = []
            source(node).append(to: &bytes)
            text = String(decoding: bytes, as: UTF8.self)
        }
        return BoundedText.bound(text, limit: PropertyValue.textLimit)
    }

    /// What a twin's metadata says of one property: the version of the section and the time at which it was last set. A version beyond the section's is
    /// none, and so is a time that has not been set or lies after the event by more than clocks differ.
    func change(_ metadata: JSONNode, of section: Int64?, before time: Timestamp) -> (version: Int64?, time: Timestamp?) {
        let version = member("$lastUpdatedVersion", of: metadata).flatMap { integer($0) }
        let updated = member("$lastUpdated", of: metadata).flatMap { timestamp($0) }
        let isPlausible = updated.map { !$0.isUnset && $0.microseconds <= time.microseconds + Timestamp.microsecondsPerDay } ?? false
        return (version.flatMap { $0 <= section ?? .max ? $0 : nil }, isPlausible ? updated : nil)
    }
}
