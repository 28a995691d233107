package import Diagnostics
package import Postgres

/// A source as the log knows it: what it is, what its settings say, and how far it goes.
package struct LogSource: Equatable, Sendable {
    /// Where a source's records come from.
    package enum Kind: String, Sendable {
        /// A partition of a topic.
        case kafka
        /// A capture file.
        case capture
    }

    /// The source's number.
    package let sourceID: Int32
    package let kind: Kind
    /// The Kafka cluster's id; of a capture, empty.
    package let cluster: String
    /// The topic; of a capture, its name.
    package let topic: String
    package let partition: Int32
    /// Which life of the topic: a recreated one is a new source.
    package let life: Int32
    /// What the topic's settings said when the source was opened.
    package let settings: SourceSettings
    /// The first offset that the log does not hold.
    package let nextOffset: Int64
    /// The broker's end as last seen.
    package let endOffset: Int64?
    /// Who writes it now, as far as was said.
    package let owner: String?
    /// Whether another life has begun, or the embedded broker that it was in is gone.
    package let isEnded: Bool
}

/// What names a source: the arguments of opening it.
package struct SourceIdentity: Hashable, Sendable {
    package let kind: LogSource.Kind
    package let cluster: String
    package let topic: String
    package let partition: Int32

    package init(kind: LogSource.Kind, cluster: String, topic: String, partition: Int32) {
        self.kind = kind
        self.cluster = cluster
        self.topic = topic
        self.partition = partition
    }
}

/// Opening and listing sources.
package enum LogSources {
    /// Every source, ended ones too, in the order in which they were opened.
    package static func all(on connection: inout Connection) throws(PostgresError) -> [LogSource] {
        try connection.query(SelectSources())
    }

    /// Finds the current life of a source or opens its first one, and says its number.
    ///
    /// - Throws: a server error that says so when the settings differ from those of the opening.
    package static func open(_ identity: SourceIdentity, settings: SourceSettings, on connection: inout Connection) throws(PostgresError) -> Int32 {
        guard let row = try connection.queryOne(OpenSource(identity: identity, settings: settings)) else {
            throw PostgresError(.unexpectedValue, "opening a source returned no row, expected its number")
        }
        return row
    }

    /// Whether ``open(_:settings:on:)`` failed because the source was opened with other settings; message and hint then say which, and what to do.
    package static func isSettingsMismatch(_ error: PostgresError) -> Bool {
        error.statement == "\(OpenSource.self)" && error.sqlState == .objectNotInPrerequisiteState
    }

    /// How the name of a cluster begins that lives in this program, and of which each start is another cluster.
    package static let embeddedPrefix = "embedded-"

    /// Ends the sources of every embedded broker but one, because what those held is gone. Whoever still writes them is fenced off.
    ///
    /// - Parameter cluster: the name of the broker that runs, which begins with ``embeddedPrefix``.
    /// - Returns: how many sources were open.
    @discardableResult
    package static func endEmbedded(butOf cluster: String, on connection: inout Connection) throws(PostgresError) -> Int64 {
        try connection.queryOne(EndEmbeddedSources(cluster: cluster)) ?? 0
    }

    /// Ends a source's life and opens the next one, which begins at offset 0. Whoever still writes the old one is fenced off.
    package static func startNewLife(of source: Int32, on connection: inout Connection) throws(PostgresError) -> Int32 {
        guard let row = try connection.queryOne(StartNewLife(source: source)) else {
            throw PostgresError(.unexpectedValue, "starting a new life returned no row, expected its number")
        }
        return row
    }
}

private struct SelectSources: Statement {
    static let sql = """
        SELECT s.source_id, s.kind, s.cluster, s.topic, s.partition, s.life, s.tenant, s.envelope, c.next_offset, c.end_offset, c.owner, s.ended_at IS NOT NULL
        FROM hindcast.source s JOIN hindcast.source_cursor c USING (source_id) ORDER BY s.source_id
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> LogSource {
        guard let kind = LogSource.Kind(rawValue: try row.string(1)), let envelope = EnvelopeChoice(name: try row.string(7)) else {
            throw PostgresError(.unexpectedValue, "source \(try row.int32(0)) has a kind or an envelope that this program does not know; upgrade it")
        }
        let topic = try row.string(3)
        let settings = SourceSettings(tenant: try row.string(6), envelope: envelope, topic: kind == .kafka ? topic : "")
        return LogSource(
            sourceID: try row.int32(0), kind: kind, cluster: try row.string(2), topic: topic, partition: try row.int32(4),
            life: try row.int32(5), settings: settings, nextOffset: try row.int64(8),
            endOffset: try row.int64OrNil(9), owner: try row.stringOrNil(10), isEnded: try row.bool(11))
    }
}

private struct OpenSource: Statement {
    let identity: SourceIdentity
    let settings: SourceSettings

    static let sql = "SELECT hindcast.open_source($1, $2, $3, $4, $5, $6)"

    func bind(to parameters: inout Parameters) {
        parameters.append(identity.kind.rawValue)
        parameters.append(identity.cluster)
        parameters.append(identity.topic)
        parameters.append(identity.partition)
        parameters.append(settings.tenant)
        parameters.append(settings.envelope.name)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 { try row.int32(0) }
}

private struct EndEmbeddedSources: Statement {
    let cluster: String

    static let sql = "SELECT hindcast.end_embedded_sources($1)"

    func bind(to parameters: inout Parameters) { parameters.append(cluster) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

private struct StartNewLife: Statement {
    let source: Int32

    static let sql = "SELECT hindcast.new_source_life($1)"

    func bind(to parameters: inout Parameters) { parameters.append(source) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 { try row.int32(0) }
}
