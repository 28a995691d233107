/// How much patience there is with an export before something counts as a gap. All in microseconds.
package struct GapSettings: Equatable, Sendable {
    /// How long an event may be under way, and how long a window has to be open, before it is a gap: IoT Central takes up to 60 s and sends in batches.
    /// A destination that gets a file a minute (blob storage) needs 60 s more.
    package var grace: Int64 = 120_000_000
    /// For how long the service tries a destination again before it gives up: IoT Central's 15 minutes. A trouble that is over by then is no gap.
    package var retryLimit: Int64 = 900_000_000
    /// From how long on a bound source's silence is a gap.
    package var silenceLimit: Int64 = 900_000_000

    /// The settings as above.
    package init() {}
}
