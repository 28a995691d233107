/// Decides what becomes of a record by its offset alone. Pure: one per source.
///
/// Offsets rise, but not by one: transactions leave markers and compaction leaves gaps. A jump may also be a client that lost records on the way
/// (librdkafka before 2.1 could). So a jump is believed only when reading again from the expected offset gives the same record; after some such proofs the
/// source is taken for one whose offsets jump, and its jumps are believed at once.
struct OffsetGate: Equatable, Sendable {
    /// What to do with a record.
    enum Decision: Equatable, Sendable {
        /// It is the next one.
        case take
        /// It is the next one, after offsets that hold nothing.
        case takeAfterJump
        /// The log should hold it already: compare.
        case compare
        /// Read again from this offset; what comes until then is void.
        case seek(to: Int64)
    }

    /// How many jumps have to prove true before they are believed.
    static let proofs = 8

    /// The offset that comes next.
    private(set) var expected: Int64
    private var soughtFrom: Int64?
    private var provenJumps = 0

    /// Whether a jump waits for its proof: until then, what the broker says about the end of the partition may be about what was not read.
    var isSeeking: Bool { soughtFrom != nil }

    /// Whether the source's jumps proved real so often that they are its way.
    var isJumpy: Bool { provenJumps >= Self.proofs }

    init(expected: Int64) { self.expected = expected }

    /// Judges a record's offset; what it says to take counts as taken.
    mutating func admit(_ offset: Int64) -> Decision {
        if offset < expected { return .compare }
        if offset > expected {
            let isProven = soughtFrom == expected
            guard isProven || provenJumps >= Self.proofs else {
                soughtFrom = expected
                return .seek(to: expected)
            }
            if isProven { provenJumps += 1 }
            soughtFrom = nil
            expected = offset + 1
            return .takeAfterJump
        }
        soughtFrom = nil
        expected = offset + 1
        return .take
    }

    /// Goes on after offsets that hold nothing: the end of the partition, or a hole.
    mutating func pass(to offset: Int64) {
        if offset > expected { expected = offset }
        soughtFrom = nil
    }

    /// Starts again where the log ends, after an append failed.
    mutating func rewind(to offset: Int64) {
        expected = offset
        soughtFrom = nil
    }
}
