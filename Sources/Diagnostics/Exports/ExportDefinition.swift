/// An export as its service describes it (IoT Central REST API 2022-10-31-preview, `Export`).
package struct ExportDefinition: Equatable, Sendable {
    /// One destination of an export.
    package struct Target: Equatable, Sendable {
        /// The destination's id.
        package var destinationID: String
        /// Whether a transform reshapes what is sent there; it may also drop or multiply messages.
        package var hasTransform: Bool

        /// Takes both.
        package init(destinationID: String, hasTransform: Bool = false) {
            self.destinationID = destinationID
            self.hasTransform = hasTransform
        }
    }

    /// The export's id.
    package var exportID: String
    /// What people call it.
    package var displayName: String
    /// Whether it is on.
    package var isEnabled: Bool
    /// What it sends.
    package var source: ExportSource
    /// Which of it, as the service writes it (`SELECT * FROM … WHERE …`); empty for everything.
    package var filter: String
    /// The keys of what it adds to each message.
    package var enrichmentKeys: [String]
    /// Where it sends to.
    package var targets: [Target]
    /// The service's word on how it is: an open text, such as `healthy`; empty where unknown.
    package var status: String
    /// What the service holds against it.
    package var errors: [ExportFault]
    /// When it last sent something, by the service.
    package var lastExportTime: Timestamp?

    /// Takes what there is to say.
    package init(
        exportID: String, displayName: String = "", isEnabled: Bool = true, source: ExportSource = .telemetry, filter: String = "",
        enrichmentKeys: [String] = [], targets: [Target] = [], status: String = "", errors: [ExportFault] = [], lastExportTime: Timestamp? = nil
    ) {
        self.exportID = exportID
        self.displayName = displayName
        self.isEnabled = isEnabled
        self.source = source
        self.filter = filter
        self.enrichmentKeys = enrichmentKeys
        self.targets = targets
        self.status = status
        self.errors = errors
        self.lastExportTime = lastExportTime
    }
}

/// What a service holds against an export or a destination.
package struct ExportFault: Equatable, Sendable {
    /// The service's code: an open text.
    package var code: String
    /// In words.
    package var message: String

    /// Takes both.
    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}
