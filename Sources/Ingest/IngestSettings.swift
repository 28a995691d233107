package import Diagnostics
package import Kafka

/// How ingest runs: what it reads, and how much it gathers before it writes.
package struct IngestSettings: Sendable {
    /// Which partitions a process reads.
    package enum Assignment: Equatable, Sendable {
        /// The consumer group's coordinator deals the topics' partitions out among the members.
        case group(id: String)
        /// These, whoever else reads them. A second reader is fenced off by the log, and ends.
        case fixed([TopicPartition])
    }

    /// The topics and what is known of their records.
    package var topics: [String: SourceSettings]
    package var assignment: Assignment
    /// The cluster's name in the log, in place of the id that brokers report. For a broker whose id does not change from life to life.
    package var cluster: String?
    /// Who owns the sources, as `ingest_progress` shows it.
    package var owner: String
    /// Records per append at most. More per transaction is faster, and more to repeat after a failure.
    package var batchRows = 5000
    /// Bytes per append at most.
    package var batchBytes = 4 << 20
    /// How long a record waits for company.
    package var linger: Duration = .milliseconds(50)
    /// Bytes of all batches under way at most; the largest is written out when they are more.
    package var memoryBytes = 16 << 20
    /// Whether to end when every partition was read to its end.
    package var endsAtPartitionEnd = false

    /// Settings with the defaults that each property names.
    package init(topics: [String: SourceSettings], assignment: Assignment, owner: String) {
        self.topics = topics
        self.assignment = assignment
        self.owner = owner
    }
}
