extension JSONDocument {
    /// The value of a number that is written as an integer, `-?[0-9]+`, and fits into 64 bits; else nil, also for `1.0` and `1e2`. `-0` is 0.
    public func integer(_ node: JSONNode) -> Int64? {
        let entry = entry(node)
        guard entry.kind == .number, !entry.isFlagged else { return nil }
        return JSONNumber.integer(JSONBytes(text(node)))
    }

    /// The closest IEEE 754 binary64 to a number; nil for anything else and for a number beyond the largest finite one.
    public func double(_ node: JSONNode) -> Double? {
        kind(node) == .number ? JSONNumber.double(JSONBytes(text(node))) : nil
    }
}
