import Diagnostics
import Exports
import Ingest
import Projections

extension Settings {
    /// How ingest runs under these settings.
    ///
    /// - Throws: where no topic is named.
    func ingestSettings() throws(OperatorError) -> IngestSettings {
        guard !ingest.topics.isEmpty else {
            throw OperatorError(
                .usage,
                "ingest.topics is empty, so there is nothing to read; name topics (\(SettingKey.ingestTopics.environmentName)=telemetry,lifecycle=tenant-7)."
            )
        }
        var settings = IngestSettings(topics: ingest.topics, assignment: .group(id: kafka.groupID), owner: ingest.owner)
        settings.batchRows = ingest.batchRows
        settings.batchBytes = ingest.batchBytes
        settings.linger = ingest.linger
        settings.memoryBytes = ingest.memoryBytes
        return settings
    }

    /// How projections run under these settings.
    var projectionSettings: ProjectionSettings {
        var settings = ProjectionSettings()
        settings.workers = project.workers
        settings.batchRows = project.batchRows
        settings.lease = project.lease
        settings.snapshotInterval = project.snapshot
        return settings
    }

    /// How gaps are looked for under these settings.
    var exportSettings: ExportSettings {
        var settings = ExportSettings()
        settings.gaps.grace = exports.grace.components.seconds * 1_000_000
        settings.retentionDays = exports.retentionDays
        settings.interval = project.snapshot
        settings.lease = max(project.lease, .seconds(30))
        return settings
    }
}
