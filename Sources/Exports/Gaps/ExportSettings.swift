package import Diagnostics

/// How gaps are looked for.
package struct ExportSettings: Sendable {
    /// How much patience there is with an export.
    package var gaps = GapSettings()
    /// For how many days the service keeps messages itself, so that they can be had from its history.
    package var retentionDays = 7
    /// How long the work stays with a process that is not heard of.
    package var lease: Duration = .seconds(30)
    /// How long a process waits before it looks again.
    package var interval: Duration = .seconds(5)
    /// How many of the log's offsets are counted before the counts are stored: what is done again after a kill.
    package var offsetsPerCommit: Int64 = 200_000
    /// How many of the log's offsets a pass counts before it looks at the evidence again.
    package var offsetsPerPass: Int64 = 2_000_000
    /// From how many of the log's offsets on, of those that a gap has to count, whole hours are counted from hourly traffic instead; nil for never.
    package var offsetsForTallies: Int64? = 500_000
    /// What time it is; nil for the database's clock. For a story that is told faster than it happened.
    package var now: Timestamp?

    /// The defaults.
    package init() {}
}
