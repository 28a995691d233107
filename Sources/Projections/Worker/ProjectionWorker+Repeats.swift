import Diagnostics
import EventLog
import Postgres

/// What a batch may repeat.
extension ProjectionWorker {
    /// The window over the events before the next batch of device states.
    ///
    /// It is taken out of what is held, so that a batch that fails leaves none behind: the next one reads those events again, as the first one after a source
    /// was claimed does. So a fold that starts in the middle counts what one from the beginning counts.
    mutating func takeRepeats(_ source: Int32, _ group: [Int], _ log: LogSource) throws(ProjectionError) -> RepeatWindow {
        for index in group where held[source]?.checkpoints[index].checkpoint.key.projection == .device {
            if let window = held[source]?.checkpoints[index].repeats.take() { return window }
            guard let next = held[source]?.checkpoints[index].checkpoint.nextOffset else { break }
            return try Self.window(log, before: next, fold: &batchFold, on: &connection)
        }
        return RepeatWindow()
    }

    private static func window(
        _ log: LogSource, before end: Int64, fold: inout BatchFold, on connection: inout Connection
    ) throws(ProjectionError) -> RepeatWindow {
        var window = RepeatWindow()
        let start = RepeatWindow.start(before: end)
        guard start < end else { return window }
        do throws(PostgresError) {
            // Offsets are not dense: the read may go on behind the end, and finds what the batch will read anyway.
            _ = try LogReader().read(source: log.sourceID, from: start, limit: Int(end - start), on: &connection) { event in
                if event.offset < end { fold.remember(event, settings: log.settings, in: &window) }
            }
        } catch {
            throw ProjectionError(error)
        }
        return window
    }
}
