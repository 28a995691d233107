/// How projections are run. Nothing in here changes what they say: that is stored with the generation.
package struct ProjectionSettings: Hashable, Sendable {
    /// How many threads of this process project, each with a connection of its own. Zero runs none and only refreshes the snapshot.
    package var workers = 2
    /// The most events of one transaction.
    package var batchRows = 5000
    /// How long a source stays with a worker that is not heard of: the time until another one takes over from a killed process.
    package var lease: Duration = .seconds(10)
    /// How often leases are renewed and shared out again, if a quarter of the lease is not sooner.
    package var heartbeatInterval: Duration = .seconds(1)
    /// How long an idle worker waits before it looks by itself; a notification ends the wait.
    package var pollInterval: Duration = .milliseconds(200)
    /// How often the counts over the whole fleet are made anew; zero is never.
    package var snapshotInterval: Duration = .seconds(5)
    /// What `projection_progress` shows as owner, with a number per worker behind it. Need not be unique.
    package var ownerName = "project"

    /// The defaults.
    package init() {}
}

extension ProjectionSettings {
    /// How often a worker renews its leases and says that it is there: well within the lease, and no more than about once a second.
    var heartbeat: Duration { min(heartbeatInterval, lease / 4) }

    /// How much earlier than on the database's clock a lease ends for its holder.
    var leaseMargin: Duration { lease / 5 }
}

extension Duration {
    /// The duration in seconds, for the server's `make_interval`.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
