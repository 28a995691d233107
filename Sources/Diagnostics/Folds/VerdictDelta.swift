/// Verdicts on the events of one device, or of one tenant, in one UTC hour: the change to a row of `verdict_hour`, or of `source_verdict_hour`.
package struct VerdictDelta: Equatable, Sendable {
    /// Events that were judged, those that no decoder understands among them.
    package var messages: Int64 = 0
    /// Events with a finding of severity error.
    package var failed: Int64 = 0
    /// Events with a warning and no error.
    package var warned: Int64 = 0
    /// Events that are not JSON.
    package var malformed: Int64 = 0

    /// Nothing judged.
    package init() {}

    /// Takes the verdict on one event in.
    mutating func add(worst: Severity?, isMalformed: Bool) {
        messages += 1
        failed += worst == .error ? 1 : 0
        warned += worst == .warning ? 1 : 0
        malformed += isMalformed ? 1 : 0
    }

    /// Adds what somebody else saw, as the tables do it.
    package mutating func merge(_ other: VerdictDelta) {
        messages += other.messages
        failed += other.failed
        warned += other.warned
        malformed += other.malformed
    }
}
