import JSON

/// What became of one case.
struct CaseOutcome {
    /// How error ids compare with those that a case names.
    enum ErrorIDs {
        /// The case names none.
        case notNamed
        /// The same ones.
        case equal
        /// Some of them, and no other.
        case among
        /// Others.
        case other
    }

    let name: String
    /// What `--verdicts` prints.
    let verdict: JSONTree
    /// How the verdict differs from the expected one; nil where it does not.
    var mismatch: String?
    var errorIDs = ErrorIDs.notNamed

    /// Makes other error ids than the case names a mismatch.
    mutating func judgeErrorIDs() {
        guard mismatch == nil, errorIDs == .among || errorIDs == .other else { return }
        mismatch = "the error ids are not those that the case names"
    }
}

/// Counts outcomes.
struct Tally {
    private(set) var passed = 0
    private(set) var failed = 0
    /// Cases that name error ids, those whose ids are the same, and those whose ids are the same or fewer.
    private(set) var named = 0
    private(set) var equal = 0
    private(set) var among = 0

    mutating func add(_ outcome: CaseOutcome) {
        if outcome.mismatch == nil { passed += 1 } else { failed += 1 }
        if outcome.errorIDs != .notNamed { named += 1 }
        if outcome.errorIDs == .equal { equal += 1 }
        if outcome.errorIDs == .equal || outcome.errorIDs == .among { among += 1 }
    }
}
