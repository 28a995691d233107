package import Diagnostics
package import EventLog
import Hashing
package import Postgres

/// A stretch of the log folded for some generations, and kept apart from their tables: what a replay does with a chunk.
///
/// It is the live workers' own fold; only where its changes go differs, since chunks of one source are folded at the same time.
package struct ChunkFold: ~Copyable {
    private var fold = BatchFold()
    private var rows = CopyBuffer(capacity: 64 * 1024)
    private var changes = BatchChanges()

    /// Starts with nothing folded.
    ///
    /// - Parameter alteration: see `BatchFold.alteration`; for tests alone.
    package init(alteration: (@Sendable (inout [Finding], Int64) -> Void)? = nil) { fold.alteration = alteration }

    /// Makes the temporary tables that changes go through: once per session.
    package static func prepare(_ connection: inout Connection) throws(PostgresError) {
        try connection.execute(script: FindingFold.partialTables.map(\.definition.description).joined(separator: ";\n"))
    }

    /// Folds a range of offsets of a source, and forgets what was folded before.
    ///
    /// - Parameters:
    ///   - devices: only events that the log has under these devices; every event where nil.
    ///   - contexts: what each generation judges by. They remember answers, so they are lent and come back.
    /// - Returns: how many events were folded.
    package mutating func fold(
        _ source: LogSource, range: Range<Int64>, devices: [Int32]?, by contexts: inout [GenerationContext], on connection: inout Connection
    ) throws(PostgresError) -> Int {
        changes = BatchChanges()
        changes.judgements = contexts.map { BatchChanges.Judgement(context: $0, fold: FindingFold(source: source.sourceID)) }
        contexts = []
        while true {
            let count = try LogReader().copy(source: source.sourceID, range: range, devices: devices, on: &connection) { event in
                fold.apply(event, settings: source.settings, to: &changes)
            }
            if fold.unnumbered.isEmpty {
                contexts = changes.judgements.map(\.context)
                return count
            }
            // Events that another decoder indexed may name devices that have no number yet.
            _ = try fold.devices.resolve(fold.unnumbered, on: &connection)
            fold.unnumbered = []
            changes.reset()
        }
    }

    /// The exact set of what was found for a generation.
    package func digest(generation: Int32) -> FindingDigest {
        var digest = FindingDigest()
        for judgement in changes.judgements where judgement.context.generation == generation {
            for delta in judgement.fold.findings.values { digest += delta.digest }
        }
        return digest
    }

    /// Writes what was folded as rows of a chunk, in the transaction that marks it done.
    package mutating func write(run: Int32, chunk: Int32, source: Int32, on connection: inout Connection) throws(PostgresError) {
        for (index, judgement) in changes.judgements.enumerated() {
            if index > 0 { try connection.execute(script: DeltaTable.clearingFindings) }
            let place = PartialPlace(run: run, chunk: chunk, generation: judgement.context.generation, source: source)
            try judgement.fold.write(as: place, rows: &rows, on: &connection)
        }
    }
}
