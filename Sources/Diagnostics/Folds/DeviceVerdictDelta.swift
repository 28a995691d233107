/// The last judgement on a device as a whole, and its sums: the change to a row of `device_verdict`.
package struct DeviceVerdictDelta: Equatable, Sendable {
    /// The template version that last applied, 0 for none; nil while only bytes that no decoder understands were seen.
    package var templateVersionKey: LastWriter<Int32>?
    /// Events that were judged, those that no decoder understands among them.
    package var messages: Int64 = 0
    /// Events with a finding of severity error.
    package var failed: Int64 = 0

    /// Takes the verdict on one event in.
    mutating func add(template: Int32, time: Timestamp, offset: Int64, isFailed: Bool, isJudged: Bool) {
        messages += 1
        failed += isFailed ? 1 : 0
        // Bytes that no decoder understands say nothing about the template that applies.
        if isJudged { LastWriter.merge(&templateVersionKey, LastWriter(value: template, time: time, offset: offset)) }
    }
}
